namespace Bootmem.Boot;

/// <content>Allocating pages.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>Allocates a block from the CPU's own node, or another: alloc_pages().</summary>
    /// <param name="gfp">How it may be had.</param>
    /// <param name="order">log2 of the number of pages, 0 .. 10.</param>
    /// <param name="pfn">The first page; <see cref="NoPage"/> if there is no such block.</param>
    public bool TryAllocPages(GfpMask gfp, int order, out ulong pfn) =>
        TryAllocPagesOnNode(CurrentNode, gfp, order, out pfn);

    /// <summary>
    /// Allocates a block from a node, or another: alloc_pages_node() and __alloc_pages(). All zones of the zonelist
    /// are tried down to pages_low, then down to pages_min and below it, as far as the mask allows. Nothing is
    /// reclaimed: where the kernel would wait, this fails.
    /// </summary>
    /// <param name="node">The node that is tried first.</param>
    /// <param name="gfp">How it may be had.</param>
    /// <param name="order">log2 of the number of pages, 0 .. 10.</param>
    /// <param name="pfn">The first page; <see cref="NoPage"/> if there is no such block.</param>
    public bool TryAllocPagesOnNode(int node, GfpMask gfp, int order, out ulong pfn)
    {
        pfn = NoPage;
        if ((uint)order >= Zone.MaxOrder || !HasZonelists || !IsOnline(node))
        {
            return false;
        }

        ZoneWalk start = new(this, node, gfp);
        ZoneWalk walk = start;
        Zone* first = walk.Next(this);
        if (first == null)
        {
            return false;
        }

        bool waits = (gfp & GfpMask.Wait) != 0;
        bool isHigh = (gfp & GfpMask.High) != 0;
        if (TryZones(start, first, gfp, order, isLow: true, false, false, out pfn)
            || TryZones(start, first, gfp, order, isLow: false, !waits, isHigh, out pfn))
        {
            return true;
        }

        if ((gfp & GfpMask.NoWarn) == 0)
        {
            // At boot the task is init's parent, whose name is swapper.
            Log.Text("<4>swapper: page allocation failure. order:"u8).Decimal((ulong)order);
            Log.Text(", mode:0x"u8).Hex((ulong)gfp).Text("\n"u8);
        }

        return false;
    }

    private bool TryZones(
        ZoneWalk walk, Zone* first, GfpMask gfp, int order, bool isLow, bool isHarder, bool isHigh, out ulong pfn)
    {
        for (Zone* zone = walk.Next(this); zone != null; zone = walk.Next(this))
        {
            ulong mark = isLow ? zone->PagesLow : zone->PagesMin;
            if (!IsAboveMark(zone, order, mark, first->Index, isHarder, isHigh))
            {
                continue;
            }

            pfn = order == 0 ? TakeSingle(zone, (gfp & GfpMask.Cold) != 0) : TakeBlock(zone, order);
            if (pfn != NoPage)
            {
                Prepare(zone, pfn, order, gfp);
                CountNuma(zone, first);
                return true;
            }
        }

        pfn = NoPage;
        return false;
    }

    // prep_new_page(), and what buffered_rmqueue() counts and clears.
    private void Prepare(Zone* zone, ulong pfn, int order, GfpMask gfp)
    {
        Page* page = zone->PageOf(pfn);
        page->Count = 1;
        ulong size = 1UL << order;
        switch (zone->Kind)
        {
            case ZoneKind.HighMem:
                Counters.PgAllocHigh += size;
                break;
            case ZoneKind.Normal:
                Counters.PgAllocNormal += size;
                break;
            default:
                Counters.PgAllocDma += size;
                break;
        }

        if ((gfp & GfpMask.Zero) != 0 && Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, Word.AddressOf(pfn), Word.PageSize << order);
        }
    }

    // zone_statistics(): CONFIG_NUMA only.
    private readonly void CountNuma(Zone* zone, Zone* first)
    {
        if (!IsNuma)
        {
            return;
        }

        PageSet* set = CurrentSetOf(zone);
        if (zone->Node == first->Node)
        {
            set->NumaHit++;
        }
        else
        {
            set->NumaMiss++;
            CurrentSetOf(first)->NumaForeign++;
        }

        if (zone->Node == CurrentNode)
        {
            set->LocalNode++;
        }
        else
        {
            set->OtherNode++;
        }
    }
}
