namespace Bootmem.Boot;

/// <content>Freeing what was allocated, and counting users.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>
    /// Takes a block's count down, and frees the block when it has no user left: __free_pages(). Single pages go to
    /// the CPU's hot list, larger blocks straight to the buddy lists.
    /// </summary>
    /// <param name="pfn">The first page.</param>
    /// <param name="order">The order that the block was allocated with, 0 .. 10. A lower one frees the block's first
    /// part; the rest is lost, as it is in the kernel. A higher one is refused if any page of it has a user, is on a
    /// list or is reserved.</param>
    public PageResult FreePages(ulong pfn, int order)
    {
        Zone* zone = FindZone(pfn);
        if (zone == null)
        {
            return PageResult.NoSuchPage;
        }

        if ((uint)order >= Zone.MaxOrder)
        {
            return PageResult.BadOrder;
        }

        Page* page = zone->PageOf(pfn);
        if (page->IsReserved)
        {
            return PutReserved(page);
        }

        if (page->Count <= 1)
        {
            PageResult result = CheckBlock(zone, pfn, order);
            if (result != PageResult.Done)
            {
                return result;
            }
        }

        page->Count--;
        if (page->Count != 0)
        {
            return PageResult.StillInUse;
        }

        if (order == 0)
        {
            FreeSingle(zone, pfn, isCold: false);
            return PageResult.Done;
        }

        Counters.PgFree += 1UL << order;
        FreeBlock(zone, pfn, order);
        return PageResult.Done;
    }

    /// <summary>Frees a page that is not likely to be in the CPU's cache, onto the cold list:
    /// free_cold_page().</summary>
    /// <param name="pfn">A page that has one user, who gives it up.</param>
    public PageResult FreeColdPage(ulong pfn)
    {
        Zone* zone = FindZone(pfn);
        if (zone == null)
        {
            return PageResult.NoSuchPage;
        }

        Page* page = zone->PageOf(pfn);
        PageResult result = page->IsReserved ? PageResult.Reserved : CheckBlock(zone, pfn, 0);
        if (result != PageResult.Done)
        {
            return result;
        }

        if (page->Count != 1)
        {
            return PageResult.BadPage;
        }

        page->Count = 0;
        FreeSingle(zone, pfn, isCold: true);
        return PageResult.Done;
    }

    /// <summary>One more user of a page: get_page(). A free page cannot be got.</summary>
    /// <param name="pfn">The page.</param>
    public PageResult GetPage(ulong pfn)
    {
        Zone* zone = FindZone(pfn);
        if (zone == null)
        {
            return PageResult.NoSuchPage;
        }

        Page* page = zone->PageOf(pfn);
        bool mayBeFree = !page->IsReserved && page->Count == 0;
        if (page->Count == int.MaxValue || (mayBeFree && (page->IsListed || BlockAround(zone, pfn) >= 0)))
        {
            return PageResult.BadPage;
        }

        page->Count++;
        return PageResult.Done;
    }

    /// <summary>One user less of a page: put_page(). The last one frees it, as a single page.</summary>
    /// <param name="pfn">The page.</param>
    public PageResult PutPage(ulong pfn) => FreePages(pfn, 0);

    // Up to 2.6.14 PageReserved() is asked first. 2.6.15 takes the count down and does not free at 0.
    private readonly PageResult PutReserved(Page* page)
    {
        if (Behaviour.IgnoresReserved)
        {
            return PageResult.Reserved;
        }

        if (UsersOf(page) == 0)
        {
            return PageResult.NoUser;
        }

        page->Count--;
        return UsersOf(page) == 0 ? PageResult.Reserved : PageResult.StillInUse;
    }

    // Whether a block can go to the lists: put_page_testzero(), the BUG_ON()s of __free_pages_bulk() and
    // free_pages_check() on each page, and what the kernel cannot see.
    private static PageResult CheckBlock(Zone* zone, ulong pfn, int order)
    {
        Page* page = zone->PageOf(pfn);
        ulong size = 1UL << order;
        if (page->Count <= 0)
        {
            return PageResult.NoUser;
        }

        if ((pfn & (size - 1)) != 0)
        {
            return PageResult.Misaligned;
        }

        if (zone->EndPfn - pfn < size)
        {
            return PageResult.CrossesZone;
        }

        for (ulong i = 1; i < size; i++)
        {
            Page* later = zone->PageOf(pfn + i);
            if (later->Count != 0 || later->IsListed || later->IsReserved)
            {
                return PageResult.BadPage;
            }
        }

        return PageResult.Done;
    }
}
