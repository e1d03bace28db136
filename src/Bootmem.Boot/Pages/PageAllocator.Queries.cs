namespace Bootmem.Boot;

/// <content>Questions about pages and sums over zones.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>nr_free_pages(): pages in the buddy lists of all zones. Pages on per-CPU lists are not among
    /// them.</summary>
    public readonly ulong FreePageCount
    {
        get
        {
            ulong sum = 0;
            for (int i = 0; i < _zoneCount; i++)
            {
                sum += _zones[i].FreePages;
            }

            return sum;
        }
    }

    /// <summary>nr_free_highpages(): those of them in ZONE_HIGHMEM.</summary>
    public readonly ulong FreeHighPageCount
    {
        get
        {
            ulong sum = 0;
            for (int i = 0; i < _zoneCount; i++)
            {
                sum += _zones[i].Kind == ZoneKind.HighMem ? _zones[i].FreePages : 0;
            }

            return sum;
        }
    }

    /// <summary>Pages on the per-CPU lists of all zones and CPUs.</summary>
    public readonly ulong PerCpuPageCount
    {
        get
        {
            ulong sum = 0;
            for (int i = 0; i < _zoneCount; i++)
            {
                for (int cpu = 0; cpu < Zone.MaxCpus; cpu++)
                {
                    PageSet* set = Zone.PageSetOf(_zones + i, cpu);
                    sum += (ulong)(set->Hot.Count + set->Cold.Count);
                }
            }

            return sum;
        }
    }

    /// <summary>The entry of a page in its node's mem_map: pfn_to_page(); null if no node has the page.</summary>
    /// <param name="pfn">A page's number.</param>
    public readonly Page* PageOf(ulong pfn)
    {
        for (int i = FirstNode; i != NoNode; i = _nodes[i].NextNode)
        {
            NodePages* node = _nodes + i;
            if (node->Spans(pfn))
            {
                return (Page*)(node->MemMap + ((nuint)(pfn - node->StartPfn) * (nuint)node->Stride));
            }
        }

        return null;
    }

    /// <summary>The number of the page that an entry of a mem_map is for: page_to_pfn(); <see cref="NoPage"/> if it is
    /// no entry.</summary>
    /// <param name="page">An entry.</param>
    public readonly ulong PfnOf(Page* page)
    {
        for (int i = FirstNode; i != NoNode; i = _nodes[i].NextNode)
        {
            NodePages* node = _nodes + i;
            ulong offset = (ulong)((nuint)page - (nuint)node->MemMap);
            if ((nuint)page >= (nuint)node->MemMap && offset < node->SpannedPages * (ulong)node->Stride)
            {
                ulong index = Division.Divide(offset, (ulong)node->Stride);
                return index * (ulong)node->Stride == offset ? node->StartPfn + index : NoPage;
            }
        }

        return NoPage;
    }

    /// <summary>The zone that a page lies in: page_zone(); null if it lies in none.</summary>
    /// <param name="pfn">A page's number.</param>
    public Zone* FindZone(ulong pfn)
    {
        // Pages come in runs: the zone of the last one is nearly always the zone of the next.
        Zone* last = _lastZone;
        if (last != null && last->Spans(pfn))
        {
            return last;
        }

        for (int i = 0; i < _zoneCount; i++)
        {
            if (_zones[i].Spans(pfn))
            {
                _lastZone = _zones + i;
                return _lastZone;
            }
        }

        return null;
    }

    /// <summary>PageReserved(). A page that no node has is reserved.</summary>
    /// <param name="pfn">A page's number.</param>
    public readonly bool IsReserved(ulong pfn)
    {
        Page* page = PageOf(pfn);
        return page == null || page->IsReserved;
    }

    /// <summary>page_count(), with the count that a page begins with in this version; 0 if no node has the
    /// page.</summary>
    /// <param name="pfn">A page's number.</param>
    public readonly int CountOf(ulong pfn)
    {
        Page* page = PageOf(pfn);
        return page == null ? 0 : UsersOf(page);
    }

    /// <summary>Whether a page is free: in a block of the buddy lists, or on a per-CPU list.</summary>
    /// <param name="pfn">A page's number.</param>
    public bool IsFree(ulong pfn)
    {
        Zone* zone = FindZone(pfn);
        return zone != null && (zone->PageOf(pfn)->IsOnCpuList || BlockAround(zone, pfn) >= 0);
    }

    /// <summary>How many pages of a range are reserved: what mem_init() counts for its <c>Memory:</c> line.</summary>
    /// <param name="firstPfn">The first page.</param>
    /// <param name="count">How many. Pages that no node has are left out.</param>
    public readonly ulong CountReserved(ulong firstPfn, ulong count)
    {
        ulong sum = 0;
        for (int i = FirstNode; i != NoNode; i = _nodes[i].NextNode)
        {
            NodePages* node = _nodes + i;
            ulong nodeEnd = node->StartPfn + node->SpannedPages;
            ulong end = firstPfn > ulong.MaxValue - count ? ulong.MaxValue : firstPfn + count;
            ulong pfn = firstPfn < node->StartPfn ? node->StartPfn : firstPfn;
            end = end < nodeEnd ? end : nodeEnd;
            for (; pfn < end; pfn++)
            {
                Page* page = (Page*)(node->MemMap + ((nuint)(pfn - node->StartPfn) * (nuint)node->Stride));
                sum += page->IsReserved ? 1UL : 0;
            }
        }

        return sum;
    }

    private readonly int UsersOf(Page* page) => page->IsReserved ? page->Count + Behaviour.FirstCount : page->Count;

    // The order of the free block that a page lies in, its first page or a later one; -1 if it lies in none.
    private static int BlockAround(Zone* zone, ulong pfn)
    {
        for (int order = 0; order < Zone.MaxOrder; order++)
        {
            ulong head = pfn & ~((1UL << order) - 1);
            if (!zone->Spans(head))
            {
                return -1;
            }

            Page* page = zone->PageOf(head);
            if (page->IsBuddy && page->Order == order)
            {
                return order;
            }
        }

        return -1;
    }
}
