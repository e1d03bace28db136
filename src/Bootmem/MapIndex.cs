namespace Bootmem;

/// <summary>
/// What is known of a bitmap, in groups of 512 pages (a cache line of it), so that little need be walked or even written.
/// Of each group: that all of it is reserved, or free (its bits in the map do not count then), or a bound on its longest run of
/// free pages. Above that, a bit for each group that may have a free page, and a bit for each word of those.
/// </summary>
/// <remarks>
/// Only the methods here write bits of a map that has an index. Lives in the caller's memory, before its own tables.
/// </remarks>
internal unsafe partial struct MapIndex
{
    private const int GroupShift = 9;
    private const ulong GroupSize = 1 << GroupShift;

    // States of a group. With all others its bits count, and say how long a run of free pages there can be: exactly up to
    // ExactRun, in fours above.
    private const byte Full = 0;
    private const byte AllFree = 255;
    private const byte Unknown = 254;
    private const byte ExactRun = 128;

    private ulong* _words;
    private ulong _bitCount;
    private ulong _groupCount;
    private ulong _openWordCount;
    private byte* _longest;
    private ulong* _open;
    private ulong* _openWords;

    // Searches that are kept; all came less far than the first of these ends, those that a reservation can spoil less far
    // than the second.
    private PastSearch* _searches;
    private int _oldest;
    private ulong _searchEnd;
    private ulong _coarseEnd;

    /// <summary>Bytes of memory for the index of a map of so many bits.</summary>
    public static ulong SizeFor(ulong bitCount)
    {
        ulong groups = GroupsOf(bitCount);
        ulong openWords = (groups + 63) >> 6;
        ulong fixedSize = (ulong)(sizeof(MapIndex) + (SearchCount * sizeof(PastSearch)));
        return fixedSize + (((openWords + 63) >> 6) << 3) + (openWords << 3) + (((groups + 7) >> 3) << 3);
    }

    /// <summary>Lays the index out over its memory, with every page reserved.</summary>
    public static void Initialise(MapIndex* index, ulong* words, ulong bitCount)
    {
        ulong groups = GroupsOf(bitCount);
        *index = default;
        index->_words = words;
        index->_bitCount = bitCount;
        index->_groupCount = groups;
        index->_openWordCount = (groups + 63) >> 6;
        index->_searches = (PastSearch*)(index + 1);
        index->_openWords = (ulong*)(index->_searches + SearchCount);
        index->_open = index->_openWords + ((index->_openWordCount + 63) >> 6);
        index->_longest = (byte*)(index->_open + index->_openWordCount);
        index->SetAll();
    }

    /// <summary>Whether the bit of a page in the map counts.</summary>
    public readonly bool HasBits(ulong page) => _longest[page >> GroupShift] is not Full and not AllFree;

    /// <summary>Whether the group of a page is known to be reserved.</summary>
    public readonly bool IsFull(ulong page) => _longest[page >> GroupShift] == Full;

    /// <summary>The first free page in [from, end), end not beyond the map; end if there is none.</summary>
    public ulong FindClear(ulong from, ulong end)
    {
        while (from < end)
        {
            ulong group = from >> GroupShift;
            byte longest = _longest[group];
            if (longest == AllFree)
            {
                return from;
            }

            if (longest != Full)
            {
                ulong groupEnd = EndOf(group);
                ulong stop = groupEnd < end ? groupEnd : end;
                ulong found = WordBits.FindClear(_words, from, stop);
                if (found < stop)
                {
                    return found;
                }

                if (stop == groupEnd && (from & (GroupSize - 1)) == 0)
                {
                    Close(group);
                }
            }

            from = NextOpen(group + 1) << GroupShift;
        }

        return end;
    }

    /// <summary>The first reserved page in [from, end), end not beyond the map; end if there is none.</summary>
    public readonly ulong FindSet(ulong from, ulong end)
    {
        while (from < end)
        {
            ulong group = from >> GroupShift;
            byte longest = _longest[group];
            if (longest == Full)
            {
                return from;
            }

            if (longest != AllFree)
            {
                ulong groupEnd = EndOf(group);
                ulong stop = groupEnd < end ? groupEnd : end;
                ulong found = WordBits.FindSet(_words, from, stop);
                if (found < stop)
                {
                    return found;
                }
            }

            from = (group + 1) << GroupShift;
        }

        return end;
    }

    /// <summary>The number of reserved pages in [0, end).</summary>
    public readonly ulong CountSet(ulong end)
    {
        ulong count = 0;
        for (ulong group = 0; group << GroupShift < end; group++)
        {
            ulong first = group << GroupShift;
            ulong size = end - first < GroupSize ? end - first : GroupSize;
            byte longest = _longest[group];
            count += longest == Full ? size : longest == AllFree ? 0 : WordBits.CountSet(_words + (first >> 6), size);
        }

        return count;
    }

    /// <summary>
    /// A page at or after <paramref name="from"/> before which no run of so many free pages begins. A run may be cut at
    /// <paramref name="from"/>; the page before the result is reserved, or the result is from.
    /// </summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="pages">How many pages are looked for.</param>
    /// <param name="end">Where the search ends; the result is not beyond it.</param>
    public ulong SkipShort(ulong from, ulong pages, ulong end)
    {
        ulong mapEnd = end < _bitCount ? end : _bitCount;
        while (from < mapEnd)
        {
            ulong group = NextOpen(from >> GroupShift);
            ulong first = group << GroupShift;
            from = first > from && first < mapEnd ? first : from;
            ulong groupEnd = first + GroupSize;
            if (groupEnd >= mapEnd || LongestOf(group) >= pages)
            {
                return from;
            }

            // No run that ends in this group is long enough. One that touches the group's end goes on behind it.
            ulong tail = groupEnd - FreeTail(group, from);
            if (tail == groupEnd)
            {
                from = groupEnd;
                continue;
            }

            ulong wanted = mapEnd - tail < pages ? mapEnd : tail + pages;
            ulong runEnd = FindSet(groupEnd, wanted);
            if (runEnd >= wanted)
            {
                return tail;
            }

            from = runEnd + 1;
        }

        return from;
    }

    private static ulong GroupsOf(ulong bitCount) => (bitCount + GroupSize - 1) >> GroupShift;

    private readonly ulong EndOf(ulong group)
    {
        ulong end = (group + 1) << GroupShift;
        return end < _bitCount ? end : _bitCount;
    }

    // A bound on the longest free run that lies in a group; computed when it is first asked for.
    private ulong LongestOf(ulong group)
    {
        byte state = _longest[group];
        if (state == Unknown)
        {
            ulong first = group << GroupShift;
            state = StateFor(WordBits.LongestClear(_words + (first >> 6), EndOf(group) - first));
            _longest[group] = state;
            if (state == Full)
            {
                Close(group);
            }
        }

        return state == AllFree ? GroupSize : state <= ExactRun ? state : ExactRun + ((ulong)(state - ExactRun) << 2);
    }

    private static byte StateFor(ulong longest) =>
        longest == GroupSize ? AllFree
            : (byte)(longest <= ExactRun ? longest : ExactRun + ((longest - ExactRun + 3) >> 2));

    // How many pages at the end of a whole group are free, none of them below `from`.
    private readonly ulong FreeTail(ulong group, ulong from)
    {
        ulong end = (group + 1) << GroupShift;
        ulong most = end - from < GroupSize ? end - from : GroupSize;
        byte longest = _longest[group];
        if (longest is Full or AllFree)
        {
            return longest == Full ? 0 : most;
        }

        ulong count = 0;
        while (count < most)
        {
            ulong word = _words[((end - count) >> 6) - 1];
            if (word != 0)
            {
                count += 63 - (ulong)Bits.Log2(word);
                break;
            }

            count += 64;
        }

        return count < most ? count : most;
    }

    // The first group at or after one that may have a free page; the number of groups if there is none.
    private ulong NextOpen(ulong group)
    {
        if (group >= _groupCount)
        {
            return _groupCount;
        }

        ulong word = group >> 6;
        ulong open = _open[word] & (ulong.MaxValue << (int)(group & 63));
        while (open == 0)
        {
            word = WordBits.FindSet(_openWords, word + 1, _openWordCount);
            if (word >= _openWordCount)
            {
                return _groupCount;
            }

            // The upper bit is put right here, not by those who reserve.
            open = _open[word];
            if (open == 0)
            {
                WordBits.Clear(_openWords, word, 1);
            }
        }

        return (word << 6) + (ulong)Bits.LowestSet(open);
    }

    private void Close(ulong group)
    {
        _longest[group] = Full;
        _open[group >> 6] &= ~(1UL << (int)(group & 63));
    }

    private void Open(ulong group)
    {
        _open[group >> 6] |= 1UL << (int)(group & 63);
        _openWords[group >> 12] |= 1UL << (int)((group >> 6) & 63);
    }
}
