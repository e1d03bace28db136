namespace Bootmem;

/// <summary>
/// A node's bitmap: bit k stands for the node's page k; 1 is reserved, 0 is free. Bit k is bit k mod 8 of byte k / 8,
/// which is the kernel's layout on a little-endian machine of either width. Words of 64 bits are used to walk it; the
/// bytes behind the map, up to the next multiple of 8, must be readable, and are left as they are.
/// </summary>
/// <remarks>
/// With memory for an index (<see cref="IndexSize"/>) stretches that are all free or all reserved are kept as such, and
/// their bits are written when somebody needs them. What every method answers is the same with and without.
/// </remarks>
public readonly unsafe struct Bitmap
{
    private readonly ulong* _words;
    private readonly MapIndex* _index;

    /// <summary>The number of bits: a multiple of the kernel's word, padding included.</summary>
    public readonly ulong BitCount;

    /// <summary>A bitmap over memory.</summary>
    /// <param name="bytes">Its first byte, aligned to 8.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    public Bitmap(byte* bytes, ulong byteCount)
        : this(bytes, byteCount, null)
    {
    }

    /// <summary>A bitmap over memory, with an index. Every page is reserved.</summary>
    /// <param name="bytes">Its first byte, aligned to 8.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="index">Memory for the index, aligned to 8, of <see cref="IndexSize"/> bytes; null: no
    /// index.</param>
    public Bitmap(byte* bytes, ulong byteCount, byte* index)
    {
        _words = (ulong*)bytes;
        _index = (MapIndex*)index;
        BitCount = byteCount << 3;
        if (HasIndex)
        {
            MapIndex.Initialise(_index, _words, BitCount);
        }
    }

    /// <summary>
    /// The map's first byte. With an index this writes the bits of all stretches that were kept without; it holds until
    /// the next change.
    /// </summary>
    public byte* Bytes
    {
        get
        {
            if (HasIndex)
            {
                _index->WriteAll();
            }

            return (byte*)_words;
        }
    }

    /// <summary>Whether there is an index.</summary>
    internal bool HasIndex => ForSpeed.IsWanted && _index != null;

    /// <summary>The map's words; without <see cref="HasIndex"/> alone they say all.</summary>
    internal ulong* Words => _words;

    /// <summary>What is known of the map; only with <see cref="HasIndex"/>.</summary>
    internal MapIndex* Index => _index;

    /// <summary>How much memory the index of a bitmap takes, in bytes: a 30th of the bitmap, and a little. Of large
    /// maps most of it is never touched.</summary>
    /// <param name="byteCount">The bitmap's length in bytes.</param>
    public static ulong IndexSize(ulong byteCount) => MapIndex.SizeFor(byteCount << 3);

    /// <summary>The stretch of the map, kept in one way, that goes on from an index.</summary>
    /// <param name="first">A multiple of 64 below <see cref="BitCount"/>: 0, or the end of the stretch before.</param>
    public MapStretch StretchAt(ulong first)
    {
        ulong end = BitCount;
        StretchKind kind = !HasIndex ? StretchKind.Bits : _index->StretchAt(first, out end);
        return new MapStretch(first, end, kind, kind == StretchKind.Bits ? _words + (first >> 6) : null);
    }

    /// <summary>Says that somebody else wrote the map's bytes: everything that was known of them is
    /// forgotten.</summary>
    public void TakeBytes()
    {
        if (HasIndex)
        {
            _index->TakeBytes();
        }
    }

    /// <summary>Whether a page is reserved. A bit beyond the map counts as 0: the memory there is taken as
    /// fresh.</summary>
    /// <param name="index">A page's index in the node.</param>
    public bool IsSet(ulong index)
    {
        if (index >= BitCount)
        {
            return false;
        }

        return !HasIndex ? ((_words[index >> 6] >> (int)(index & 63)) & 1) != 0 : _index->IsSet(index);
    }

    /// <summary>The first 0 bit in [<paramref name="from"/>, <paramref name="end"/>), or end if there is
    /// none.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">Where to stop.</param>
    public ulong FindClear(ulong from, ulong end)
    {
        ulong mapEnd = end < BitCount ? end : BitCount;
        ulong found = !HasIndex ? WordBits.FindClear(_words, from, mapEnd) : _index->FindClear(from, mapEnd);

        // Beyond the map every bit counts as 0: the first of them, or the first one asked for.
        return found < mapEnd ? found : from >= end ? end : from > mapEnd ? from : mapEnd;
    }

    /// <summary>The first 1 bit in [<paramref name="from"/>, <paramref name="end"/>), or end if there is
    /// none.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">Where to stop.</param>
    public ulong FindSet(ulong from, ulong end)
    {
        ulong mapEnd = end < BitCount ? end : BitCount;
        ulong found = !HasIndex ? WordBits.FindSet(_words, from, mapEnd) : _index->FindSet(from, mapEnd);
        return found < mapEnd ? found : end;
    }

    /// <summary>Makes every bit 1: all pages reserved, and the padding beyond the last page.</summary>
    public void SetAll()
    {
        if (HasIndex)
        {
            _index->SetAll();
            return;
        }

        WordBits.Set(_words, 0, BitCount);
    }

    /// <summary>Makes the bits of a range that lies in the map 1.</summary>
    /// <param name="first">The first index.</param>
    /// <param name="count">How many; may be 0.</param>
    public void Set(ulong first, ulong count)
    {
        if (HasIndex)
        {
            if (count != 0)
            {
                _index->Set(first, count);
            }
        }
        else if (ForSpeed.IsWanted && count - 1 < 64 - (first & 63))
        {
            // Bits of one word.
            _words[first >> 6] |= (ulong.MaxValue >> (int)(64 - count)) << (int)(first & 63);
        }
        else
        {
            WordBits.Set(_words, first, count);
        }
    }

    /// <summary>
    /// The words of the map, for someone who reserves pages of one group of 512 himself; null if more would have to
    /// change than their bits.
    /// </summary>
    /// <param name="page">A page of the group, in the map.</param>
    internal ulong* WordsToReserve(ulong page) => !HasIndex ? _words : _index->WordsToReserve(page);

    /// <summary>Makes the bits of a range that lies in the map 0.</summary>
    /// <param name="first">The first index.</param>
    /// <param name="count">How many; may be 0.</param>
    public void Clear(ulong first, ulong count)
    {
        if (!HasIndex)
        {
            WordBits.Clear(_words, first, count);
        }
        else if (count != 0)
        {
            _index->Clear(first, count);
        }
    }

    /// <summary>Makes the bits of a range that lies in the map 0 if all of them are 1; else nothing.</summary>
    /// <param name="first">The first index.</param>
    /// <param name="end">The first index behind the range.</param>
    /// <returns>The first index whose bit was 0 already; end if there was none.</returns>
    internal ulong ClearIfSet(ulong first, ulong end)
    {
        // Bits that are looked at and then written are still near: the map is gone through once.
        const ulong PiecePages = 1UL << 17;
        const ulong LeastPieces = 1UL << 11;
        if (HasIndex && _index->TryClearInWord(first, end))
        {
            return end;
        }

        for (ulong from = first; from < end;)
        {
            ulong stop = end;
            if (!HasIndex && end - from > LeastPieces)
            {
                bool isWhole = (from & 63) == 0;
                if (ForSpeed.IsWanted && isWhole)
                {
                    from += VectorBits.ClearFull(_words + (from >> 6), (end - from) >> 6) << 6;
                }

                ulong piece = isWhole ? PiecePages : 64 - (from & 63);
                stop = end - from > piece ? from + piece : end;
            }

            ulong found = FindClear(from, stop);
            if (found != stop)
            {
                if (from != first)
                {
                    Set(first, from - first);
                }

                return found;
            }

            Clear(from, stop - from);
            from = stop;
        }

        return end;
    }

    /// <summary>The number of 1 bits in [0, <paramref name="end"/>).</summary>
    /// <param name="end">Where to stop counting; at most <see cref="BitCount"/>.</param>
    public ulong CountSet(ulong end) => !HasIndex ? WordBits.CountSet(_words, end) : _index->CountSet(end);
}
