namespace Bootmem;

/// <summary>
/// A node's bitmap: bit k stands for the node's page k; 1 is reserved, 0 is free. Bit k is bit k mod 8 of byte k / 8,
/// which is the kernel's layout on a little-endian machine of either width. Words of 64 bits are used to walk it; the
/// bytes behind the map, up to the next multiple of 8, must be readable, and are left as they are.
/// </summary>
public readonly unsafe struct Bitmap
{
    private readonly ulong* _words;

    /// <summary>The number of bits: a multiple of the kernel's word, padding included.</summary>
    public readonly ulong BitCount;

    /// <summary>A bitmap over memory.</summary>
    /// <param name="bytes">Its first byte, aligned to 8.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    public Bitmap(byte* bytes, ulong byteCount)
    {
        _words = (ulong*)bytes;
        BitCount = byteCount << 3;
    }

    /// <summary>The map's first byte.</summary>
    public byte* Bytes => (byte*)_words;

    /// <summary>Whether a page is reserved. A bit beyond the map counts as 0: the memory there is taken as fresh.</summary>
    /// <param name="index">A page's index in the node.</param>
    public bool IsSet(ulong index) => index < BitCount && ((_words[index >> 6] >> (int)(index & 63)) & 1) != 0;

    /// <summary>The first 0 bit in [<paramref name="from"/>, <paramref name="end"/>), or end if there is none.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">Where to stop.</param>
    public ulong FindClear(ulong from, ulong end)
    {
        ulong mapEnd = end < BitCount ? end : BitCount;
        ulong found = Find(from, mapEnd, ulong.MaxValue);

        // Beyond the map every bit counts as 0: the first of them, or the first one asked for.
        return found < mapEnd ? found : from > mapEnd && from < end ? from : mapEnd < end ? mapEnd : end;
    }

    /// <summary>The first 1 bit in [<paramref name="from"/>, <paramref name="end"/>), or end if there is none.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">Where to stop.</param>
    public ulong FindSet(ulong from, ulong end)
    {
        ulong mapEnd = end < BitCount ? end : BitCount;
        ulong found = Find(from, mapEnd, 0);
        return found < mapEnd ? found : end;
    }

    /// <summary>Makes every bit 1: all pages reserved, and the padding beyond the last page.</summary>
    public void SetAll() => Memory.Fill((byte*)_words, 0xff, BitCount >> 3);

    /// <summary>Makes the bits of a range that lies in the map 1.</summary>
    /// <param name="first">The first index.</param>
    /// <param name="count">How many; may be 0.</param>
    public void Set(ulong first, ulong count)
    {
        if (count == 0)
        {
            return;
        }

        ulong last = first + count - 1;
        ulong firstWord = first >> 6;
        ulong lastWord = last >> 6;
        ulong head = ulong.MaxValue << (int)(first & 63);
        ulong tail = ulong.MaxValue >> (int)(63 - (last & 63));
        if (firstWord == lastWord)
        {
            _words[firstWord] |= head & tail;
            return;
        }

        _words[firstWord] |= head;
        Memory.Fill((byte*)(_words + firstWord + 1), 0xff, (lastWord - firstWord - 1) << 3);
        _words[lastWord] |= tail;
    }

    /// <summary>Makes the bits of a range that lies in the map 0.</summary>
    /// <param name="first">The first index.</param>
    /// <param name="count">How many; may be 0.</param>
    public void Clear(ulong first, ulong count)
    {
        if (count == 0)
        {
            return;
        }

        ulong last = first + count - 1;
        ulong firstWord = first >> 6;
        ulong lastWord = last >> 6;
        ulong head = ulong.MaxValue << (int)(first & 63);
        ulong tail = ulong.MaxValue >> (int)(63 - (last & 63));
        if (firstWord == lastWord)
        {
            _words[firstWord] &= ~(head & tail);
            return;
        }

        _words[firstWord] &= ~head;
        Memory.Fill((byte*)(_words + firstWord + 1), 0, (lastWord - firstWord - 1) << 3);
        _words[lastWord] &= ~tail;
    }

    /// <summary>The number of 1 bits in [0, <paramref name="end"/>).</summary>
    /// <param name="end">Where to stop counting; at most <see cref="BitCount"/>.</param>
    public ulong CountSet(ulong end)
    {
        ulong count = 0;
        ulong whole = end >> 6;
        for (ulong i = 0; i < whole; i++)
        {
            count += (ulong)Bits.Count(_words[i]);
        }

        int rest = (int)(end & 63);
        return rest == 0 ? count : count + (ulong)Bits.Count(_words[whole] & ((1UL << rest) - 1));
    }

    // The first bit in [from, end) that differs from the bits of `skip` (all ones or all zeros); end if there is none.
    private ulong Find(ulong from, ulong end, ulong skip)
    {
        if (from >= end)
        {
            return end;
        }

        ulong word = from >> 6;
        ulong lastWord = (end - 1) >> 6;
        ulong candidates = (_words[word] ^ skip) & (ulong.MaxValue << (int)(from & 63));
        while (candidates == 0)
        {
            if (word == lastWord)
            {
                return end;
            }

            word++;
            candidates = _words[word] ^ skip;
        }

        ulong found = (word << 6) + (ulong)Bits.LowestSet(candidates);
        return found < end ? found : end;
    }
}
