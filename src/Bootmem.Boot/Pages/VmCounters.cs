namespace Bootmem.Boot;

/// <summary>What the page allocator counts for /proc/vmstat, in pages: the kernel's <c>page_state</c>.</summary>
public struct VmCounters
{
    /// <summary>pgfree: pages freed.</summary>
    public ulong PgFree;

    /// <summary>pgalloc_high: pages allocated from ZONE_HIGHMEM.</summary>
    public ulong PgAllocHigh;

    /// <summary>pgalloc_normal: from ZONE_NORMAL.</summary>
    public ulong PgAllocNormal;

    /// <summary>pgalloc_dma: from ZONE_DMA, and in 2.6.15 from ZONE_DMA32: it got a row of its own in
    /// 2.6.16.</summary>
    public ulong PgAllocDma;
}
