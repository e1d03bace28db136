using System;

namespace Bootmem.Boot;

/// <summary>The properties that a machine is read from; docs/machines.md describes them.</summary>
public enum FdtName : byte
{
    /// <summary>None in particular.</summary>
    None,

    /// <summary>Cells of an address in the children's <c>reg</c>.</summary>
    AddressCells,

    /// <summary>Cells of a size in the children's <c>reg</c>.</summary>
    SizeCells,

    /// <summary>A node's ranges.</summary>
    Reg,

    /// <summary>The size of a range whose place is left to the kernel.</summary>
    Size,

    /// <summary>The NUMA node that a bank belongs to.</summary>
    NumaNodeId,

    /// <summary>Where the INITRD starts.</summary>
    InitrdStart,

    /// <summary>Where the INITRD ends.</summary>
    InitrdEnd,

    /// <summary>The node that holds the private memory manager's range.</summary>
    MemoryRegion,

    /// <summary>The private memory manager's INITRD.</summary>
    Initrd,

    /// <summary>Bytes of ZONE_DMA.</summary>
    DmaSize,

    /// <summary>Bytes of ZONE_NORMAL.</summary>
    NormalSize,

    /// <summary>Bytes of ZONE_HIGHMEM.</summary>
    HighSize,

    /// <summary>Virtual address of the range's first byte.</summary>
    PageOffset,

    /// <summary>Bytes of the vmalloc area.</summary>
    VmallocSize,

    /// <summary>Bytes of the kmap window.</summary>
    PkmapSize,

    /// <summary>Bytes of the fixed mappings.</summary>
    FixmapSize,

    /// <summary>The kernel's image.</summary>
    KernelImage,

    /// <summary>Its init section.</summary>
    KernelInit,

    /// <summary>Its code.</summary>
    KernelText,

    /// <summary>Its data.</summary>
    KernelData,

    /// <summary>The header's reserve map: no property, but what errors name.</summary>
    ReserveMap,
}

/// <summary>How those properties are written.</summary>
public static class FdtNames
{
    /// <summary>The name as the device tree has it.</summary>
    /// <param name="name">A property.</param>
    public static ReadOnlySpan<byte> Text(FdtName name) => name switch
    {
        FdtName.AddressCells => "#address-cells"u8,
        FdtName.SizeCells => "#size-cells"u8,
        FdtName.Reg => "reg"u8,
        FdtName.Size => "size"u8,
        FdtName.NumaNodeId => "numa-node-id"u8,
        FdtName.InitrdStart => "linux,initrd-start"u8,
        FdtName.InitrdEnd => "linux,initrd-end"u8,
        FdtName.MemoryRegion => "memory-region"u8,
        FdtName.Initrd => "initrd"u8,
        FdtName.DmaSize => "dma-size"u8,
        FdtName.NormalSize => "normal-size"u8,
        FdtName.HighSize => "high-size"u8,
        FdtName.PageOffset => "page-offset"u8,
        FdtName.VmallocSize => "vmalloc-size"u8,
        FdtName.PkmapSize => "pkmap-size"u8,
        FdtName.FixmapSize => "fixmap-size"u8,
        FdtName.KernelImage => "kernel-image"u8,
        FdtName.KernelInit => "kernel-init"u8,
        FdtName.KernelText => "kernel-text"u8,
        FdtName.KernelData => "kernel-data"u8,
        FdtName.ReserveMap => "/memreserve/"u8,
        _ => ""u8,
    };
}
