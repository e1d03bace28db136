namespace Bootmem;

/// <content>
/// The scan of a map in plain bits that has a bit for each page of the search: the same steps, with all that they need
/// at hand. What comes to the search's end is left to the scan that knows each kernel's way there.
/// </content>
internal readonly unsafe partial struct Search
{
    // In steps of one page the first run that is long enough is found, whatever is tried before: all places in a word
    // are looked at at once, with the word behind it.
    private ulong ScanRuns(in Bitmap map, ulong from)
    {
        if (from >= EndIndex)
        {
            return NotFound;
        }

        ulong* words = map.Words;
        ulong word = from >> 6;
        ulong last = (EndIndex - 1) >> 6;
        ulong free = ~words[word] & (ulong.MaxValue << (int)(from & 63));
        while (true)
        {
            ulong behind = word < last ? ~words[word + 1] : 0;
            ulong places = free == 0 ? 0 : PlacesIn(free, behind, PageCount);
            if (places != 0)
            {
                ulong place = (word << 6) + (ulong)Bits.LowestSet(places);
                if (place < EndIndex && PageCount <= EndIndex - place)
                {
                    return place;
                }
            }

            if (places != 0 || word == last)
            {
                break;
            }

            word++;
            free = behind;
        }

        // There is none; each kernel finds that out in its own way.
        return ScanSteps(map, word << 6 > from ? word << 6 : from);
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
