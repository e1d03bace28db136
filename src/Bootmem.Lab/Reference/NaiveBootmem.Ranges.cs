using System.Globalization;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Reference;

/// <content>Ranges, and the handover.</content>
public sealed partial class NaiveBootmem
{
    private ScriptOutcome Reserve(NaiveNode node, ulong addr, ulong size)
    {
        ulong sidx = Wrap(addr - node.BootStart) / _page;
        ulong eidx = PagesOf(addr + size - node.BootStart);
        ulong end = PagesOf(addr + size);
        if (size == 0 || sidx >= eidx || (addr >> _shift) >= node.LowPfn || end > node.LowPfn)
        {
            return Bug();
        }

        if (!node.HasMap || !node.Holds(eidx - 1))
        {
            return Undefined();
        }

        for (ulong i = sidx; i < eidx; i++)
        {
            if (_options.SaysReservedTwice && node.IsSet(i))
            {
                string at = Wrap(i * _page).ToString("x8", CultureInfo.InvariantCulture);
                Print?.Invoke($"hm, page {at} reserved twice.\n");
            }

            node.Set(i);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Ok);
    }

    private ScriptOutcome Free(NaiveNode node, ulong addr, ulong size)
    {
        ulong eidx = Wrap(addr + size - node.BootStart) / _page;
        ulong end = Wrap(addr + size) / _page;
        if (size == 0 || end > node.LowPfn)
        {
            return Bug();
        }

        if (addr < node.LastSuccess)
        {
            node.LastSuccess = addr;
        }

        for (ulong i = Wrap(PagesOf(addr) - (node.BootStart / _page)); i < eidx; i++)
        {
            if (!node.HasMap || !node.Holds(i))
            {
                return Undefined();
            }

            if (!node.IsSet(i))
            {
                return Bug();
            }

            node.Clear(i);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Ok);
    }

    private ScriptOutcome HandOver(NaiveNode node)
    {
        if (!node.HasMap)
        {
            return Bug();
        }

        ulong first = node.BootStart >> _shift;
        ulong n = Wrap(node.LowPfn - first);

        // Only where the node's first page number wrapped: whole words would be read that are not the map's.
        if (n > node.BitCount)
        {
            return Undefined();
        }

        ulong width = (ulong)_options.Bits;
        bool isFast = node.BootStart == 0 || FirstSet((uint)node.BootStart) - _shift > FirstSet((uint)width);
        ulong pages = 0;
        for (ulong i = 0; i < n; i += width)
        {
            bool isAllFree = isFast;
            for (ulong k = i; k < i + width && isAllFree; k++)
            {
                isAllFree = !node.IsSet(k);
            }

            if (isAllFree)
            {
                Take?.Invoke(Wrap(first + i), width == 32 ? 5 : 6);
                pages += width;
                continue;
            }

            for (ulong k = i; k < i + width && k < n; k++)
            {
                if (!node.IsSet(k))
                {
                    Take?.Invoke(Wrap(first + k), 0);
                    pages++;
                }
            }
        }

        ulong mapPages = PagesOf(n / 8);
        for (ulong k = 0; k < mapPages; k++)
        {
            Take?.Invoke(Wrap(node.MapPfn + k), 0);
        }

        node.HasMap = false;
        return Number(Wrap(pages + mapPages));
    }

    // 1-based index of the lowest set bit; 0 if there is none.
    private static int FirstSet(uint x)
    {
        for (int i = 0; i < 32; i++)
        {
            if (((x >> i) & 1) != 0)
            {
                return i + 1;
            }
        }

        return 0;
    }
}
