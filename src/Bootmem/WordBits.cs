using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>
/// Bits in an array of 64-bit words: with <see cref="VectorBits"/> the only place that walks words. Bit k is bit k mod
/// 64 of word k / 64. Words are taken four at a time where nothing is found, and sixteen where there are vectors: that
/// keeps up with memory.
/// </summary>
internal static unsafe partial class WordBits
{
    /// <summary>The longest run of 0 bits that may hold no whole byte: 7 of one byte and 7 of the next.</summary>
    public const ulong MostWithoutClearByte = 14;

    // Below this many words a loop beats the call.
    private const ulong FewWords = 16;

    /// <summary>The bits of one word from one to another, both included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mask(ulong first, ulong last) =>
        (2UL << (int)(last & 63)) - (1UL << (int)(first & 63)); // 2 << 63 is 0.

    /// <summary>The first 0 bit in [from, end); end if there is none.</summary>
    public static ulong FindClear(ulong* words, ulong from, ulong end) => Find(words, from, end, ulong.MaxValue);

    /// <summary>The first 1 bit in [from, end); end if there is none.</summary>
    public static ulong FindSet(ulong* words, ulong from, ulong end) => Find(words, from, end, 0);

    /// <summary>Makes the bits of a range 1.</summary>
    public static void Set(ulong* words, ulong first, ulong count)
    {
        if (count == 0)
        {
            return;
        }

        ulong last = first + count - 1;
        ulong* word = words + (first >> 6);
        ulong* lastWord = words + (last >> 6);
        ulong head = ulong.MaxValue << (int)(first & 63);
        ulong tail = ulong.MaxValue >> (int)(63 - (last & 63));
        if (word == lastWord)
        {
            *word |= head & tail;
            return;
        }

        // What begins with a word is filled from there: memory likes that better than from the word behind.
        if ((first & 63) != 0)
        {
            *word++ |= head;
        }

        Fill(word, lastWord, ulong.MaxValue);
        *lastWord |= tail;
    }

    /// <summary>Makes the bits of a range 0.</summary>
    public static void Clear(ulong* words, ulong first, ulong count)
    {
        if (count == 0)
        {
            return;
        }

        ulong last = first + count - 1;
        ulong* word = words + (first >> 6);
        ulong* lastWord = words + (last >> 6);
        ulong head = ulong.MaxValue << (int)(first & 63);
        ulong tail = ulong.MaxValue >> (int)(63 - (last & 63));
        if (word == lastWord)
        {
            *word &= ~(head & tail);
            return;
        }

        if ((first & 63) != 0)
        {
            *word++ &= ~head;
        }

        Fill(word, lastWord, 0);
        *lastWord &= ~tail;
    }

    /// <summary>The number of 1 bits in [0, end).</summary>
    public static ulong CountSet(ulong* words, ulong end)
    {
        ulong count = 0;
        ulong whole = end >> 6;
        for (ulong i = 0; i < whole; i++)
        {
            count += (ulong)Bits.Count(words[i]);
        }

        int rest = (int)(end & 63);
        return rest == 0 ? count : count + (ulong)Bits.Count(words[whole] & ((1UL << rest) - 1));
    }

    /// <summary>The length of the longest run of 0 bits in [0, end).</summary>
    public static ulong LongestClear(ulong* words, ulong end)
    {
        ulong longest = 0;
        ulong open = 0;
        for (ulong done = 0; done < end; done += 64)
        {
            ulong clear = ~words[done >> 6];
            if (end - done < 64)
            {
                clear &= (1UL << (int)(end - done)) - 1;
            }

            // The run that was open goes on, and may end here.
            if (clear == ulong.MaxValue)
            {
                open += 64;
                continue;
            }

            open += (ulong)Bits.LowestSet(~clear);
            longest = open > longest ? open : longest;
            open = 63 - (ulong)Bits.Log2(~clear);

            // Most words have no longer run than those before: then this is all.
            while (HasRun(clear, longest + 1))
            {
                longest++;
            }
        }

        return open > longest ? open : longest;
    }

    /// <summary>Whether a byte of some words is 0.</summary>
    public static bool HasClearByte(ulong* words, ulong count)
    {
        const ulong Lowest = 0x0101_0101_0101_0101;
        ulong found = 0;
        for (ulong i = ForSpeed.IsWanted ? VectorBits.CountWithoutClearByte(words, count) : 0; i < count; i++)
        {
            // The lowest byte that is 0 borrows from its own highest bit; those above it may, too.
            found |= (words[i] - Lowest) & ~words[i];
        }

        return (found & (Lowest << 7)) != 0;
    }

    // Whether a word has so many 1 bits in a row: shifted onto itself in steps that double.
    private static bool HasRun(ulong word, ulong length)
    {
        if (length > 64)
        {
            return false;
        }

        ulong have = 1;
        while (have < length)
        {
            ulong step = have < length - have ? have : length - have;
            word &= word >> (int)step;
            have += step;
        }

        return word != 0;
    }

    private static void Fill(ulong* word, ulong* end, ulong value)
    {
        ulong bytes = (ulong)end - (ulong)word;
        if (bytes > FewWords << 3)
        {
            Memory.Fill((byte*)word, (byte)value, bytes);
            return;
        }

        while (word != end)
        {
            *word = value;
            word++;
        }
    }

    // The first bit in [from, end) that differs from the bits of `skip` (all ones or all zeros); end if there is none.
    private static ulong Find(ulong* words, ulong from, ulong end, ulong skip)
    {
        if (from >= end)
        {
            return end;
        }

        ulong word = from >> 6;
        ulong candidates = (words[word] ^ skip) & (ulong.MaxValue << (int)(from & 63));
        if (candidates == 0)
        {
            word = FindWord(words, word + 1, (end - 1) >> 6, skip);
            if (word > (end - 1) >> 6)
            {
                return end;
            }

            candidates = words[word] ^ skip;
        }

        ulong found = (word << 6) + (ulong)Bits.LowestSet(candidates);
        return found < end ? found : end;
    }

    // The first word in [word, last] that is not `skip`; beyond last if all are.
    private static ulong FindWord(ulong* words, ulong word, ulong last, ulong skip)
    {
        if (ForSpeed.IsWanted && word + FewWords <= last)
        {
            word += VectorBits.CountEqual(words + word, last + 1 - word, skip);
        }

        while (word + 3 <= last
            && ((words[word] ^ skip) | (words[word + 1] ^ skip)
                | (words[word + 2] ^ skip) | (words[word + 3] ^ skip)) == 0)
        {
            word += 4;
        }

        while (word <= last && words[word] == skip)
        {
            word++;
        }

        return word;
    }
}
