using System;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>What a range of physical memory is for.</summary>
public enum RangeKind
{
    /// <summary>RAM, as the firmware or <c>mem=</c> tells of it.</summary>
    Bank,

    /// <summary>The kernel's image.</summary>
    Kernel,

    /// <summary>The 16 KiB below the image: swapper_pg_dir of arch/arm.</summary>
    PageDirectory,

    /// <summary>The bitmaps of all nodes, behind the image.</summary>
    Bitmap,

    /// <summary>The INITRD.</summary>
    Initrd,

    /// <summary>The device tree blob itself.</summary>
    DeviceTree,

    /// <summary>An entry of the blob's header, <c>/memreserve/</c>.</summary>
    Header,

    /// <summary>A child of <c>/reserved-memory</c> with a place of its own.</summary>
    Reserved,

    /// <summary>A child of <c>/reserved-memory</c> that leaves its place to the kernel, where it would be put.</summary>
    Dynamic,

    /// <summary>What a PC's firmware keeps: ranges of its map that are not usable, its pages in low memory.</summary>
    Firmware,

    /// <summary>The page tables that an i386 kernel boots with, behind its image.</summary>
    PageTables,

    /// <summary>The range of the article's private memory manager.</summary>
    Private,
}

/// <summary>A range of physical memory with its owner: [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Owner">Who has it, in the words of the machine's file.</param>
/// <param name="Start">Address of its first byte.</param>
/// <param name="End">Address behind its last byte; equal to the start if it is empty.</param>
/// <param name="Node">Of a bank: its node.</param>
/// <param name="IsNoMap">Of a reservation: whether it has <c>no-map</c>.</param>
public sealed record OwnedRange(
    RangeKind Kind, string Owner, ulong Start, ulong End, int Node = 0, bool IsNoMap = false)
{
    /// <summary>Its size in bytes.</summary>
    public ulong Size => End - Start;

    /// <summary>Whether it has no byte.</summary>
    public bool IsEmpty => Start == End;

    /// <summary>Whether both have the same first and last byte.</summary>
    /// <param name="other">Another range.</param>
    public bool IsSameAs(OwnedRange other) => other is not null && Start == other.Start && End == other.End;

    /// <summary>Whether all bytes of another one are in it.</summary>
    /// <param name="other">Another range.</param>
    public bool Holds(OwnedRange other) => other is not null && Start <= other.Start && other.End <= End;

    /// <summary>The bytes that two ranges have in common; null if there are none.</summary>
    /// <param name="other">Another range.</param>
    public ByteRange? CommonWith(OwnedRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ulong start = Math.Max(Start, other.Start);
        ulong end = Math.Min(End, other.End);
        return start < end ? new ByteRange(start, end) : null;
    }

    /// <summary>Owner and range, as findings name it.</summary>
    public override string ToString() => $"{Owner} {new ByteRange(Start, End)}";
}

/// <summary>A range of bytes, [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Start">Address of its first byte.</param>
/// <param name="End">Address behind its last byte.</param>
public readonly record struct ByteRange(ulong Start, ulong End)
{
    /// <summary>Its size in bytes.</summary>
    public ulong Size => End - Start;

    /// <summary>Its size as people read it.</summary>
    public string SizeText => Words.Size(Size);

    /// <summary>The range in half-open notation.</summary>
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
