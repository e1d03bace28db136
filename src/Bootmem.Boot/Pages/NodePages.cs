namespace Bootmem.Boot;

/// <summary>What the page allocator knows of a node: the kernel's <c>pg_data_t</c>.</summary>
public unsafe struct NodePages
{
    /// <summary>node_start_pfn: the node's first page.</summary>
    public ulong StartPfn;

    /// <summary>node_spanned_pages: how many pages, holes included.</summary>
    public ulong SpannedPages;

    /// <summary>node_mem_map: an entry for each of them.</summary>
    public byte* MemMap;

    /// <summary>Bytes from one entry to the next: sizeof(struct page).</summary>
    public int Stride;

    /// <summary>Where the node's zones begin in the array of zones.</summary>
    public int FirstZone;

    /// <summary>The node behind this one in the kernel's list of nodes; -1 at its end.</summary>
    public int NextNode;

    /// <summary>Whether the node was added.</summary>
    public bool IsOnline;

    /// <summary>Whether a page lies in the node.</summary>
    /// <param name="pfn">A page's number.</param>
    public readonly bool Spans(ulong pfn) => pfn - StartPfn < SpannedPages;
}
