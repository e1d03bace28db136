namespace Bootmem;

/// <summary>How a part of a bitmap is kept.</summary>
public enum StretchKind : byte
{
    /// <summary>Bit by bit.</summary>
    Bits,

    /// <summary>As known to be reserved, all of it: its bits need not have been written.</summary>
    Reserved,

    /// <summary>As known to be free, all of it.</summary>
    Free,
}

/// <summary>
/// A part of a bitmap that is kept in one way, so that whoever goes through a map can do so at the cost of its
/// changes, not of its pages. A map without an index is one stretch of bits.
/// </summary>
public readonly unsafe struct MapStretch
{
    /// <summary>The first index: a multiple of 64.</summary>
    public readonly ulong First;

    /// <summary>The first index behind it.</summary>
    public readonly ulong End;

    /// <summary>How it is kept.</summary>
    public readonly StretchKind Kind;

    /// <summary>The words of the map with its bits; only where it is kept in bits.</summary>
    public readonly ulong* Words;

    internal MapStretch(ulong first, ulong end, StretchKind kind, ulong* words)
    {
        First = first;
        End = end;
        Kind = kind;
        Words = words;
    }
}
