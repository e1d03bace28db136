namespace Bootmem;

/// <summary>
/// The kernel's bootmem.h: every call of its API under the kernel's own name. Sizes and addresses are bytes and are cut
/// to the machine's <c>unsigned long</c>; addresses are physical, where the kernel's allocation calls return the
/// virtual address of the same byte. A call that the kernel would not come back from raises its fault through
/// <see cref="BootMemory.FaultHandler"/>, before anything has changed.
/// </summary>
#pragma warning disable IDE1006, SA1300 // The kernel's names are the point of this file.
public static partial class KernelApi
{
    /// <summary>The pages that the bitmap of <paramref name="pages"/> pages takes. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="pages">A number of pages; 0 gives 0.</param>
    public static ulong bootmem_bootmap_pages(ref BootMemory mem, ulong pages) => mem.BitmapPages(mem.Word.Wrap(pages));

    // Set up

    /// <summary>Brings up node 0 from pfn 0 to <paramref name="pages"/>, its bitmap at page <paramref name="start"/>;
    /// sets min_low_pfn and max_low_pfn. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="start">Page number of the bitmap.</param>
    /// <param name="pages">The first page number beyond the node.</param>
    /// <returns>The bitmap's size in bytes.</returns>
    public static ulong init_bootmem(ref BootMemory mem, ulong start, ulong pages)
    {
        ulong bytes = Initialise(ref mem, Call.init_bootmem, 0, start, 0, pages);
        mem.MinLowPfn = mem.Word.Wrap(start);
        mem.MaxLowPfn = mem.Word.Wrap(pages);
        return bytes;
    }

    /// <summary>Brings up a node with every page reserved, and puts it at the head of the list. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="freepfn">Page number of the bitmap.</param>
    /// <param name="startpfn">The node's first page.</param>
    /// <param name="endpfn">The first page beyond the node.</param>
    /// <returns>The bitmap's size in bytes.</returns>
    public static ulong init_bootmem_node(ref BootMemory mem, int node, ulong freepfn, ulong startpfn, ulong endpfn) =>
        Initialise(ref mem, Call.init_bootmem_node, node, freepfn, startpfn, endpfn);

    // Reserve

    /// <summary>Reserves a range of node 0, rounded outwards to pages. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="addr">Physical address.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static void reserve_bootmem(ref BootMemory mem, ulong addr, ulong size) =>
        Reserve(ref mem, Call.reserve_bootmem, 0, addr, size);

    /// <summary>Reserves a range of a node, rounded outwards to pages. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="physaddr">Physical address.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static void reserve_bootmem_node(ref BootMemory mem, int node, ulong physaddr, ulong size) =>
        Reserve(ref mem, Call.reserve_bootmem_node, node, physaddr, size);

    // Free

    /// <summary>Frees a range of node 0, rounded inwards to pages. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="addr">Physical address.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static void free_bootmem(ref BootMemory mem, ulong addr, ulong size) =>
        Free(ref mem, Call.free_bootmem, 0, addr, size);

    /// <summary>Frees a range of a node, rounded inwards to pages. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="addr">Physical address.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static void free_bootmem_node(ref BootMemory mem, int node, ulong addr, ulong size) =>
        Free(ref mem, Call.free_bootmem_node, node, addr, size);

    /// <summary>Hands the free pages of node 0 and its bitmap to the page allocator. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="sink">The page allocator.</param>
    /// <returns>The number of pages.</returns>
    public static ulong free_all_bootmem(ref BootMemory mem, in PageSink sink) =>
        HandOver(ref mem, Call.free_all_bootmem, 0, sink);

    /// <summary>Hands the free pages of a node and its bitmap to the page allocator. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="sink">The page allocator.</param>
    /// <returns>The number of pages.</returns>
    public static ulong free_all_bootmem_node(ref BootMemory mem, int node, in PageSink sink) =>
        HandOver(ref mem, Call.free_all_bootmem_node, node, sink);

    // Allocate. Each returns the physical address of cleared memory and panics if there is none.

    /// <summary>From the first node that can. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="align">A power of two, or 0.</param>
    /// <param name="goal">Address to look from first; 0 is none.</param>
    public static ulong __alloc_bootmem(ref BootMemory mem, ulong size, ulong align, ulong goal) =>
        Allocate(ref mem, Call.__alloc_bootmem, NoNode, size, align, goal, 0);

    /// <summary>From a node, or from any other if it cannot. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="align">A power of two, or 0.</param>
    /// <param name="goal">Address to look from first; 0 is none.</param>
    public static ulong __alloc_bootmem_node(ref BootMemory mem, int node, ulong size, ulong align, ulong goal) =>
        Allocate(ref mem, Call.__alloc_bootmem_node, node, size, align, goal, 0);

    /// <summary>From the first node that can, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="align">A power of two, or 0.</param>
    /// <param name="goal">Address to look from first; 0 is none.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong __alloc_bootmem_limit(ref BootMemory mem, ulong size, ulong align, ulong goal, ulong limit) =>
        Allocate(ref mem, Call.__alloc_bootmem_limit, NoNode, size, align, goal, limit);

    /// <summary>From a node, or from any other if it cannot, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="align">A power of two, or 0.</param>
    /// <param name="goal">Address to look from first; 0 is none.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong __alloc_bootmem_node_limit(
        ref BootMemory mem, int node, ulong size, ulong align, ulong goal, ulong limit) =>
        Allocate(ref mem, Call.__alloc_bootmem_node_limit, node, size, align, goal, limit);

    /// <summary>From the DMA goal on, aligned to a cache line. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem(ref BootMemory mem, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem, NoNode, size, mem.Options.CacheLine, mem.Options.DmaGoal, 0);

    /// <summary>From the lowest free memory, aligned to a cache line. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_low(ref BootMemory mem, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_low, NoNode, size, mem.Options.CacheLine, 0, 0);

    /// <summary>From the DMA goal on, aligned to a page. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_pages(ref BootMemory mem, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_pages, NoNode, size, mem.Word.PageSize, mem.Options.DmaGoal, 0);

    /// <summary>From the lowest free memory, aligned to a page. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_low_pages(ref BootMemory mem, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_low_pages, NoNode, size, mem.Word.PageSize, 0, 0);

    /// <summary>From a node, from the DMA goal on, aligned to a cache line. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_node(ref BootMemory mem, int node, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_node, node, size, mem.Options.CacheLine, mem.Options.DmaGoal, 0);

    /// <summary>From a node, from the DMA goal on, aligned to a page. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_pages_node(ref BootMemory mem, int node, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_pages_node, node, size, mem.Word.PageSize, mem.Options.DmaGoal, 0);

    /// <summary>From a node, from its lowest free memory, aligned to a page. All versions.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    public static ulong alloc_bootmem_low_pages_node(ref BootMemory mem, int node, ulong size) =>
        Allocate(ref mem, Call.alloc_bootmem_low_pages_node, node, size, mem.Word.PageSize, 0, 0);

    /// <summary>From the DMA goal on, aligned to a cache line, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_limit(ref BootMemory mem, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_limit, NoNode, size, mem.Options.CacheLine, mem.Options.DmaGoal, limit);

    /// <summary>From the lowest free memory, aligned to a cache line, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_low_limit(ref BootMemory mem, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_low_limit, NoNode, size, mem.Options.CacheLine, 0, limit);

    /// <summary>From the DMA goal on, aligned to a page, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_pages_limit(ref BootMemory mem, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_pages_limit, NoNode, size, mem.Word.PageSize, mem.Options.DmaGoal, limit);

    /// <summary>From the lowest free memory, aligned to a page, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_low_pages_limit(ref BootMemory mem, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_low_pages_limit, NoNode, size, mem.Word.PageSize, 0, limit);

    /// <summary>From a node, from the DMA goal on, aligned to a cache line, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_node_limit(ref BootMemory mem, int node, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_node_limit, node, size, mem.Options.CacheLine, mem.Options.DmaGoal, limit);

    /// <summary>From a node, from the DMA goal on, aligned to a page, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_pages_node_limit(ref BootMemory mem, int node, ulong size, ulong limit) =>
        Allocate(
            ref mem, Call.alloc_bootmem_pages_node_limit, node, size, mem.Word.PageSize, mem.Options.DmaGoal, limit);

    /// <summary>From a node, from its lowest free memory, aligned to a page, below a limit. From 2.6.14.</summary>
    /// <param name="mem">The allocator.</param>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="limit">Address that nothing may reach, rounded down to a page; 0 is none.</param>
    public static ulong alloc_bootmem_low_pages_node_limit(ref BootMemory mem, int node, ulong size, ulong limit) =>
        Allocate(ref mem, Call.alloc_bootmem_low_pages_node_limit, node, size, mem.Word.PageSize, 0, limit);

    private const int NoNode = -1;

    private static ulong Initialise(ref BootMemory mem, Call call, int node, ulong mapPfn, ulong startPfn, ulong endPfn)
    {
        KernelWord word = mem.Word;
        if (!mem.TryInitialise(
            call, node, word.Wrap(mapPfn), word.Wrap(startPfn), word.Wrap(endPfn), out ulong bytes, out Fault fault))
        {
            mem.Raise(fault);
        }

        return bytes;
    }

    private static void Reserve(ref BootMemory mem, Call call, int node, ulong address, ulong size)
    {
        if (!mem.TryReserve(call, node, mem.Word.Wrap(address), mem.Word.Wrap(size), out Fault fault))
        {
            mem.Raise(fault);
        }
    }

    private static void Free(ref BootMemory mem, Call call, int node, ulong address, ulong size)
    {
        if (!mem.TryFree(call, node, mem.Word.Wrap(address), mem.Word.Wrap(size), out Fault fault))
        {
            mem.Raise(fault);
        }
    }

    private static ulong HandOver(ref BootMemory mem, Call call, int node, in PageSink sink)
    {
        if (!mem.TryHandOver(call, node, sink, out ulong pages, out Fault fault))
        {
            mem.Raise(fault);
        }

        return pages;
    }

    private static ulong Allocate(
        ref BootMemory mem, Call call, int node, ulong size, ulong align, ulong goal, ulong limit)
    {
        KernelWord word = mem.Word;
        AllocationRequest request = new(call, word.Wrap(size), word.Wrap(align), word.Wrap(goal), word.Wrap(limit));
        bool isDone = node == NoNode
            ? mem.TryAllocate(request, out ulong address, out Fault fault)
            : mem.TryAllocateOnNode(node, request, out address, out fault);
        if (!isDone)
        {
            mem.Raise(fault);
        }

        return address;
    }
}
