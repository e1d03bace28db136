using System;

namespace Bootmem.Boot;

/// <summary>The zones of a node, from the lowest pages to the highest.</summary>
public enum ZoneKind : byte
{
    /// <summary>ZONE_DMA: what old devices can reach.</summary>
    Dma,

    /// <summary>ZONE_DMA32: what 32-bit devices can reach. From 2.6.15.</summary>
    Dma32,

    /// <summary>ZONE_NORMAL: the rest of what the kernel has mapped.</summary>
    Normal,

    /// <summary>ZONE_HIGHMEM: pages that the kernel maps only while it needs them.</summary>
    HighMem,
}

/// <summary>The kinds of zones, by name and by number.</summary>
public static class Zones
{
    /// <summary>The most zones that a node of any version has.</summary>
    public const int MaxCount = 4;

    /// <summary>The name that the kernel prints.</summary>
    /// <param name="kind">A kind of zone.</param>
    public static ReadOnlySpan<byte> Name(ZoneKind kind) => kind switch
    {
        ZoneKind.Dma => "DMA"u8,
        ZoneKind.Dma32 => "DMA32"u8,
        ZoneKind.Normal => "Normal"u8,
        _ => "HighMem"u8,
    };

    /// <summary>MAX_NR_ZONES: 3 up to 2.6.14, 4 from 2.6.15.</summary>
    /// <param name="behaviour">The kernel's behaviour.</param>
    public static int CountFor(in Behaviour behaviour) => new PageBehaviour(behaviour).HasDma32 ? 4 : 3;

    /// <summary>zone_idx(): a kind's number in its node, 0 .. <see cref="CountFor"/>-1.</summary>
    /// <param name="kind">A kind of zone that the kernel has.</param>
    /// <param name="count">MAX_NR_ZONES of the kernel.</param>
    public static int IndexOf(ZoneKind kind, int count) =>
        count == 4 || kind == ZoneKind.Dma ? (int)kind : (int)kind - 1;

    /// <summary>The kind of a number.</summary>
    /// <param name="index">A zone's number in its node.</param>
    /// <param name="count">MAX_NR_ZONES of the kernel.</param>
    public static ZoneKind KindOf(int index, int count) => (ZoneKind)(count == 4 || index == 0 ? index : index + 1);
}
