using System.Globalization;

namespace Bootmem.Tests.Reference;

/// <content>Ranges, and the hand-over.</content>
internal sealed partial class NaiveBootmem
{
    private Outcome Reserve(int number, ulong addr, ulong size)
    {
        if (number >= Nodes.Length)
        {
            return Outcome.Undefined;
        }

        NaiveNode node = Nodes[number];
        ulong sidx = Wrap(addr - node.BootStart) / _page;
        ulong eidx = Wrap(addr + size - node.BootStart + _page - 1) / _page;
        ulong end = Wrap(addr + size + _page - 1) / _page;
        if (size == 0 || sidx >= eidx || (addr >> _shift) >= node.LowPfn || end > node.LowPfn)
        {
            return Outcome.Bug;
        }

        if (node.Map is null || !node.Holds(sidx) || !node.Holds(eidx - 1))
        {
            return Outcome.Undefined;
        }

        for (ulong i = sidx; i < eidx; i++)
        {
            if (node.Map[i] && _options.SaysReservedTwice)
            {
                string at = Wrap(i * _page).ToString("x8", CultureInfo.InvariantCulture);
                Log.Append("hm, page ").Append(at).Append(" reserved twice.\n");
            }

            node.Map[i] = true;
        }

        return Outcome.Ok;
    }

    private Outcome Free(int number, ulong addr, ulong size)
    {
        if (number >= Nodes.Length)
        {
            return Outcome.Undefined;
        }

        NaiveNode node = Nodes[number];
        ulong eidx = Wrap(addr + size - node.BootStart) / _page;
        ulong end = Wrap(addr + size) / _page;
        if (size == 0 || end > node.LowPfn)
        {
            return Outcome.Bug;
        }

        if (addr < node.LastSuccess)
        {
            node.LastSuccess = addr;
        }

        ulong start = Wrap(addr + _page - 1) / _page;
        ulong sidx = Wrap(start - (node.BootStart / _page));
        for (ulong i = sidx; i < eidx; i++)
        {
            if (node.Map is null || !node.Holds(i))
            {
                return Outcome.Undefined;
            }

            if (!node.Map[i])
            {
                return Outcome.Bug;
            }

            node.Map[i] = false;
        }

        return Outcome.Ok;
    }

    private Outcome FreeAll(int number)
    {
        if (number >= Nodes.Length)
        {
            return Outcome.Undefined;
        }

        NaiveNode node = Nodes[number];
        if (node.Map is null)
        {
            return Outcome.Bug;
        }

        // Only where the node's first page number wrapped: whole words would be read that are not the map's.
        if (Wrap(node.LowPfn - (node.BootStart >> _shift)) > (ulong)node.Map.Length)
        {
            return Outcome.Undefined;
        }

        ulong width = (ulong)_options.Bits;
        ulong first = node.BootStart >> _shift;
        ulong n = Wrap(node.LowPfn - first);
        bool isFast = node.BootStart == 0
            || FirstSet((uint)node.BootStart) - _shift > FirstSet((uint)width);
        ulong pages = 0;
        for (ulong i = 0; i < n; i += width)
        {
            bool isAllZero = true;
            for (ulong k = i; k < i + width; k++)
            {
                isAllZero &= !node.IsSet(k);
            }

            if (isFast && isAllZero)
            {
                Blocks.Add(new Block(Wrap(first + i), width == 32 ? 5 : 6));
                pages += width;
                continue;
            }

            for (ulong k = i; k < i + width && k < n; k++)
            {
                if (!node.IsSet(k))
                {
                    Blocks.Add(new Block(Wrap(first + k), 0));
                    pages++;
                }
            }
        }

        ulong mapPages = Wrap((n / 8) + _page - 1) / _page;
        for (ulong k = 0; k < mapPages; k++)
        {
            Blocks.Add(new Block(Wrap(node.MapPfn + k), 0));
            pages++;
        }

        node.Map = null;
        return Outcome.Of(Wrap(pages));
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
