using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// The search of __alloc_bootmem_core() (<see cref="Search"/>) in plain bits: it ends at the same place, and looks at
/// those alone that can be it or make it pass one over.
/// </content>
internal static unsafe partial class WordBits
{
    /// <summary>The first place: a free page at a multiple of the step, and free pages behind it.</summary>
    /// <param name="words">The map.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="pages">How many pages are wanted, at least 1.</param>
    /// <param name="step">The step, a power of two.</param>
    /// <param name="end">The first page that may not be taken; the map reaches at least as far.</param>
    /// <returns>The place's first page, or <see cref="Search.NotFound"/>.</returns>
    public static ulong FindPlace(ulong* words, ulong from, ulong pages, ulong step, ulong end) =>
        step == 1 && pages <= 64 ? FindRun(words, from, pages, end) : FindStep(words, from, pages, step, end);

    // In steps of one page the first run that is long enough is found, whatever is tried before: all places in a word
    // are looked at at once, with the word behind it.
    private static ulong FindRun(ulong* words, ulong from, ulong pages, ulong end)
    {
        if (from >= end)
        {
            return Search.NotFound;
        }

        ulong word = from >> 6;
        ulong last = (end - 1) >> 6;
        ulong free = ~words[word] & (ulong.MaxValue << (int)(from & 63));
        while (true)
        {
            ulong behind = word < last ? ~words[word + 1] : 0;
            ulong places = free == 0 ? 0 : PlacesIn(free, behind, pages);
            if (places != 0)
            {
                ulong place = (word << 6) + (ulong)Bits.LowestSet(places);
                return place < end && pages <= end - place ? place : Search.NotFound;
            }

            if (word == last)
            {
                return Search.NotFound;
            }

            word++;
            free = behind;
        }
    }

    // The pages of a word from which on so many are free, 1 .. 64: shifted onto themselves in steps that double.
    private static ulong PlacesIn(ulong free, ulong behind, ulong pages)
    {
        ulong have = 1;
        while (have < pages)
        {
            ulong more = have < pages - have ? have : pages - have;
            free &= (free >> (int)more) | (behind << (int)(64 - more));
            behind &= behind >> (int)more;
            have += more;
        }

        return free;
    }

    // A place that is taken leaves no trace: the search goes on from it to the first free page, and from there to the
    // next place, so it comes to the next one that is free. Those are found in a word at once.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong FindStep(ulong* words, ulong from, ulong pages, ulong step, ulong end)
    {
        ulong places = 1;
        for (ulong have = step; have < 64; have <<= 1)
        {
            places |= places << (int)have;
        }

        ulong stride = step < 64 ? 64 : step;
        for (ulong i = (from + step - 1) & ~(step - 1); i < end;)
        {
            ulong free = ~words[i >> 6];
            ulong next = free & places & (ulong.MaxValue << (int)(i & 63));
            i &= ~63UL;
            if (next == 0)
            {
                i += stride;
                continue;
            }

            i += (ulong)Bits.LowestSet(next);
            if (i >= end || pages > end - i)
            {
                break;
            }

            // How many pages there are free: in the word, and behind it if that is not far enough.
            ulong count = (ulong)Bits.LowestSet(~(free >> (int)(i & 63)));
            if (count < pages && count == 64 - (i & 63))
            {
                count = FindSet(words, i + count, i + pages) - i;
            }

            if (count >= pages)
            {
                return i;
            }

            // Behind a place that failed the next one is passed over.
            i = ((i + count + step - 1) & ~(step - 1)) + step;
        }

        return Search.NotFound;
    }
}
