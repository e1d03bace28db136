namespace Bootmem.Boot;

/// <summary>How an allocation may get its pages: the kernel's <c>__GFP_…</c> bits and their usual sums.</summary>
public enum GfpMask
{
    /// <summary>No bit: from ZONE_NORMAL down, without waiting.</summary>
    None = 0,

    /// <summary>__GFP_DMA: from ZONE_DMA only.</summary>
    Dma = 0x01,

    /// <summary>__GFP_HIGHMEM: from ZONE_HIGHMEM down.</summary>
    HighMem = 0x02,

    /// <summary>__GFP_DMA32: from ZONE_DMA32 down; only where the kernel has that zone and 64 bits.</summary>
    Dma32 = 0x04,

    /// <summary>__GFP_WAIT: the caller can wait. Nothing is ever reclaimed here, so it only keeps out of the
    /// reserves.</summary>
    Wait = 0x10,

    /// <summary>__GFP_HIGH: may go down to half of the least mark.</summary>
    High = 0x20,

    /// <summary>__GFP_IO: may start I/O; without effect here.</summary>
    Io = 0x40,

    /// <summary>__GFP_FS: may call into file systems; without effect here.</summary>
    Fs = 0x80,

    /// <summary>__GFP_COLD: a page that is not in the processor's cache will do: from the cold list.</summary>
    Cold = 0x100,

    /// <summary>__GFP_NOWARN: say nothing of a failure.</summary>
    NoWarn = 0x200,

    /// <summary>__GFP_ZERO: the pages are cleared.</summary>
    Zero = 0x8000,

    /// <summary>GFP_ATOMIC: cannot wait, may use the reserves.</summary>
    Atomic = High,

    /// <summary>GFP_KERNEL: the kernel's own memory. GFP_USER is the same sum.</summary>
    Kernel = Wait | Io | Fs,

    /// <summary>GFP_HIGHUSER: memory for user space, from ZONE_HIGHMEM down.</summary>
    HighUser = Wait | Io | Fs | HighMem,
}
