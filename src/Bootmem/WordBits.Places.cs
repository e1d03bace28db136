using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>The first places that a search comes to, each as __alloc_bootmem_core() does: from a free page on to a
/// multiple of the step, where all that is wanted must be free.</content>
internal static unsafe partial class WordBits
{
    // How many places are tried; then the search proper is to go on.
    private const int MostPlaces = 4;

    /// <summary>The first place, if it is near.</summary>
    /// <param name="words">The map.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="pages">How many pages are wanted.</param>
    /// <param name="step">The step, a power of two.</param>
    /// <param name="end">The first page that may not be taken; the map reaches at least as far.</param>
    /// <returns>The place, or <see cref="Search.NotFound"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong FirstPlace(ulong* words, ulong from, ulong pages, ulong step, ulong end)
    {
        for (int left = MostPlaces; left > 0 && from < end; left--)
        {
            ulong word = from >> 6;
            ulong free = ~words[word] & (ulong.MaxValue << (int)(from & 63));
            while (free == 0)
            {
                word++;
                if (word << 6 >= end)
                {
                    return Search.NotFound;
                }

                free = ~words[word];
            }

            ulong place = (word << 6) + (ulong)Bits.LowestSet(free);
            place = (place + step - 1) & ~(step - 1);
            if (place >= end || pages - 1 >= end - place)
            {
                return Search.NotFound;
            }

            // How many pages there are free, as far as the word goes; and behind it.
            ulong run = (ulong)Bits.LowestSet(~(~words[place >> 6] >> (int)(place & 63)));
            if (run >= pages)
            {
                return place;
            }

            ulong taken = place + run;
            if ((taken & 63) == 0 && run != 0)
            {
                taken = FindSet(words, taken, place + pages);
                if (taken == place + pages)
                {
                    return place;
                }
            }

            from = NextPlace(place, taken, step);
        }

        return Search.NotFound;
    }

    /// <summary>Where a search goes on behind a place that failed. The next place is passed over, unless that one was
    /// taken at its first page.</summary>
    /// <param name="place">The place.</param>
    /// <param name="taken">The first page there that was taken.</param>
    /// <param name="step">The step, a power of two.</param>
    public static ulong NextPlace(ulong place, ulong taken, ulong step) =>
        taken == place ? place + step : ((taken + step - 1) & ~(step - 1)) + step;
}
