using System;

namespace Bootmem.Lab;

/// <summary>A range of physical memory, <c>[start, end)</c>.</summary>
/// <param name="Start">Physical address of the first byte.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct MemoryRange(ulong Start, ulong Size)
{
    /// <summary>The first address behind the range; it wraps at 2^64.</summary>
    public ulong End => unchecked(Start + Size);

    /// <summary>The range between two addresses.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="end">The first address behind it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The end lies below the start.</exception>
    public static MemoryRange Between(ulong start, ulong end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        return new MemoryRange(start, end - start);
    }

    /// <summary>Whether an address lies in the range.</summary>
    /// <param name="address">A physical address.</param>
    public bool Contains(ulong address) => address >= Start && address - Start < Size;

    /// <inheritdoc/>
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
