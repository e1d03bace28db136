namespace Bootmem.Boot;

/// <summary>
/// The page allocator under the kernel's names: what gfp.h and mm.h declare. A page is the entry of a mem_map, null
/// where there is none; an address is virtual, 0 where there is none. Calls that free tell how it went; the kernel's
/// do not.
/// </summary>
#pragma warning disable IDE1006, SA1300 // The kernel's names are the point of this file.
public static unsafe class PageApi
{
    /// <summary>Allocates 2^order pages.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How they may be had.</param>
    /// <param name="order">0 .. 10.</param>
    public static Page* alloc_pages(ref PageAllocator pages, GfpMask gfp_mask, int order) =>
        pages.TryAllocPages(gfp_mask, order, out ulong pfn) ? pages.PageOf(pfn) : null;

    /// <summary>Allocates 2^order pages, from a node first.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="nid">The node.</param>
    /// <param name="gfp_mask">How they may be had.</param>
    /// <param name="order">0 .. 10.</param>
    public static Page* alloc_pages_node(ref PageAllocator pages, int nid, GfpMask gfp_mask, int order) =>
        pages.TryAllocPagesOnNode(nid < 0 ? pages.CurrentNode : nid, gfp_mask, order, out ulong pfn)
            ? pages.PageOf(pfn)
            : null;

    /// <summary>Allocates a page.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How it may be had.</param>
    public static Page* alloc_page(ref PageAllocator pages, GfpMask gfp_mask) => alloc_pages(ref pages, gfp_mask, 0);

    /// <summary>Allocates 2^order pages and gives their address.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How they may be had. A page of highmem has no address: it goes back, and 0 is
    /// given.</param>
    /// <param name="order">0 .. 10.</param>
    public static ulong __get_free_pages(ref PageAllocator pages, GfpMask gfp_mask, int order)
    {
        if (!pages.TryAllocPages(gfp_mask, order, out ulong pfn))
        {
            return 0;
        }

        ulong address = page_address(ref pages, pages.PageOf(pfn));
        if (address == 0)
        {
            // The kernel would give 0 and lose the pages.
            pages.FreePages(pfn, order);
        }

        return address;
    }

    /// <summary>Allocates a page and gives its address.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How it may be had.</param>
    public static ulong __get_free_page(ref PageAllocator pages, GfpMask gfp_mask) =>
        __get_free_pages(ref pages, gfp_mask, 0);

    /// <summary>Allocates 2^order pages from ZONE_DMA and gives their address.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How they may be had.</param>
    /// <param name="order">0 .. 10.</param>
    public static ulong __get_dma_pages(ref PageAllocator pages, GfpMask gfp_mask, int order) =>
        __get_free_pages(ref pages, gfp_mask | GfpMask.Dma, order);

    /// <summary>Allocates a page that is cleared, and gives its address.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="gfp_mask">How it may be had; with <see cref="GfpMask.HighMem"/> the kernel's BUG(), and 0
    /// here.</param>
    public static ulong get_zeroed_page(ref PageAllocator pages, GfpMask gfp_mask) =>
        (gfp_mask & GfpMask.HighMem) != 0 ? 0 : __get_free_pages(ref pages, gfp_mask | GfpMask.Zero, 0);

    /// <summary>Takes the count of 2^order pages down, and frees them at 0.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The first page.</param>
    /// <param name="order">The order they were allocated with.</param>
    public static PageResult __free_pages(ref PageAllocator pages, Page* page, int order) =>
        pages.FreePages(pages.PfnOf(page), order);

    /// <summary>The same, of one page.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static PageResult __free_page(ref PageAllocator pages, Page* page) => __free_pages(ref pages, page, 0);

    /// <summary>The same, by address. Address 0 is no fault and does nothing.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="addr">A virtual address in the first page.</param>
    /// <param name="order">The order they were allocated with.</param>
    public static PageResult free_pages(ref PageAllocator pages, ulong addr, int order)
    {
        if (addr == 0)
        {
            return PageResult.Done;
        }

        ulong physical = pages.AddressSpace.virt_to_phys(addr);
        return pages.AddressSpace.IsLowmem(physical)
            ? pages.FreePages(pages.Word.PfnOf(physical), order)
            : PageResult.NoSuchPage;
    }

    /// <summary>The same, of one page.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="addr">A virtual address in the page.</param>
    public static PageResult free_page(ref PageAllocator pages, ulong addr) => free_pages(ref pages, addr, 0);

    /// <summary>One more user of a page.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static PageResult get_page(ref PageAllocator pages, Page* page) => pages.GetPage(pages.PfnOf(page));

    /// <summary>One user less of a page; the last one frees it.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static PageResult put_page(ref PageAllocator pages, Page* page) => pages.PutPage(pages.PfnOf(page));

    /// <summary>How many users a page has.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static int page_count(ref PageAllocator pages, Page* page) => pages.CountOf(pages.PfnOf(page));

    /// <summary>A page's number; <see cref="PageAllocator.NoPage"/> if it is no page.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static ulong page_to_pfn(ref PageAllocator pages, Page* page) => pages.PfnOf(page);

    /// <summary>The page of a number; null if no node has it.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="pfn">Its number.</param>
    public static Page* pfn_to_page(ref PageAllocator pages, ulong pfn) => pages.PageOf(pfn);

    /// <summary>The virtual address of a page; 0 for a page of highmem.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="page">The page.</param>
    public static ulong page_address(ref PageAllocator pages, Page* page)
    {
        ulong pfn = pages.PfnOf(page);
        if (pfn == PageAllocator.NoPage)
        {
            return 0;
        }

        ulong physical = pages.Word.AddressOf(pfn);
        return pages.AddressSpace.IsLowmem(physical) ? pages.AddressSpace.phys_to_virt(physical) : 0;
    }

    /// <summary>Pages in the buddy lists of all zones.</summary>
    /// <param name="pages">The allocator.</param>
    public static ulong nr_free_pages(ref PageAllocator pages) => pages.FreePageCount;
}
