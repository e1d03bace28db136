namespace Bootmem.Boot;

/// <summary>A zone of a node: the kernel's <c>struct zone</c>. It can be read at any time; only the allocator writes
/// it.</summary>
public unsafe struct Zone
{
    /// <summary>MAX_ORDER: blocks are of order 0 .. 10.</summary>
    public const int MaxOrder = 11;

    /// <summary>NR_CPUS: how many CPUs can have lists; a power of two.</summary>
    public const int MaxCpus = 8;

    // A PageSet is 88 bytes; a fixed buffer can only be of primitives.
    private const int PageSetWords = 11;

    private fixed ulong _pageSets[MaxCpus * PageSetWords];
    private fixed ulong _freeCounts[MaxOrder];
    private fixed uint _freeHeads[MaxOrder];
    private fixed ulong _lowmemReserve[Zones.MaxCount];

    /// <summary>The node's mem_map.</summary>
    public byte* MemMap;

    /// <summary>The node's first page, which the mem_map begins with.</summary>
    public ulong MapPfn;

    /// <summary>zone_start_pfn: the zone's first page.</summary>
    public ulong StartPfn;

    /// <summary>spanned_pages: how many pages from the first to the last, holes included.</summary>
    public ulong SpannedPages;

    /// <summary>present_pages: how many pages, as the architecture told.</summary>
    public ulong PresentPages;

    /// <summary>free_pages: pages in the buddy lists. Pages on per-CPU lists are not among them.</summary>
    public ulong FreePages;

    /// <summary>pages_min: what only allocations that cannot wait may go below.</summary>
    public ulong PagesMin;

    /// <summary>pages_low: the mark that an allocation keeps to at first.</summary>
    public ulong PagesLow;

    /// <summary>pages_high: where reclaim would stop.</summary>
    public ulong PagesHigh;

    /// <summary>Bytes from one entry of the mem_map to the next.</summary>
    public int Stride;

    /// <summary>The node's number.</summary>
    public int Node;

    /// <summary>The batch that the boot log names.</summary>
    public int Batch;

    /// <summary>The zone's number in its node.</summary>
    public int Index;

    /// <summary>What kind of zone it is.</summary>
    public ZoneKind Kind;

    /// <summary>The first page number beyond the zone.</summary>
    public readonly ulong EndPfn => StartPfn + SpannedPages;

    /// <summary>Whether a page lies in the zone.</summary>
    /// <param name="pfn">A page's number.</param>
    public readonly bool Spans(ulong pfn) => pfn - StartPfn < SpannedPages;

    /// <summary>nr_free: how many free blocks of an order there are.</summary>
    /// <param name="order">0 .. 10.</param>
    public readonly ulong FreeCount(int order) => _freeCounts[order];

    /// <summary>The first free block of an order: its index in the mem_map plus 1; 0 if there is none.</summary>
    /// <param name="order">0 .. 10.</param>
    public readonly uint FreeHead(int order) => _freeHeads[order];

    /// <summary>lowmem_reserve: pages kept from allocations that could have come from a higher zone.</summary>
    /// <param name="index">The number of the highest zone that the allocation could come from.</param>
    public readonly ulong LowmemReserve(int index) => _lowmemReserve[index];

    /// <summary>A CPU's lists.</summary>
    /// <param name="zone">A zone, in memory that does not move.</param>
    /// <param name="cpu">0 .. <see cref="MaxCpus"/>-1; 0 is the boot CPU.</param>
    public static PageSet* PageSetOf(Zone* zone, int cpu) => (PageSet*)(zone->_pageSets + (cpu * PageSetWords));

    /// <summary>The entry of a page of the zone.</summary>
    /// <param name="pfn">The page's number.</param>
    public readonly Page* PageOf(ulong pfn) => (Page*)(MemMap + ((nuint)(pfn - MapPfn) * (nuint)Stride));

    /// <summary>What a list writes for a page.</summary>
    /// <param name="pfn">The page's number.</param>
    public readonly uint LinkOf(ulong pfn) => (uint)(pfn - MapPfn) + 1;

    /// <summary>The page that a list means.</summary>
    /// <param name="link">A link that is not 0.</param>
    public readonly ulong PfnOf(uint link) => MapPfn + link - 1;

    /// <summary>The entry of the page that a list means.</summary>
    /// <param name="link">A link that is not 0.</param>
    public readonly Page* PageAt(uint link) => (Page*)(MemMap + ((nuint)(link - 1) * (nuint)Stride));

    /// <summary>
    /// Writes how many free blocks of an order there are: for a machine without a mem_map, whose lists are computed.
    /// </summary>
    /// <param name="order">0 .. 10.</param>
    /// <param name="count">How many.</param>
    public void SetFreeCount(int order, ulong count) => _freeCounts[order] = count;

    internal void SetLowmemReserve(int index, ulong pages) => _lowmemReserve[index] = pages;

    // A free block goes to the head of the list of its order.
    internal void AddBlock(ulong pfn, int order)
    {
        Page* page = PageOf(pfn);
        uint link = LinkOf(pfn);
        uint head = _freeHeads[order];
        page->Flags |= PageFlags.Buddy;
        page->Order = order;
        page->Next = head;
        page->Previous = 0;
        if (head != 0)
        {
            PageAt(head)->Previous = link;
        }

        _freeHeads[order] = link;
        _freeCounts[order]++;
    }

    internal void RemoveBlock(Page* page, int order)
    {
        if (page->Next != 0)
        {
            PageAt(page->Next)->Previous = page->Previous;
        }

        if (page->Previous != 0)
        {
            PageAt(page->Previous)->Next = page->Next;
        }
        else
        {
            _freeHeads[order] = page->Next;
        }

        page->Flags &= ~PageFlags.Buddy;
        page->Next = 0;
        page->Previous = 0;
        _freeCounts[order]--;
    }
}
