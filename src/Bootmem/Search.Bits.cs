namespace Bootmem;

/// <content>
/// The scan of a map in plain bits that has a bit for each page of the search: the same steps, with all that they need
/// at hand. What comes to the search's end is left to the scan that knows each kernel's way there.
/// </content>
internal readonly unsafe partial struct Search
{
    private ulong ScanBits(in Bitmap map, ulong from)
    {
        ulong* words = map.Words;
        ulong end = EndIndex;
        ulong step = Step;
        ulong pages = PageCount;
        for (ulong i = from; i < end;)
        {
            // The first free page.
            ulong begun = i;
            ulong word = i >> 6;
            ulong free = ~words[word] & (ulong.MaxValue << (int)(i & 63));
            while (free == 0 && ++word << 6 < end)
            {
                free = ~words[word];
            }

            // The multiple of the step behind it.
            i = free == 0 ? end : (word << 6) + (ulong)Bits.LowestSet(free);
            i = (i + step - 1) & ~(step - 1);
            if (i >= end)
            {
                return ScanSteps(map, begun);
            }

            // How far the pages there are free: in the word, and behind it if that is not far enough.
            free = ~words[i >> 6] >> (int)(i & 63);
            if ((free & 1) == 0)
            {
                i += step;
                continue;
            }

            ulong inWord = 64 - (i & 63);
            ulong taken = ~free == 0 ? 64 : (ulong)Bits.LowestSet(~free);
            ulong stop = pages < end - i ? i + pages : end;
            ulong runEnd = i + taken;
            if (taken >= inWord && runEnd < stop)
            {
                runEnd = WordBits.FindSet(words, runEnd, stop);
            }

            if (runEnd >= stop && pages <= end - i)
            {
                return i;
            }

            runEnd = runEnd < stop ? runEnd : stop;
            i = ((runEnd + step - 1) & ~(step - 1)) + step;
        }

        return NotFound;
    }
}
