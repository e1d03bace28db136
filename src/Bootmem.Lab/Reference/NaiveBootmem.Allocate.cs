using System;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Reference;

/// <content>Allocation: __alloc_bootmem_core() as it reads.</content>
public sealed partial class NaiveBootmem
{
    private const ulong Nothing = ulong.MaxValue;

    private ScriptOutcome Allocate(ulong size, ulong align, ulong goal, ulong limit)
    {
        foreach (NaiveNode node in _list)
        {
            if (Core(node, size, align, goal, limit) is { } outcome)
            {
                return outcome;
            }
        }

        Print?.Invoke($"<1>bootmem alloc of {size} bytes failed!\n");
        return new ScriptOutcome(ScriptOutcomeKind.Panic);
    }

    // Null: the node gives nothing.
    private ScriptOutcome? Core(NaiveNode node, ulong size, ulong align, ulong goal, ulong limit)
    {
        if (size == 0)
        {
            Print?.Invoke("__alloc_bootmem_core(): zero-sized request\n");
            return Bug();
        }

        if ((align & Wrap(align - 1)) != 0)
        {
            return Bug();
        }

        ulong endPfn = node.LowPfn;
        if (_hasLimit)
        {
            if (limit != 0 && node.BootStart >= limit)
            {
                return null;
            }

            limit >>= _shift;
            if (limit != 0 && limit < endPfn)
            {
                endPfn = limit;
            }
        }

        ulong eidx = Wrap(endPfn - (node.BootStart >> _shift));
        ulong offset = 0;
        if (align != 0 && (node.BootStart & (align - 1)) != 0)
        {
            offset = (align - (node.BootStart & (align - 1))) >> _shift;
        }

        ulong preferred = Wrap((Up(PreferredBytes(node, goal, limit, endPfn), align) >> _shift) + offset);
        ulong area = PagesOf(size);
        ulong incr = align >> _shift;
        incr = incr == 0 ? 1 : incr;

        // The scan that begins here follows the map.
        if (!node.HasMap && (preferred < eidx || offset < eidx))
        {
            return Undefined();
        }

        ulong start = Scan(node, preferred, eidx, area, incr);
        if (start == Nothing && preferred > offset)
        {
            start = Scan(node, offset, eidx, area, incr);
        }

        return start == Nothing ? null : Place(node, start, eidx, size, align, area);
    }

    private ulong PreferredBytes(NaiveNode node, ulong goal, ulong limitPfn, ulong endPfn)
    {
        if (goal == 0 || goal < node.BootStart || (goal >> _shift) >= endPfn)
        {
            return 0;
        }

        ulong preferred = goal - node.BootStart;
        if (node.LastSuccess >= preferred)
        {
            bool isRaised = !_hasLimit || limitPfn == 0 || limitPfn > node.LastSuccess;
            preferred = isRaised ? node.LastSuccess : preferred;
        }

        return preferred;
    }

    private ulong Scan(NaiveNode node, ulong from, ulong eidx, ulong area, ulong incr)
    {
        ulong i = from;
        while (i < eidx)
        {
            ulong begun = i;
            i = FindZero(node, i, eidx);
            i = Up(i, incr);
            if (_leavesAtEnd && i >= eidx)
            {
                break;
            }

            if (node.IsSet(i))
            {
                i = Wrap(i + incr);
            }
            else
            {
                ulong j = FindSet(node, i + 1, Math.Min(i + area, eidx));
                if (j >= i + area)
                {
                    return i;
                }

                i = Wrap(Up(j, incr) + incr);
            }

            // An index that wrapped: the kernel would never come back.
            if (i <= begun)
            {
                break;
            }
        }

        return Nothing;
    }

    private static ulong FindSet(NaiveNode node, ulong from, ulong end)
    {
        ulong mapped = Math.Min(end, node.BitCount);
        ulong j = from;
        while (j < mapped && !node.IsSet(j))
        {
            j++;
        }

        // Beyond the map there is nothing but 0: no need to look at each of up to 2^58 bits.
        return j < mapped ? j : Math.Max(j, end);
    }

    private ulong FindZero(NaiveNode node, ulong from, ulong eidx)
    {
        ulong unit = _options.Search switch
        {
            SearchKind.X86 => (ulong)_options.Bits,
            SearchKind.Arm => 8,
            _ => 1,
        };
        ulong end = Up(eidx, unit);
        for (ulong k = from; k < end; k++)
        {
            if (!node.IsSet(k))
            {
                return k;
            }
        }

        return _options.Search == SearchKind.X86 ? end : eidx;
    }

    private ScriptOutcome Place(NaiveNode node, ulong start, ulong eidx, ulong size, ulong align, ulong area)
    {
        node.LastSuccess = Wrap(start << _shift);
        if (start >= eidx)
        {
            return Bug();
        }

        if (size > Wrap(0 - _page))
        {
            return Undefined();
        }

        ulong address;
        if (align < _page && node.LastOffset != 0 && Wrap(node.LastPos + 1) == start)
        {
            ulong off = Up(node.LastOffset, align);
            if (off > _page)
            {
                return Bug();
            }

            ulong rem = _page - off;
            address = Wrap((node.LastPos * _page) + off + node.BootStart);
            if (size < rem)
            {
                area = 0;
                node.LastOffset = off + size;
            }
            else
            {
                ulong rest = size - rem;
                area = PagesOf(rest);
                node.LastPos = Wrap(start + area - 1);
                node.LastOffset = rest;
            }

            node.LastOffset %= _page;
        }
        else
        {
            node.LastPos = Wrap(start + area - 1);
            node.LastOffset = size % _page;
            address = Wrap((start * _page) + node.BootStart);
        }

        if (area != 0 && !node.Holds(start + area - 1))
        {
            return Undefined();
        }

        for (ulong k = start; k < start + area; k++)
        {
            node.Set(k);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Address, address);
    }
}
