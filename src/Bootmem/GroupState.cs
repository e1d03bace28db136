namespace Bootmem;

/// <summary>
/// How a group of 512 pages is kept in a <see cref="MapIndex"/>: as one border, or as bits. With one border the pages
/// before it are all free and the others reserved, or the other way round; a group that is all of one kind has its
/// border at page 0. Then its bits in the map do not count. Of a group in bits a state says how long a run of free
/// pages there can be.
/// </summary>
/// <remarks>
/// Reserved and free change places if all bits of a border's state do: what is said of free pages is said of reserved
/// ones so.
/// </remarks>
internal static class GroupState
{
    /// <summary>log2 of the pages of a group.</summary>
    public const int Shift = 9;

    /// <summary>The pages of a group: 64 bytes of the map.</summary>
    public const ulong Size = 1UL << Shift;

    /// <summary>All reserved: free up to page 0.</summary>
    public const ushort Full = 0;

    /// <summary>All free: free from page 0 on.</summary>
    public const ushort AllFree = 0xffff;

    /// <summary>In bits; a run may have any length.</summary>
    public const ushort Unknown = 0x4040;

    /// <summary>In bits, with runs of 14 free pages at the most: no byte of the map is free, or the longest run was
    /// counted.</summary>
    public const ushort Scattered = FirstInBits + (ushort)WordBits.MostWithoutClearByte;

    // Below are k for "free up to k", at the other end 0xffff - k for "free from k on"; in bits is what is between.
    private const ushort FirstInBits = (ushort)Size;
    private const ushort EndOfBits = AllFree - (ushort)Size + 1;

    /// <summary>Whether the group's bits count.</summary>
    public static bool IsInBits(ushort state) => state is >= FirstInBits and < EndOfBits;

    /// <summary>In bits, with a longest run of 1 to 511 free pages.</summary>
    public static ushort InBits(ulong longest) => (ushort)(FirstInBits + longest);

    /// <summary>A bound on the longest run of free pages; not for <see cref="Unknown"/>.</summary>
    public static ulong Longest(ushort state) =>
        state < FirstInBits ? state : state >= EndOfBits ? Size - Border(state) : (ulong)(state - FirstInBits);

    /// <summary>The first free page at or after one of the group, 512 if there is none; not for a group in
    /// bits.</summary>
    public static ulong FirstFree(ushort state, ulong page)
    {
        ulong border = Border(state);
        return state < FirstInBits ? (page < border ? page : Size) : page < border ? border : page;
    }

    /// <summary>How many pages at the group's end are free; not for a group in bits.</summary>
    public static ulong FreeTail(ushort state) => state < FirstInBits ? 0 : Size - Border(state);

    /// <summary>The word of the map with the bits of a page's neighbours; not for a group in bits.</summary>
    public static ulong WordOf(ushort state, ulong page)
    {
        ulong first = page & (Size - 64);
        ulong border = Border(state);
        ulong before = border <= first ? 0 : border >= first + 64 ? ulong.MaxValue : (1UL << (int)(border - first)) - 1;
        return state < FirstInBits ? ~before : before;
    }

    /// <summary>
    /// A group with one border after pages at one of its ends were reserved; <see cref="Unknown"/> if it has two
    /// borders then.
    /// </summary>
    /// <param name="state">The group before; not one in bits.</param>
    /// <param name="first">The first page that is reserved.</param>
    /// <param name="end">The first one behind them; either first is 0 or end is size.</param>
    /// <param name="size">The group's pages; fewer than 512 at the end of a map.</param>
    public static ushort Reserve(ushort state, ulong first, ulong end, ulong size)
    {
        ulong border = Border(state);
        if (state < FirstInBits)
        {
            return end >= border ? (ushort)(first < border ? first : border) : Unknown;
        }

        if (first <= border)
        {
            border = end > border ? end : border;
            return border >= size ? Full : (ushort)(AllFree - border);
        }

        return border == 0 ? (ushort)first : Unknown;
    }

    /// <summary>The same for pages that were freed.</summary>
    public static ushort Free(ushort state, ulong first, ulong end, ulong size)
    {
        ushort reversed = Reserve((ushort)~state, first, end, size);
        return reversed == Unknown ? Unknown : (ushort)~reversed;
    }

    private static ulong Border(ushort state) => state < FirstInBits ? state : (ulong)(AllFree - state);
}
