using System.Collections.Generic;

namespace Bootmem.Lab.Checks;

/// <summary>What was found. docs/check.md has a paragraph for each.</summary>
public enum FindingKind
{
    /// <summary>Two owners have bytes in common.</summary>
    Overlap,

    /// <summary>The INITRD and the kernel have bytes in common.</summary>
    InitrdOverKernel,

    /// <summary>The INITRD and the device tree have bytes in common.</summary>
    InitrdOverDeviceTree,

    /// <summary>The bitmap will be written over something.</summary>
    BitmapHit,

    /// <summary>No place behind the kernel is large enough for the bitmap.</summary>
    BitmapNoRoom,

    /// <summary>A header reservation and another one overlap, but are not the same.</summary>
    HeaderDisagrees,

    /// <summary>Two banks have bytes in common.</summary>
    BanksOverlap,

    /// <summary>A bank or a range does not begin and end on page boundaries.</summary>
    Misaligned,

    /// <summary>A range lies in RAM in part only.</summary>
    OutsideRam,

    /// <summary>No bank holds any byte of a range.</summary>
    NoBank,

    /// <summary>A range lies in RAM that bootmem does not manage: high memory.</summary>
    HighMemory,

    /// <summary>A bank reaches beyond what 32 bits can say.</summary>
    Beyond32Bits,

    /// <summary>A reservation has no byte.</summary>
    Empty,

    /// <summary>A region without a place of its own asks for what cannot be.</summary>
    DynamicBad,

    /// <summary>A region without a place of its own fits nowhere.</summary>
    DynamicNoPlace,

    /// <summary>Two descriptions of one range, by design.</summary>
    SameRange,

    /// <summary>A bank has no byte: the boot loader fills it in.</summary>
    BankEmpty,

    /// <summary>The file tells of no RAM at all.</summary>
    NoMemory,

    /// <summary>Nobody said where the kernel lies.</summary>
    NoKernel,

    /// <summary>There are more overlaps than are shown.</summary>
    MoreOverlaps,
}

/// <summary>Something that was found in a picture of memory.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsProblem">Whether something is wrong; else it is a note.</param>
/// <param name="Text">What was found: one sentence.</param>
/// <param name="Consequence">What bootmem does there; empty where there is nothing to say.</param>
public sealed record CheckFinding(FindingKind Kind, bool IsProblem, string Text, string Consequence = "")
{
    /// <summary>Whose ranges it is about.</summary>
    public IReadOnlyList<OwnedRange> Owners { get; init; } = [];

    /// <summary>The bytes that the owners have in common, if that is what is wrong.</summary>
    public ByteRange? Common { get; init; }
}

/// <summary>The names of findings, which stay as they are: scripts depend on them.</summary>
public static class FindingNames
{
    /// <summary>A finding's name: <c>initrd-over-kernel</c>.</summary>
    /// <param name="kind">What was found.</param>
    public static string Of(FindingKind kind) => kind switch
    {
        FindingKind.Overlap => "overlap",
        FindingKind.InitrdOverKernel => "initrd-over-kernel",
        FindingKind.InitrdOverDeviceTree => "initrd-over-device-tree",
        FindingKind.BitmapHit => "bitmap-hit",
        FindingKind.BitmapNoRoom => "bitmap-no-room",
        FindingKind.HeaderDisagrees => "header-disagrees",
        FindingKind.BanksOverlap => "banks-overlap",
        FindingKind.Misaligned => "misaligned",
        FindingKind.OutsideRam => "outside-ram",
        FindingKind.NoBank => "no-bank",
        FindingKind.HighMemory => "high-memory",
        FindingKind.Beyond32Bits => "beyond-32-bits",
        FindingKind.Empty => "empty",
        FindingKind.DynamicBad => "dynamic-bad",
        FindingKind.DynamicNoPlace => "dynamic-no-place",
        FindingKind.SameRange => "same-range",
        FindingKind.BankEmpty => "bank-empty",
        FindingKind.NoMemory => "no-memory",
        FindingKind.NoKernel => "no-kernel",
        _ => "more-overlaps",
    };
}
