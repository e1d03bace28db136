using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>
/// What is known of a bitmap, so that little of it need be walked or even written. It is a tree of three levels:
/// regions of 2^18 pages; groups of 512 pages, a cache line of the map; the bits themselves. A region is all reserved,
/// all free, or mixed; a group has one border between both at most, or bits (<see cref="GroupState"/>). What lies below
/// a region that is not mixed, or a group without bits, does not count, and its memory need not have been touched.
/// </summary>
/// <remarks>
/// Beside the states there is a bit for each region, and in mixed regions for each group, that may have a free page.
/// Only the methods here write bits of a map that has an index. Lives in the caller's memory, before its own tables.
/// </remarks>
internal unsafe partial struct MapIndex
{
    private const int GroupShift = GroupState.Shift;
    private const ulong GroupSize = GroupState.Size;
    private const int RegionShift = 18;
    private const ulong RegionSize = 1UL << RegionShift;
    private const int RegionGroupShift = RegionShift - GroupShift;

    // States of a region. The first two are, as signed numbers, those of its groups.
    private const byte Full = 0;
    private const byte AllFree = 255;
    private const byte Mixed = 1;

    private ulong* _words;
    private ulong _bitCount;
    private ulong _groupCount;
    private ulong _regionCount;
    private byte* _regions;
    private ushort* _groups;
    private ulong* _openRegions;
    private ulong* _open;

    // Searches that are kept; all came less far than the first of these ends, those that a reservation can spoil
    // less far than the second.
    private PastSearch* _searches;
    private int _oldest;
    private ulong _searchEnd;
    private ulong _coarseEnd;

    /// <summary>Bytes of memory for the index of a map of so many bits. It need not be touched before it is
    /// used.</summary>
    public static ulong SizeFor(ulong bitCount)
    {
        ulong regions = CountOf(bitCount, RegionShift);
        ulong groups = CountOf(bitCount, GroupShift);
        ulong fixedSize = (ulong)(sizeof(MapIndex) + (SearchCount * sizeof(PastSearch)));
        return fixedSize + WordBytes(regions) + ByteBytes(regions) + WordBytes(groups) + ByteBytes(groups << 1);
    }

    /// <summary>Lays the index out over its memory, with every page reserved.</summary>
    public static void Initialise(MapIndex* index, ulong* words, ulong bitCount)
    {
        *index = default;
        index->_words = words;
        index->_bitCount = bitCount;
        index->_groupCount = CountOf(bitCount, GroupShift);
        index->_regionCount = CountOf(bitCount, RegionShift);
        index->_searches = (PastSearch*)(index + 1);
        index->_openRegions = (ulong*)(index->_searches + SearchCount);
        index->_regions = (byte*)index->_openRegions + WordBytes(index->_regionCount);
        index->_open = (ulong*)(index->_regions + ByteBytes(index->_regionCount));
        index->_groups = (ushort*)((byte*)index->_open + WordBytes(index->_groupCount));
        index->SetAll();
    }

    /// <summary>Says that a page will be asked for soon: what is known of it may be fetched.</summary>
    /// <param name="page">A page; one beyond the map does no harm.</param>
    public readonly void Fetch(ulong page) => VectorBits.Fetch(_groups + (page >> GroupShift));

    /// <summary>Whether a page is reserved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsSet(ulong page) => ((WordOf(page) >> (int)(page & 63)) & 1) != 0;

    /// <summary>The word with the bits of a page's neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong WordOf(ulong page)
    {
        ushort state = StateOf(page);
        return GroupState.IsInBits(state) ? _words[page >> 6] : GroupState.WordOf(state, page);
    }

    /// <summary>The first free page in [from, end), end not beyond the map; end if there is none.</summary>
    public ulong FindClear(ulong from, ulong end)
    {
        while (from < end)
        {
            ushort state = StateOf(from);
            ulong group = from >> GroupShift;
            ulong groupEnd = EndOf(group);
            ulong stop = groupEnd < end ? groupEnd : end;
            if (!GroupState.IsInBits(state))
            {
                ulong found = (group << GroupShift) + GroupState.FirstFree(state, from & (GroupSize - 1));
                if (found < stop)
                {
                    return found;
                }
            }
            else
            {
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
            ushort state = StateOf(from);
            ulong group = from >> GroupShift;
            bool isRegion = _regions[from >> RegionShift] != Mixed;
            ulong groupEnd = isRegion ? RegionEnd(from >> RegionShift) : EndOf(group);
            ulong stop = groupEnd < end ? groupEnd : end;
            ulong found = stop;
            if (GroupState.IsInBits(state))
            {
                found = WordBits.FindSet(_words, from, stop);
            }
            else if (state != GroupState.AllFree)
            {
                found = (group << GroupShift) + GroupState.FirstFree((ushort)~state, from & (GroupSize - 1));
            }

            if (found < stop)
            {
                return found;
            }

            from = stop;
        }

        return end;
    }

    /// <summary>The stretch of one kind that goes on from a page. If it is one of bits, they are in the map
    /// then.</summary>
    /// <param name="first">A page in the map.</param>
    /// <param name="end">The first page behind the stretch.</param>
    public readonly StretchKind StretchAt(ulong first, out ulong end)
    {
        ushort state = StateOf(first);
        StretchKind kind = KindOf(state);
        end = first;
        do
        {
            if (kind == StretchKind.Bits && !GroupState.IsInBits(state))
            {
                WriteBits(end >> GroupShift, state);
            }

            bool isRegion = _regions[end >> RegionShift] != Mixed;
            end = isRegion ? RegionEnd(end >> RegionShift) : EndOf(end >> GroupShift);
            state = end < _bitCount ? StateOf(end) : state;
        }
        while (end < _bitCount && KindOf(state) == kind);

        return kind;
    }

    /// <summary>The number of reserved pages in [0, end).</summary>
    public readonly ulong CountSet(ulong end)
    {
        ulong count = 0;
        for (ulong first = 0; first < end;)
        {
            StretchKind kind = StretchAt(first, out ulong stop);
            stop = stop < end ? stop : end;
            count += kind == StretchKind.Reserved ? stop - first
                : kind == StretchKind.Free ? 0 : WordBits.CountSet(_words + (first >> 6), stop - first);
            first = stop;
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
            if (groupEnd >= mapEnd || MayHold(group, pages))
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

    private static ulong CountOf(ulong bitCount, int shift) => (bitCount + (1UL << shift) - 1) >> shift;

    // Room for a bit each, and for a byte each, in whole words.
    private static ulong WordBytes(ulong count) => ((count + 63) >> 6) << 3;

    private static ulong ByteBytes(ulong count) => ((count + 7) >> 3) << 3;

    private static StretchKind KindOf(ushort state) =>
        state == GroupState.Full ? StretchKind.Reserved
            : state == GroupState.AllFree ? StretchKind.Free : StretchKind.Bits;

    // Of a page's group; in a region that is not mixed that of all its groups.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort StateOf(ulong page)
    {
        byte region = _regions[page >> RegionShift];
        return region == Mixed ? _groups[page >> GroupShift] : (ushort)(sbyte)region;
    }

    private readonly ulong EndOf(ulong group)
    {
        ulong end = (group + 1) << GroupShift;
        return end < _bitCount ? end : _bitCount;
    }

    private readonly ulong RegionEnd(ulong region)
    {
        ulong end = (region + 1) << RegionShift;
        return end < _bitCount ? end : _bitCount;
    }

    // Whether a run of so many free pages may lie in an open group, one that is whole. What is found out is kept: of
    // pages that lie scattered only that no byte of the map is free, for as long as that will do.
    private readonly bool MayHold(ulong group, ulong pages)
    {
        ushort state = StateOf(group << GroupShift);
        bool isScattered = state == GroupState.Scattered;
        if (state != GroupState.Unknown && !(isScattered && pages <= WordBits.MostWithoutClearByte))
        {
            return GroupState.Longest(state) >= pages;
        }

        ulong* words = _words + (group << (GroupShift - 6));
        if (!isScattered && pages > WordBits.MostWithoutClearByte && !WordBits.HasClearByte(words, GroupSize >> 6))
        {
            _groups[group] = GroupState.Scattered;
            return false;
        }

        ulong longest = WordBits.LongestClear(words, GroupSize);
        _groups[group] = longest == GroupSize ? GroupState.AllFree : GroupState.InBits(longest);
        if (longest == 0)
        {
            Close(group);
        }

        return longest >= pages;
    }

    // How many pages at the end of a whole group are free, none of them below `from`.
    private readonly ulong FreeTail(ulong group, ulong from)
    {
        ulong end = (group + 1) << GroupShift;
        ulong most = end - from < GroupSize ? end - from : GroupSize;
        ushort state = StateOf(group << GroupShift);
        ulong count = 0;
        if (!GroupState.IsInBits(state))
        {
            count = GroupState.FreeTail(state);
            return count < most ? count : most;
        }

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

    // The first group at or after one that may have a free page; the number of groups or more if there is none. A
    // region that turns out to have none is put right here, not by those who reserve.
    private ulong NextOpen(ulong group)
    {
        while (group < _groupCount)
        {
            ulong region = group >> RegionGroupShift;
            byte state = _regions[region];
            if (state == AllFree)
            {
                return group;
            }

            if (state == Mixed)
            {
                ulong end = WordEnd(region);
                ulong word = group >> 6;
                ulong open = _open[word] & (ulong.MaxValue << (int)(group & 63));
                while (open == 0 && ++word < end)
                {
                    open = _open[word];
                }

                if (open != 0)
                {
                    return (word << 6) + (ulong)Bits.LowestSet(open);
                }

                if (group == region << RegionGroupShift)
                {
                    MarkRegions(region, region + 1, Full);
                }
            }

            region = WordBits.FindSet(_openRegions, region + 1, _regionCount);
            group = region << RegionGroupShift;
        }

        return _groupCount;
    }

    // The word behind those with a region's bits of groups.
    private readonly ulong WordEnd(ulong region)
    {
        ulong end = (region + 1) << (RegionGroupShift - 6);
        ulong last = (_groupCount + 63) >> 6;
        return end < last ? end : last;
    }

    // A group of a mixed region.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Close(ulong group)
    {
        _groups[group] = GroupState.Full;
        _open[group >> 6] &= ~(1UL << (int)(group & 63));
    }

    private readonly void Open(ulong group) => _open[group >> 6] |= 1UL << (int)(group & 63);
}
