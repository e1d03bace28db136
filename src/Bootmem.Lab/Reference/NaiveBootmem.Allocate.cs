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

        return new ScriptOutcome(ScriptOutcomeKind.Panic);
    }

    // Null: the node gives nothing.
    private ScriptOutcome? Core(NaiveNode node, ulong size, ulong align, ulong goal, ulong limit)
    {
        if (size == 0 || (align & Wrap(align - 1)) != 0)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Bug);
        }

        ulong endPfn = node.LowPfn;
        if (_hasLimit)
        {
            if (limit != 0 && node.BootStart >= limit)
            {
                return null;
            }

            limit >>= _shift;
            endPfn = limit != 0 ? Math.Min(limit, endPfn) : endPfn;
        }

        ulong eidx = Wrap(endPfn - (node.BootStart >> _shift));
        ulong offset = 0;
        if (align != 0 && (node.BootStart & (align - 1)) != 0)
        {
            offset = (align - (node.BootStart & (align - 1))) >> _shift;
        }

        ulong preferred = 0;
        if (goal != 0 && goal >= node.BootStart && (goal >> _shift) < endPfn)
        {
            preferred = goal - node.BootStart;
            bool isRaised = node.LastSuccess >= preferred && (!_hasLimit || limit == 0 || limit > node.LastSuccess);
            preferred = isRaised ? node.LastSuccess : preferred;
        }

        preferred = Wrap((Up(preferred, align) >> _shift) + offset);
        ulong area = Wrap(size + _page - 1) / _page;
        ulong incr = Math.Max(align >> _shift, 1);
        if (node.IsListed && !node.HasMap && offset < eidx)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Undefined);
        }

        ulong start = Scan(node, preferred, eidx, area, incr);
        if (start == Nothing && preferred > offset)
        {
            start = Scan(node, offset, eidx, area, incr);
        }

        return start == Nothing ? null
            : start >= eidx ? new ScriptOutcome(ScriptOutcomeKind.Bug)
            : Take(node, start, size, align, area);
    }

    private ulong Scan(NaiveNode node, ulong from, ulong eidx, ulong area, ulong incr)
    {
        ulong i = from;
        while (i < eidx)
        {
            ulong begun = i;
            i = Up(FindZero(node, i, eidx), incr);
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
                ulong j = i + 1;
                while (j < i + area && j < eidx && !node.IsSet(j))
                {
                    j++;
                }

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

    private ulong FindZero(NaiveNode node, ulong from, ulong eidx)
    {
        ulong unit = _header.Search switch
        {
            SearchKind.X86 => (ulong)_header.Bits,
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

        return _header.Search == SearchKind.X86 ? end : eidx;
    }

    private ScriptOutcome Take(NaiveNode node, ulong start, ulong size, ulong align, ulong area)
    {
        ulong address;
        node.LastSuccess = Wrap(start << _shift);
        if (align < _page && node.LastOffset != 0 && Wrap(node.LastPos + 1) == start)
        {
            ulong off = Up(node.LastOffset, align);
            ulong rem = _page - off;
            address = Wrap((node.LastPos * _page) + off + node.BootStart);
            if (size < rem)
            {
                area = 0;
                node.LastOffset = (off + size) % _page;
            }
            else
            {
                ulong rest = size - rem;
                area = Wrap(rest + _page - 1) / _page;
                node.LastPos = Wrap(start + area - 1);
                node.LastOffset = rest % _page;
            }
        }
        else
        {
            node.LastPos = Wrap(start + area - 1);
            node.LastOffset = size % _page;
            address = Wrap((start * _page) + node.BootStart);
        }

        if (start + area > node.BitCount)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Undefined);
        }

        for (ulong k = start; k < start + area; k++)
        {
            node.Set(k);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Address, address);
    }
}
