using System;
using System.Collections.Generic;
using System.Numerics;
using System.Text.Unicode;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// The CRC-32 of the text that <c>handed</c> stands for: one line <c>PFN ORDER</c> a block. A run of blocks is cut into
/// stretches in which only the lowest hex digits of the page number change, and go through all their values; the
/// lines of such a stretch are computed, not written.
/// </summary>
/// <remarks>
/// A CRC is linear: the lines of a stretch with its upper digits left out (as zero bytes) have a remainder that
/// depends on nothing but how long a line is and how many digits go round; and each upper digit adds its own
/// remainder, at one place in every line, which is a geometric sum.
/// </remarks>
internal sealed class BlockLines
{
    private const int LongestLine = 24;

    private static readonly uint[] s_table = MakeTable();

    private readonly Dictionary<(int Order, int Digits), Level[]> _levels = [];
    private uint _remainder = uint.MaxValue;

    /// <summary>The CRC-32 of all lines so far.</summary>
    public uint Value => ~_remainder;

    /// <summary>Starts over.</summary>
    public void Reset() => _remainder = uint.MaxValue;

    /// <summary>Adds the lines of blocks that lie side by side.</summary>
    /// <param name="firstPfn">The first page.</param>
    /// <param name="order">The order of each block: below 10.</param>
    /// <param name="blockCount">How many.</param>
    public void Add(ulong firstPfn, int order, ulong blockCount)
    {
        ulong pfn = firstPfn;
        ulong left = blockCount;
        while (left != 0)
        {
            int digits = DigitsOf(pfn);
            int free = FreeDigits(pfn, order, digits, left);
            ulong lines = free == 0 ? AddLine(pfn, order) : AddStretch(pfn, free, LevelsFor(order, digits)[free]);
            left -= lines;
            pfn += lines << order;
        }
    }

    private ulong AddLine(ulong pfn, int order)
    {
        Span<byte> text = stackalloc byte[LongestLine];
        Utf8.TryWrite(text, $"0x{pfn:x} {order}\n", out int length);
        _remainder = Remainder(_remainder, text[..length]);
        return 1;
    }

    private ulong AddStretch(ulong pfn, int free, in Level level)
    {
        // What stands before the digits that go round.
        Span<byte> text = stackalloc byte[LongestLine];
        Utf8.TryWrite(text, $"0x{pfn >> (4 * free):x}", out int length);
        uint prefix = Remainder(0, text[..length]);
        _remainder = CrcRegister.Multiply(_remainder, level.Length)
            ^ level.Lines ^ CrcRegister.Multiply(prefix, level.PrefixFactor);
        return level.LineCount;
    }

    private static int DigitsOf(ulong pfn) => Math.Max(1, (BitOperations.Log2(pfn | 1) >> 2) + 1);

    // How many low digits go through all values from here on. At least one is left to stand before them.
    private static int FreeDigits(ulong pfn, int order, int digits, ulong left)
    {
        int free = 0;
        for (int more = 1; more < digits && (pfn & ((1UL << (4 * more)) - 1)) == 0; more++)
        {
            ulong lines = 1UL << Math.Max((4 * more) - order, 0);
            if (lines > left)
            {
                break;
            }

            // Digits that a block itself spans do not change: they go round with the next ones.
            free = 4 * more >= order ? more : free;
        }

        return free;
    }

    private static uint Remainder(uint remainder, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            remainder = s_table[(byte)remainder ^ b] ^ (remainder >> 8);
        }

        return remainder;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = CrcRegister.Shift((uint)i, 8);
        }

        return table;
    }

    private Level[] LevelsFor(int order, int digits)
    {
        if (!_levels.TryGetValue((order, digits), out Level[]? levels))
        {
            _levels[(order, digits)] = levels = MakeLevels(order, digits);
        }

        return levels;
    }

    private static Level[] MakeLevels(int order, int digits)
    {
        Span<byte> text = stackalloc byte[LongestLine];
        Utf8.TryWrite(text, $" {order}\n", out int suffix);
        uint line = CrcRegister.Power(CrcRegister.Byte, (ulong)("0x".Length + digits + suffix));
        uint behind = CrcRegister.Power(CrcRegister.Byte, (ulong)suffix);
        Level[] levels = new Level[digits];
        levels[0] = new Level(1, Remainder(0, text[..suffix]), behind, line);
        for (int free = 1; free < digits; free++)
        {
            // All lines of the level below, for each value of one digit more.
            Level below = levels[free - 1];
            uint lines = 0;
            ulong values = 0;
            for (int value = 0; value < 16; value += 1 << Math.Clamp(order - (4 * (free - 1)), 0, 4))
            {
                uint digit = CrcRegister.Shift("0123456789abcdef"u8[value], 8);
                lines = CrcRegister.Multiply(lines, below.Length);
                lines ^= below.Lines ^ CrcRegister.Multiply(digit, below.PrefixFactor);
                values++;
            }

            // A prefix stands a digit further from its line's end, and in as many times as many lines.
            uint factor = CrcRegister.Multiply(below.PrefixFactor, CrcRegister.Byte);
            levels[free] = new Level(
                below.LineCount * values, lines, CrcRegister.Multiply(factor, CrcRegister.Sum(below.Length, values)),
                CrcRegister.Power(below.Length, values));
        }

        return levels;
    }

    /// <summary>All lines in which so many low digits go through all values.</summary>
    /// <param name="LineCount">How many lines.</param>
    /// <param name="Lines">Their remainder, with zero bytes for what stands before those digits.</param>
    /// <param name="PrefixFactor">What the remainder of that, put into each line, is multiplied by.</param>
    /// <param name="Length">x to the power of their length in bits.</param>
    private readonly record struct Level(ulong LineCount, uint Lines, uint PrefixFactor, uint Length);
}
