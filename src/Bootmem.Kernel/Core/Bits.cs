using System.Runtime;
using System.Runtime.CompilerServices;

namespace System.Numerics;

/// <summary>
/// The questions about the bits of a word. The compiler makes calls of them here: what the processor counts well (CLZ) is
/// two instructions of assembly, the rest follows from it.
/// </summary>
public static class BitOperations
{
    /// <summary>How many 0 bits stand above the highest 1.</summary>
    /// <param name="value">Any word; 0 gives 32.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_count_leading_zeros")]
    public static extern int LeadingZeroCount(uint value);

    /// <summary>How many 0 bits stand above the highest 1.</summary>
    /// <param name="value">Any word; 0 gives 64.</param>
    public static int LeadingZeroCount(ulong value)
    {
        uint high = (uint)(value >> 32);
        return high != 0 ? LeadingZeroCount(high) : 32 + LeadingZeroCount((uint)value);
    }

    /// <summary>How many 0 bits stand below the lowest 1.</summary>
    /// <param name="value">Any word; 0 gives 32.</param>
    public static int TrailingZeroCount(uint value) =>
        value == 0 ? 32 : 31 - LeadingZeroCount(value & (0 - value));

    /// <summary>How many 0 bits stand below the lowest 1.</summary>
    /// <param name="value">Any word; 0 gives 64.</param>
    public static int TrailingZeroCount(ulong value)
    {
        uint low = (uint)value;
        return low != 0 ? TrailingZeroCount(low) : 32 + TrailingZeroCount((uint)(value >> 32));
    }

    /// <summary>How many bits are 1.</summary>
    /// <param name="value">Any word.</param>
    public static int PopCount(ulong value) => PopCount((uint)value) + PopCount((uint)(value >> 32));

    // Pairs, nibbles, bytes, and all of them by one multiplication.
    private static int PopCount(uint value)
    {
        value -= (value >> 1) & 0x5555_5555;
        value = (value & 0x3333_3333) + ((value >> 2) & 0x3333_3333);
        value = (value + (value >> 4)) & 0x0f0f_0f0f;
        return (int)((value * 0x0101_0101) >> 24);
    }
}
