namespace Bootmem;

/// <content>
/// Changes of a bitmap that has an index. Whole regions and groups change without anything below them being written.
/// </content>
internal unsafe partial struct MapIndex
{
    /// <summary>Reserves every page, and the padding.</summary>
    public void SetAll()
    {
        ForgetSearches();
        MarkRegions(0, _regionCount, Full);
    }

    /// <summary>Reserves pages.</summary>
    public void Set(ulong first, ulong count)
    {
        if (first < _coarseEnd)
        {
            ForgetSearches(first, isFreed: false);
        }

        // Most changes are within one group whose bits count. The runs that are left are no longer than before: what
        // was known of them holds.
        if (IsInBits(first, count))
        {
            WordBits.Set(_words, first, count);
            return;
        }

        Change(first, first + count, Full);
    }

    /// <summary>Frees pages.</summary>
    public void Clear(ulong first, ulong count)
    {
        if (first < _searchEnd)
        {
            ForgetSearches(first, isFreed: true);
        }

        if (IsInBits(first, count))
        {
            _longest[first >> GroupShift] = Unknown;
            WordBits.Clear(_words, first, count);
            return;
        }

        Change(first, first + count, AllFree);
    }

    /// <summary>Frees pages of one word if all of them are reserved and its bits count; else nothing.</summary>
    public readonly bool TryClearInWord(ulong page, ulong mask)
    {
        if (page < _searchEnd || !HasBits(page) || (_words[page >> 6] & mask) != mask)
        {
            return false;
        }

        _longest[page >> GroupShift] = Unknown;
        _words[page >> 6] &= ~mask;
        return true;
    }

    /// <summary>
    /// The words of the map, for someone who reserves pages of one group himself; null if more than its bits would have
    /// to change.
    /// </summary>
    /// <param name="page">A page of the group, in the map.</param>
    public readonly ulong* WordsToReserve(ulong page) =>
        (page & ~(GroupSize - 1)) >= _coarseEnd && HasBits(page) ? _words : null;

    /// <summary>Writes the bits of every stretch that was kept without into the map.</summary>
    public readonly void WriteAll()
    {
        for (ulong first = 0; first < _bitCount;)
        {
            StretchKind kind = StretchAt(first, out ulong end);
            if (kind != StretchKind.Bits)
            {
                WriteBits(first, end, kind == StretchKind.Reserved);
            }

            first = end;
        }
    }

    /// <summary>Takes the map's bits as they are; nothing else is known.</summary>
    public void TakeBytes()
    {
        ForgetSearches();
        MarkRegions(0, _regionCount, Mixed);
        Memory.Fill(_longest, Unknown, _groupCount);
        WordBits.Set(_open, 0, _groupCount);
    }

    private readonly bool IsInBits(ulong first, ulong count) =>
        (first & (GroupSize - 1)) + count < GroupSize && HasBits(first);

    // Pages that become all reserved or all free: the regions that lie in them whole, and what is left at both ends.
    private readonly void Change(ulong first, ulong end, byte state)
    {
        ulong region = CountOf(first, RegionShift);
        ulong endRegion = end == _bitCount ? _regionCount : end >> RegionShift;
        if (region > endRegion)
        {
            ChangeInRegion(first, end, state);
            return;
        }

        if (first < region << RegionShift)
        {
            ulong stop = region << RegionShift;
            ChangeInRegion(first, stop < end ? stop : end, state);
        }

        if (region < endRegion)
        {
            MarkRegions(region, endRegion, state);
        }

        if (endRegion << RegionShift < end)
        {
            ChangeInRegion(endRegion << RegionShift, end, state);
        }
    }

    private readonly void ChangeInRegion(ulong first, ulong end, byte state)
    {
        ulong region = first >> RegionShift;
        byte before = _regions[region];
        if (before == state)
        {
            return;
        }

        if (before != Mixed)
        {
            Split(region, before);
        }

        ulong group = CountOf(first, GroupShift);
        ulong endGroup = end == _bitCount ? _groupCount : end >> GroupShift;
        if (group > endGroup)
        {
            ChangeInGroup(first, end, state);
            return;
        }

        if (first < group << GroupShift)
        {
            ulong stop = group << GroupShift;
            ChangeInGroup(first, stop < end ? stop : end, state);
        }

        if (group < endGroup)
        {
            MarkGroups(group, endGroup, state);
        }

        if (endGroup << GroupShift < end)
        {
            ChangeInGroup(endGroup << GroupShift, end, state);
        }
    }

    private readonly void ChangeInGroup(ulong first, ulong end, byte state)
    {
        ulong group = first >> GroupShift;
        byte before = _longest[group];
        if (before == state)
        {
            return;
        }

        if (before is Full or AllFree)
        {
            WriteBits(group << GroupShift, EndOf(group), before == Full);
            _longest[group] = Unknown;
        }

        if (state == Full)
        {
            WordBits.Set(_words, first, end - first);
            return;
        }

        if (before == Full)
        {
            Open(group);
        }

        _longest[group] = Unknown;
        WordBits.Clear(_words, first, end - first);
    }

    // A region becomes mixed: its groups are all what it was.
    private readonly void Split(ulong region, byte state)
    {
        ulong first = region << RegionGroupShift;
        ulong end = first + (1UL << RegionGroupShift);
        end = end < _groupCount ? end : _groupCount;
        MarkGroups(first, end, state);
        _regions[region] = Mixed;
        _openRegions[region >> 6] |= 1UL << (int)(region & 63);
    }

    private readonly void WriteBits(ulong first, ulong end, bool isReserved)
    {
        ulong* words = _words + (first >> 6);
        ulong bits = end - first;
        Memory.Fill((byte*)words, isReserved ? (byte)0xff : (byte)0, bits >> 3);
    }

    private readonly void MarkRegions(ulong region, ulong end, byte state)
    {
        Mark(_regions + region, end - region, state);
        if (state == Full)
        {
            WordBits.Clear(_openRegions, region, end - region);
        }
        else
        {
            WordBits.Set(_openRegions, region, end - region);
        }
    }

    private readonly void MarkGroups(ulong group, ulong end, byte state)
    {
        Mark(_longest + group, end - group, state);
        if (state == Full)
        {
            WordBits.Clear(_open, group, end - group);
        }
        else
        {
            WordBits.Set(_open, group, end - group);
        }
    }

    private static void Mark(byte* states, ulong count, byte state)
    {
        if (count == 1)
        {
            *states = state;
            return;
        }

        Memory.Fill(states, state, count);
    }
}
