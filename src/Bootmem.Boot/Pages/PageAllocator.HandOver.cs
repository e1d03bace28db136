namespace Bootmem.Boot;

/// <content>Pages that were reserved and are given to the allocator.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>
    /// A sink for free_all_bootmem() that gives the pages to an allocator. What is refused can be read afterwards from
    /// <see cref="RefusedBlocks"/>.
    /// </summary>
    /// <param name="pages">The allocator; it must not move while the sink is used.</param>
    public static PageSink SinkOf(PageAllocator* pages) => new() { Context = pages, Take = &TakeBlocks };

    /// <summary>
    /// Takes reserved blocks, side by side, in ascending order: what free_all_bootmem_core() does with each of them.
    /// Single pages go through the CPU's hot list, larger blocks straight to the buddy lists. Before 2.6.15 the counts
    /// of a block's later pages stay as they were; from 2.6.15 on they become 0.
    /// </summary>
    /// <param name="firstPfn">The first page.</param>
    /// <param name="order">The order of each block, 0 .. 10.</param>
    /// <param name="blockCount">How many blocks.</param>
    /// <returns>What the first block that was refused was refused for; the others are taken all the same.</returns>
    public PageResult FreeBootBlocks(ulong firstPfn, int order, ulong blockCount)
    {
        if ((uint)order >= Zone.MaxOrder)
        {
            return Refuse(firstPfn, PageResult.BadOrder, blockCount);
        }

        PageResult outcome = PageResult.Done;
        ulong pfn = firstPfn;
        while (blockCount != 0)
        {
            PageResult result = FreeBootBlock(pfn, order);
            ulong done = 1;
            if (result != PageResult.Done)
            {
                // Blocks where no zone is are all refused at once, however many.
                done = result == PageResult.NoSuchPage ? BlocksToNextZone(pfn, order, blockCount) : 1;
                Refuse(pfn, result, done);
                outcome = outcome == PageResult.Done ? result : outcome;
            }

            blockCount -= done;
            pfn += done << order;
        }

        return outcome;
    }

    /// <summary>
    /// Gives reserved pages to the allocator one by one, through the hot list: free_initmem(), free_initrd_mem(),
    /// and the pages of highmem at boot.
    /// </summary>
    /// <param name="firstPfn">The first page.</param>
    /// <param name="count">How many.</param>
    /// <returns>As <see cref="FreeBootBlocks"/>.</returns>
    public PageResult FreeReservedPages(ulong firstPfn, ulong count) => FreeBootBlocks(firstPfn, 0, count);

    private static void TakeBlocks(void* context, ulong firstPfn, int order, ulong blockCount) =>
        ((PageAllocator*)context)->FreeBootBlocks(firstPfn, order, blockCount);

    private PageResult FreeBootBlock(ulong pfn, int order)
    {
        Zone* zone = FindZone(pfn);
        if (zone == null)
        {
            return PageResult.NoSuchPage;
        }

        ulong size = 1UL << order;
        if ((pfn & (size - 1)) != 0)
        {
            return PageResult.Misaligned;
        }

        if (zone->EndPfn - pfn < size)
        {
            return PageResult.CrossesZone;
        }

        byte* first = (byte*)zone->PageOf(pfn);
        byte* end = first + ((nuint)size * (nuint)zone->Stride);
        PageResult result = CheckBootBlock(first, end, zone->Stride);
        if (result != PageResult.Done)
        {
            return result;
        }

        for (byte* entry = first; entry != end; entry += zone->Stride)
        {
            ((Page*)entry)->Flags = PageFlags.Given;
            ((Page*)entry)->Count = 0;
        }

        TotalPages += size;
        TotalHighPages += zone->Kind == ZoneKind.HighMem ? size : 0;
        if (order == 0)
        {
            FreeSingle(zone, pfn, isCold: false);
            return PageResult.Done;
        }

        Counters.PgFree += size;
        FreeBlock(zone, pfn, order);
        return PageResult.Done;
    }

    // The first page's count is set to 1 and taken down at once, whatever it was. A later page's count survives before
    // 2.6.15; if it is not 0, the kernel's bad_page() would see it.
    private readonly PageResult CheckBootBlock(byte* first, byte* end, int stride)
    {
        for (byte* entry = first; entry != end; entry += stride)
        {
            Page* page = (Page*)entry;
            if (!page->IsReserved)
            {
                return PageResult.NotReserved;
            }

            if (page->Count != 0 && entry != first && !Behaviour.ZeroesTailCounts)
            {
                return PageResult.BadPage;
            }
        }

        return PageResult.Done;
    }

    // How many of the blocks from a page on begin in no zone: at least 1, at most all of them.
    private readonly ulong BlocksToNextZone(ulong pfn, int order, ulong blockCount)
    {
        ulong least = blockCount;
        for (int i = 0; i < _zoneCount; i++)
        {
            if (_zones[i].SpannedPages != 0 && _zones[i].StartPfn > pfn)
            {
                ulong blocks = (_zones[i].StartPfn - pfn) >> order;
                least = blocks < least ? blocks : least;
            }
        }

        return least == 0 ? 1 : least;
    }

    private PageResult Refuse(ulong pfn, PageResult because, ulong blockCount)
    {
        if (blockCount != 0 && RefusedBlocks == 0)
        {
            RefusedPfn = pfn;
            RefusedBecause = because;
        }

        RefusedBlocks += blockCount;
        return because;
    }
}
