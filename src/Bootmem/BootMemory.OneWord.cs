using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for ranges that lie in a plain node, and their pages in one word of its map: none of the kernel's tests
/// can fail then, but the one for a free of a free page. All else is left to the long way.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryReserveInWord(in BootmemNode target, ulong address, ulong size)
    {
        ulong first = address - target.BootStart;
        ulong last = first + size - 1;
        if (first > last || last >= target.PlainSize)
        {
            return false;
        }

        first >>= Word.PageShift;
        last >>= Word.PageShift;
        if ((first ^ last) >= 64)
        {
            return false;
        }

        target.Map.Words[first >> 6] |= WordBits.Mask(first, last);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Outcome FreeInWord(ref BootmemNode target, ulong address, ulong size)
    {
        ulong first = address - target.BootStart;
        ulong end = first + size;
        if (first >= end || end > target.PlainSize)
        {
            return Outcome.NotKnown;
        }

        // Whole pages alone; where there is none, nothing is freed.
        first = (first + Word.PageSize - 1) >> Word.PageShift;
        end >>= Word.PageShift;
        if (first < end)
        {
            ulong last = end - 1;
            if ((first ^ last) >= 64)
            {
                return Outcome.NotKnown;
            }

            ulong mask = WordBits.Mask(first, last);
            ulong* word = target.Map.Words + (first >> 6);
            if ((~*word & mask) != 0)
            {
                return Outcome.Fault;
            }

            *word ^= mask;
        }

        if (address < target.LastSuccess)
        {
            target.LastSuccess = address;
        }

        return Outcome.Done;
    }

    // What is left to do where a page is free already.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool FailFree(Call call, int node, ulong address, ulong size, out Fault fault)
    {
        ref BootmemNode target = ref _nodes[node];
        ulong first = (address - target.BootStart + Word.PageSize - 1) >> Word.PageShift;
        ulong free = ~target.Map.Words[first >> 6] & (ulong.MaxValue << (int)(first & 63));
        ulong pfn = (target.BootStart >> Word.PageShift) + (first & ~63UL) + (ulong)Bits.LowestSet(free);
        return Fail(call, node, pfn, address, size, FaultKind.Bug, FaultReason.FreeOfFreePage, out fault);
    }

    // The first page that a search comes to, and those behind it, if they are enough.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryTakeInWord(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        Unsafe.SkipInit(out address);
        ulong alignMask = request.Align - 1;
        if (!request.IsPlain || (target.BootStart & alignMask) != 0)
        {
            return false;
        }

        ulong preferred = PreferredIn(target, request, target.PlainSize);
        if (preferred >= target.PlainSize)
        {
            return false;
        }

        ulong end = target.PlainSize >> Word.PageShift;
        ulong start = preferred >> Word.PageShift;
        ulong* words = target.Map.Words;
        ulong free = ~words[start >> 6] & (ulong.MaxValue << (int)(start & 63));
        for (start &= ~63UL; free == 0; free = ~words[start >> 6])
        {
            start += 64;
            if (start >= end)
            {
                return false;
            }
        }

        ulong stepMask = alignMask >> Word.PageShift;
        start = (start + (ulong)Bits.LowestSet(free) + stepMask) & ~stepMask;
        ulong last = start + ((request.Size + Word.PageSize - 1) >> Word.PageShift) - 1;
        if (last >= end || (start ^ last) >= 64)
        {
            return false;
        }

        ulong bits = words[start >> 6];
        if ((bits & WordBits.Mask(start, last)) != 0)
        {
            return false;
        }

        last = Keep(ref target, request, start, out address);
        if (last >= start)
        {
            words[start >> 6] = bits | WordBits.Mask(start, last);
        }

        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, request.Size);
        }

        return true;
    }

    // Where the search begins, in bytes from the start of a node that does not spoil the alignment: a goal in the node
    // is raised to last_success.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PreferredIn(in BootmemNode target, in AllocationRequest request, ulong size)
    {
        ulong goal = request.Goal - target.BootStart;
        bool isInNode = request.Goal != 0 && goal < size;
        ulong preferred = isInNode ? goal > target.LastSuccess ? goal : target.LastSuccess : 0;
        return (preferred + request.Align - 1) & ~(request.Align - 1);
    }

    // Notes an allocation that the search found a place for, which may begin in the page before. Gives the page where
    // it ends, and with it what is to be reserved.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Keep(
        ref BootmemNode target, in AllocationRequest request, ulong start, out ulong address)
    {
        ulong begin = start << Word.PageShift;
        target.LastSuccess = Word.Wrap(begin);
        if (request.Align < Word.PageSize && target.LastOffset != 0 && target.LastPos + 1 == start)
        {
            begin = (target.LastPos << Word.PageShift)
                + ((target.LastOffset + request.Align - 1) & ~(request.Align - 1));
        }

        ulong end = begin + request.Size;
        ulong last = (end - 1) >> Word.PageShift;
        target.LastPos = last;
        target.LastOffset = end & (Word.PageSize - 1);
        address = Word.Add(begin, target.BootStart);
        return last;
    }
}
