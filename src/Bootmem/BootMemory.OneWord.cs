using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// A short way for ranges that lie in an ordinary node, and their pages in one word of its map: none of the kernel's
/// tests can fail then, but for a free of a free page. All else is left to the long way.
/// </content>
public unsafe partial struct BootMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryReserveInWord(in BootmemNode target, ulong address, ulong size)
    {
        ulong first = address - target.BootStart;
        ulong last = first + size - 1;
        if (first > last || last >= target.PlainSize || Observer.Notify != null || Options.SaysReservedTwice)
        {
            return false;
        }

        first >>= Word.PageShift;
        last >>= Word.PageShift;
        ulong* words = target.Map.WordsToReserve(first);
        if (first >> 6 != last >> 6 || words == null)
        {
            return false;
        }

        words[first >> 6] |= (2UL << (int)(last & 63)) - (1UL << (int)(first & 63));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryFreeInWord(ref BootmemNode target, ulong address, ulong size)
    {
        ulong first = address - target.BootStart;
        ulong end = first + size;
        if (first >= end || end > target.PlainSize || Observer.Notify != null)
        {
            return false;
        }

        // Whole pages alone; where there is none, nothing is freed.
        first = (first + Word.PageSize - 1) >> Word.PageShift;
        end >>= Word.PageShift;
        if (first < end)
        {
            ulong last = end - 1;
            ulong mask = (2UL << (int)(last & 63)) - (1UL << (int)(first & 63));
            if (first >> 6 != last >> 6 || !target.Map.TryClearInWord(first, mask))
            {
                return false;
            }
        }

        if (address < target.LastSuccess)
        {
            target.LastSuccess = address;
        }

        return true;
    }
}
