using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// Changes of a bitmap that has an index. Whole regions and groups change without anything below them being written,
/// and so do groups in which a range ends, as long as no second border comes into them. A range inside of one group is
/// written as bits: where one is, there are mostly more.
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(ulong first, ulong count)
    {
        if (first < _coarseEnd)
        {
            ForgetSearches(first, isFreed: false);
        }

        // One whole group of a mixed region: what huge pages come to.
        if (count == GroupSize && (first & (GroupSize - 1)) == 0 && _regions[first >> RegionShift] == Mixed)
        {
            Close(first >> GroupShift);
        }
        else
        {
            SetAny(first, count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void SetAny(ulong first, ulong count)
    {
        if (!IsInside(first, count))
        {
            Change(first, first + count, Full);
        }
        else if (TryUseBits(first, GroupState.Full))
        {
            // The runs that are left are no longer than before: what was known of them holds.
            WordBits.Set(_words, first, count);
        }
    }

    /// <summary>Frees pages.</summary>
    public void Clear(ulong first, ulong count)
    {
        if (first < _searchEnd)
        {
            ForgetSearches(first, isFreed: true);
        }

        if (!IsInside(first, count))
        {
            Change(first, first + count, AllFree);
        }
        else if (TryUseBits(first, GroupState.AllFree))
        {
            _groups[first >> GroupShift] = GroupState.Unknown;
            WordBits.Clear(_words, first, count);
        }
    }

    /// <summary>Frees pages if they lie in one word whose bits count, and all of them are reserved; else
    /// nothing.</summary>
    /// <param name="first">The first page.</param>
    /// <param name="end">The first one behind; not first.</param>
    public readonly bool TryClearInWord(ulong first, ulong end)
    {
        ulong mask = WordBits.Mask(first, end - 1);
        if ((first ^ (end - 1)) >= 64 || first < _searchEnd || !GroupState.IsInBits(StateOf(first))
            || (~_words[first >> 6] & mask) != 0)
        {
            return false;
        }

        _groups[first >> GroupShift] = GroupState.Unknown;
        _words[first >> 6] ^= mask;
        return true;
    }

    /// <summary>
    /// The words of the map, for someone who reserves pages of one group himself; null if more than its bits would have
    /// to change.
    /// </summary>
    /// <param name="page">A page of the group, in the map.</param>
    public readonly ulong* WordsToReserve(ulong page) =>
        (page & ~(GroupSize - 1)) >= _coarseEnd && GroupState.IsInBits(StateOf(page)) ? _words : null;

    /// <summary>Writes the bits of every stretch that was kept without into the map.</summary>
    public readonly void WriteAll()
    {
        for (ulong first = 0; first < _bitCount;)
        {
            StretchKind kind = StretchAt(first, out ulong end);
            if (kind != StretchKind.Bits)
            {
                byte bits = kind == StretchKind.Reserved ? (byte)0xff : (byte)0;
                Memory.Fill((byte*)(_words + (first >> 6)), bits, (end - first) >> 3);
            }

            first = end;
        }
    }

    /// <summary>Takes the map's bits as they are; nothing else is known.</summary>
    public void TakeBytes()
    {
        ForgetSearches();
        MarkRegions(0, _regionCount, Mixed);
        FillGroups(0, _groupCount, GroupState.Unknown);
        WordBits.Set(_open, 0, _groupCount);
    }

    // Whether pages are of one group, and its last one is not among them.
    private static bool IsInside(ulong first, ulong count) => (first & (GroupSize - 1)) + count < GroupSize;

    // Whether pages of a group become `wanted` by being written as bits; not if all of the group is already.
    private readonly bool TryUseBits(ulong page, ushort wanted)
    {
        ushort state = StateOf(page);
        if (GroupState.IsInBits(state))
        {
            return true;
        }

        ulong region = page >> RegionShift;
        if (state == wanted)
        {
            return false;
        }

        if (_regions[region] != Mixed)
        {
            Split(region, _regions[region]);
        }

        UseBits(page >> GroupShift, state);
        return true;
    }

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

    // Pages at one end of a group.
    private readonly void ChangeInGroup(ulong first, ulong end, byte state)
    {
        ulong group = first >> GroupShift;
        ulong start = group << GroupShift;
        ulong size = EndOf(group) - start;
        ushort before = _groups[group];
        if (!GroupState.IsInBits(before))
        {
            ushort after = state == Full
                ? GroupState.Reserve(before, first - start, end - start, size)
                : GroupState.Free(before, first - start, end - start, size);
            if (after != GroupState.Unknown)
            {
                MarkGroup(group, after);
                return;
            }

            UseBits(group, before);
        }

        if (state == Full)
        {
            WordBits.Set(_words, first, end - first);
            return;
        }

        _groups[group] = GroupState.Unknown;
        WordBits.Clear(_words, first, end - first);
    }

    // A group of a mixed region gets bits.
    private readonly void UseBits(ulong group, ushort state)
    {
        WriteBits(group, state);
        MarkGroup(group, GroupState.Unknown);
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

    private readonly void WriteBits(ulong group, ushort state)
    {
        ulong end = EndOf(group);
        if (state is GroupState.Full or GroupState.AllFree && (end & (GroupSize - 1)) == 0)
        {
            ulong* words = _words + (group << (GroupShift - 6));
            for (ulong i = 0; i < GroupSize >> 6; i++)
            {
                words[i] = state == GroupState.Full ? ulong.MaxValue : 0;
            }

            return;
        }

        for (ulong page = group << GroupShift; page < end; page += 64)
        {
            // The map may end in the middle of a word: what is behind it is somebody else's.
            ulong bits = GroupState.WordOf(state, page);
            if (end - page >= 64)
            {
                _words[page >> 6] = bits;
            }
            else
            {
                ulong own = (1UL << (int)(end - page)) - 1;
                _words[page >> 6] = (_words[page >> 6] & ~own) | (bits & own);
            }
        }
    }

    private readonly void MarkRegions(ulong region, ulong end, byte state)
    {
        Memory.Fill(_regions + region, state, end - region);
        if (state == Full)
        {
            WordBits.Clear(_openRegions, region, end - region);
        }
        else
        {
            WordBits.Set(_openRegions, region, end - region);
        }
    }

    // Groups become all reserved or all free.
    private readonly void MarkGroups(ulong group, ulong end, byte state)
    {
        ushort groupState = (ushort)(sbyte)state;
        if (end - group == 1)
        {
            MarkGroup(group, groupState);
            return;
        }

        FillGroups(group, end, groupState);
        if (state == Full)
        {
            WordBits.Clear(_open, group, end - group);
        }
        else
        {
            WordBits.Set(_open, group, end - group);
        }
    }

    private readonly void MarkGroup(ulong group, ushort state)
    {
        _groups[group] = state;
        ulong bit = 1UL << (int)(group & 63);
        _open[group >> 6] = state == GroupState.Full ? _open[group >> 6] & ~bit : _open[group >> 6] | bit;
    }

    // A state whose two bytes are the same. A loop beats the call for what a range mostly has.
    private readonly void FillGroups(ulong group, ulong end, ushort state)
    {
        if (end - group > 32)
        {
            Memory.Fill((byte*)(_groups + group), (byte)state, (end - group) << 1);
            return;
        }

        for (; group < end; group++)
        {
            _groups[group] = state;
        }
    }
}
