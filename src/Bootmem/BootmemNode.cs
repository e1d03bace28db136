namespace Bootmem;

/// <summary>
/// What bootmem knows of one node: the kernel's <c>bootmem_data_t</c>. All zero before the node's init. It can be read
/// at any time; only the allocator writes it.
/// </summary>
public struct BootmemNode
{
    /// <summary>node_boot_start: physical address of the node's first page, in bytes.</summary>
    public ulong BootStart;

    /// <summary>node_low_pfn: number of the first page beyond the node.</summary>
    public ulong LowPfn;

    /// <summary>last_pos: the page in which the last allocation ended, as an index from the node's start.</summary>
    public ulong LastPos;

    /// <summary>last_offset: byte offset in that page behind the last allocation, 0 .. PAGE_SIZE-1; 0 if it ended with
    /// its page.</summary>
    public ulong LastOffset;

    /// <summary>
    /// last_success: where the next search with a goal may begin. An allocation writes bytes from the node's start, a
    /// free writes an absolute address; readers compare it as it stands. The confusion is the kernel's.
    /// </summary>
    public ulong LastSuccess;

    /// <summary>Physical address of the bitmap, in bytes.</summary>
    public ulong MapAddress;

    /// <summary>node_bootmem_map: the bitmap, while <see cref="HasMap"/>.</summary>
    public Bitmap Map;

    /// <summary>Whether there is a bitmap: not before init and not after the hand-over.</summary>
    public bool HasMap;

    /// <summary>The node behind this one in the list of nodes; -1 at its end.</summary>
    public int NextNode;

    /// <summary>Whether the node is in the list: from its init on, for ever.</summary>
    public bool IsListed;

    // Size in bytes, where there is a map with a bit for each page, no sum wraps within, and nobody watches; else 0.
    internal ulong QuietSize;

    // The same where also the map has no index, and the kernel does not say what is reserved twice.
    internal ulong PlainSize;

    /// <summary>The number of pages, as every call computes it: low_pfn - (boot_start &gt;&gt; PAGE_SHIFT).</summary>
    /// <param name="word">The machine's arithmetic.</param>
    public readonly ulong PageCount(KernelWord word) => word.Subtract(LowPfn, word.PfnOf(BootStart));
}
