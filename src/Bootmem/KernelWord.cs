namespace Bootmem;

/// <summary>
/// The arithmetic of the modelled machine's <c>unsigned long</c>, 32 or 64 bits wide, and of its pages. Sums,
/// differences and left shifts wrap at that width, whatever the width of the machine that runs this code.
/// </summary>
public readonly struct KernelWord
{
    /// <summary>The least PAGE_SHIFT: pages of 64 bytes.</summary>
    public const int MinPageShift = 6;

    /// <summary>The greatest PAGE_SHIFT: pages of 16 MiB.</summary>
    public const int MaxPageShift = 24;

    /// <summary>The width in bits: 32 or 64.</summary>
    public readonly int Bits;

    /// <summary>PAGE_SHIFT: log2 of the page size in bytes.</summary>
    public readonly int PageShift;

    /// <summary>PAGE_SIZE in bytes.</summary>
    public readonly ulong PageSize;

    /// <summary>The greatest <c>unsigned long</c>.</summary>
    public readonly ulong Max;

    /// <summary>The arithmetic of a machine.</summary>
    /// <param name="bits">Width of <c>unsigned long</c>: 32 or 64.</param>
    /// <param name="pageShift">log2 of the page size in bytes: 6 .. 24.</param>
    public KernelWord(int bits, int pageShift)
    {
        Bits = bits;
        PageShift = pageShift;
        PageSize = 1UL << pageShift;
        Max = bits == 32 ? 0xffff_ffffUL : ulong.MaxValue;
    }

    /// <summary>The width in bytes: 4 or 8.</summary>
    public ulong Bytes => (ulong)Bits >> 3;

    /// <summary>Cuts a number to the width.</summary>
    /// <param name="x">Any number.</param>
    public ulong Wrap(ulong x) => x & Max;

    /// <summary>The wrapped sum.</summary>
    /// <param name="a">One term.</param>
    /// <param name="b">The other.</param>
    public ulong Add(ulong a, ulong b) => (a + b) & Max;

    /// <summary>The wrapped difference.</summary>
    /// <param name="a">What is subtracted from.</param>
    /// <param name="b">What is subtracted.</param>
    public ulong Subtract(ulong a, ulong b) => (a - b) & Max;

    /// <summary>
    /// <c>(x + a - 1) &amp; ~(a - 1)</c>: x rounded up to a multiple of a, a power of two. It can wrap to a small
    /// number, and is 0 for a = 0. The kernel's ALIGN() of 2.6.13; 2.6.12 writes it out.
    /// </summary>
    /// <param name="x">What to round.</param>
    /// <param name="a">A power of two, or 0.</param>
    public ulong RoundUp(ulong x, ulong a) => (x + a - 1) & ~(a - 1) & Max;

    /// <summary>The pages that <paramref name="bytes"/> bytes take; 0 where rounding up wraps.</summary>
    /// <param name="bytes">A size in bytes.</param>
    public ulong PagesOf(ulong bytes) => Add(bytes, PageSize - 1) >> PageShift;

    /// <summary>The number of the page that an address lies in.</summary>
    /// <param name="address">An address in bytes.</param>
    public ulong PfnOf(ulong address) => address >> PageShift;

    /// <summary>The address at which a page begins; high bits are lost where the shift wraps.</summary>
    /// <param name="pfn">A page frame number.</param>
    public ulong AddressOf(ulong pfn) => (pfn << PageShift) & Max;
}
