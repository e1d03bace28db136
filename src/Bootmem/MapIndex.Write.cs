namespace Bootmem;

/// <content>Changes of a bitmap that has an index. Whole groups change without their bits being written.</content>
internal unsafe partial struct MapIndex
{
    /// <summary>Reserves every page, and the padding.</summary>
    public void SetAll()
    {
        ForgetSearches();
        MarkFull(0, _groupCount);
    }

    /// <summary>Reserves pages.</summary>
    public void Set(ulong first, ulong count)
    {
        if (first < _coarseEnd)
        {
            ForgetSearches(first, isFreed: false);
        }

        ulong end = first + count;
        ulong group = first >> GroupShift;
        if (end < EndOf(group))
        {
            SetInGroup(group, first, count);
            return;
        }

        if ((first & (GroupSize - 1)) != 0)
        {
            SetInGroup(group, first, EndOf(group) - first);
            group++;
        }

        ulong endGroup = end == _bitCount ? _groupCount : end >> GroupShift;
        if (group < endGroup)
        {
            MarkFull(group, endGroup);
        }

        if (endGroup << GroupShift < end)
        {
            SetInGroup(endGroup, endGroup << GroupShift, end - (endGroup << GroupShift));
        }
    }

    /// <summary>Frees pages.</summary>
    public void Clear(ulong first, ulong count)
    {
        if (first < _searchEnd)
        {
            ForgetSearches(first, isFreed: true);
        }

        ulong end = first + count;
        ulong group = first >> GroupShift;
        if (end < EndOf(group))
        {
            ClearInGroup(group, first, count);
            return;
        }

        if ((first & (GroupSize - 1)) != 0)
        {
            ClearInGroup(group, first, EndOf(group) - first);
            group++;
        }

        ulong endGroup = end == _bitCount ? _groupCount : end >> GroupShift;
        if (group < endGroup)
        {
            MarkFree(group, endGroup);
        }

        if (endGroup << GroupShift < end)
        {
            ClearInGroup(endGroup, endGroup << GroupShift, end - (endGroup << GroupShift));
        }
    }

    /// <summary>Writes the bits of every group into the map.</summary>
    public readonly void WriteAll()
    {
        for (ulong group = 0; group < _groupCount; group++)
        {
            if (_longest[group] is Full or AllFree)
            {
                WriteBits(group);
            }
        }
    }

    /// <summary>Takes the map's bits as they are; nothing else is known.</summary>
    public void TakeBytes()
    {
        ForgetSearches();
        Memory.Fill(_longest, Unknown, _groupCount);
        WordBits.Set(_open, 0, _groupCount);
        WordBits.Set(_openWords, 0, _openWordCount);
    }

    private void SetInGroup(ulong group, ulong first, ulong count)
    {
        byte longest = _longest[group];
        if (longest == Full)
        {
            return;
        }

        if (longest == AllFree)
        {
            WriteBits(group);
            _longest[group] = Unknown;
        }

        // The runs that are left are no longer than before: what was known of them holds.
        WordBits.Set(_words, first, count);
    }

    private void ClearInGroup(ulong group, ulong first, ulong count)
    {
        byte longest = _longest[group];
        if (longest == AllFree)
        {
            return;
        }

        if (longest == Full)
        {
            WriteBits(group);
            Open(group);
        }

        _longest[group] = Unknown;
        WordBits.Clear(_words, first, count);
    }

    private readonly void WriteBits(ulong group)
    {
        ulong first = group << GroupShift;
        ulong value = _longest[group] == Full ? ulong.MaxValue : 0;
        ulong* words = _words + (first >> 6);
        ulong bits = EndOf(group) - first;
        for (ulong done = 0; done + 64 <= bits; done += 64)
        {
            words[done >> 6] = value;
        }

        // A map of 32-bit words may end in the middle of one of ours.
        if ((bits & 63) != 0)
        {
            ((uint*)words)[(bits >> 5) - 1] = (uint)value;
        }
    }

    private void MarkFull(ulong group, ulong end)
    {
        if (end - group == 1)
        {
            Close(group);
            return;
        }

        Memory.Fill(_longest + group, Full, end - group);
        WordBits.Clear(_open, group, end - group);
    }

    private readonly void MarkFree(ulong group, ulong end)
    {
        Memory.Fill(_longest + group, AllFree, end - group);
        WordBits.Set(_open, group, end - group);
        WordBits.Set(_openWords, group >> 6, ((end - 1) >> 6) - (group >> 6) + 1);
    }
}
