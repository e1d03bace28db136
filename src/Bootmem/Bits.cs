using System.Numerics;

namespace Bootmem;

/// <summary>The questions about the bits of one word: the only place that knows the processor's instructions for
/// them.</summary>
public static class Bits
{
    /// <summary>Index of the lowest set bit; 64 for 0.</summary>
    /// <param name="word">Any word.</param>
    public static int LowestSet(ulong word) => BitOperations.TrailingZeroCount(word);

    /// <summary>The floor of the binary logarithm; 0 for 0 (the kernel's long_log2 of mm/page_alloc.c).</summary>
    /// <param name="word">Any word.</param>
    public static int Log2(ulong word) => 63 - BitOperations.LeadingZeroCount(word | 1);

    /// <summary>The kernel's fls(): the 1-based index of the highest set bit; 0 for 0.</summary>
    /// <param name="word">Any word.</param>
    public static int FindLastSet(ulong word) => 64 - BitOperations.LeadingZeroCount(word);

    /// <summary>The kernel's ffs(): the 1-based index of the lowest set bit of an <c>int</c>; 0 for 0.</summary>
    /// <param name="word">Any word.</param>
    public static int FindFirstSet(uint word) => word == 0 ? 0 : BitOperations.TrailingZeroCount(word) + 1;

    /// <summary>The number of set bits.</summary>
    /// <param name="word">Any word.</param>
    public static int Count(ulong word) => BitOperations.PopCount(word);
}
