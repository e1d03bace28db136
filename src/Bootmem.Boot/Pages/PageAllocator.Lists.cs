namespace Bootmem.Boot;

/// <content>The buddy lists and the per-CPU lists.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>
    /// Gives every page of the per-CPU lists back to the buddy lists: drain_local_pages() on each CPU in turn, the
    /// hot list before the cold one, the page that was freed longest ago first.
    /// </summary>
    public readonly void DrainPerCpuPages()
    {
        for (int i = 0; i < _zoneCount; i++)
        {
            DrainZone(_zones + i);
        }
    }

    private readonly PageSet* CurrentSetOf(Zone* zone) => Zone.PageSetOf(zone, CurrentCpu & (Zone.MaxCpus - 1));

    private static void DrainZone(Zone* zone)
    {
        for (int cpu = 0; cpu < Zone.MaxCpus; cpu++)
        {
            PageSet* set = Zone.PageSetOf(zone, cpu);
            GiveBack(zone, &set->Hot, set->Hot.Count);
            GiveBack(zone, &set->Cold, set->Cold.Count);
        }
    }

    // __free_pages_bulk(): a block joins its buddy as long as that is free and whole, then goes to the head of its
    // list.
    private static void FreeBlock(Zone* zone, ulong pfn, int order)
    {
        zone->FreePages += 1UL << order;
        while (order < Zone.MaxOrder - 1)
        {
            ulong buddyPfn = pfn ^ (1UL << order);
            if (!zone->Spans(buddyPfn))
            {
                break;
            }

            Page* buddy = zone->PageOf(buddyPfn);
            if (!buddy->IsBuddy || buddy->Order != order)
            {
                break;
            }

            zone->RemoveBlock(buddy, order);
            pfn &= ~(1UL << order);
            order++;
        }

        zone->AddBlock(pfn, order);
    }

    // __rmqueue(): the head of the least order that has a block, cut down by halves. Each upper half goes to the
    // head of its list (expand()).
    private static ulong TakeBlock(Zone* zone, int order)
    {
        for (int from = order; from < Zone.MaxOrder; from++)
        {
            uint head = zone->FreeHead(from);
            if (head == 0)
            {
                continue;
            }

            ulong pfn = zone->PfnOf(head);
            zone->RemoveBlock(zone->PageAt(head), from);
            zone->FreePages -= 1UL << order;
            for (int half = from - 1; half >= order; half--)
            {
                zone->AddBlock(pfn + (1UL << half), half);
            }

            return pfn;
        }

        return NoPage;
    }

    // free_hot_cold_page(): a single page goes to the head of the CPU's list; a full list gives a batch back.
    private void FreeSingle(Zone* zone, ulong pfn, bool isCold)
    {
        Counters.PgFree++;
        PageSet* set = CurrentSetOf(zone);
        PerCpuPages* list = isCold ? &set->Cold : &set->Hot;
        if (Behaviour.TrimsBeforeAdding)
        {
            if (list->Count >= list->High)
            {
                GiveBack(zone, list, list->Batch);
            }

            AddFirst(zone, list, pfn);
            return;
        }

        AddFirst(zone, list, pfn);
        if (list->Count >= list->High)
        {
            GiveBack(zone, list, list->Batch);
        }
    }

    // The order 0 part of buffered_rmqueue(): the head of the CPU's list, which is refilled when it is low.
    private readonly ulong TakeSingle(Zone* zone, bool isCold)
    {
        PageSet* set = CurrentSetOf(zone);
        PerCpuPages* list = isCold ? &set->Cold : &set->Hot;
        if (list->Count <= list->Low)
        {
            Refill(zone, list);
        }

        uint head = list->Head;
        if (head == 0)
        {
            return NoPage;
        }

        Page* page = zone->PageAt(head);
        list->Head = page->Next;
        if (page->Next != 0)
        {
            zone->PageAt(page->Next)->Previous = 0;
        }
        else
        {
            list->Tail = 0;
        }

        Unlink(page, list);
        return zone->PfnOf(head);
    }

    // free_pages_bulk(): pages go one by one from the list's tail.
    private static void GiveBack(Zone* zone, PerCpuPages* list, int count)
    {
        while (count > 0 && list->Tail != 0)
        {
            uint tail = list->Tail;
            Page* page = zone->PageAt(tail);
            list->Tail = page->Previous;
            if (page->Previous != 0)
            {
                zone->PageAt(page->Previous)->Next = 0;
            }
            else
            {
                list->Head = 0;
            }

            Unlink(page, list);
            FreeBlock(zone, zone->PfnOf(tail), 0);
            count--;
        }
    }

    // rmqueue_bulk(): each page taken goes to the list's tail.
    private static void Refill(Zone* zone, PerCpuPages* list)
    {
        for (int i = 0; i < list->Batch; i++)
        {
            ulong pfn = TakeBlock(zone, 0);
            if (pfn == NoPage)
            {
                return;
            }

            uint link = zone->LinkOf(pfn);
            Page* page = zone->PageOf(pfn);
            page->Flags |= PageFlags.CpuList;
            page->Previous = list->Tail;
            page->Next = 0;
            if (list->Tail != 0)
            {
                zone->PageAt(list->Tail)->Next = link;
            }
            else
            {
                list->Head = link;
            }

            list->Tail = link;
            list->Count++;
        }
    }

    private static void AddFirst(Zone* zone, PerCpuPages* list, ulong pfn)
    {
        uint link = zone->LinkOf(pfn);
        Page* page = zone->PageOf(pfn);
        page->Flags |= PageFlags.CpuList;
        page->Next = list->Head;
        page->Previous = 0;
        if (list->Head != 0)
        {
            zone->PageAt(list->Head)->Previous = link;
        }
        else
        {
            list->Tail = link;
        }

        list->Head = link;
        list->Count++;
    }

    private static void Unlink(Page* page, PerCpuPages* list)
    {
        page->Flags &= ~PageFlags.CpuList;
        page->Next = 0;
        page->Previous = 0;
        list->Count--;
    }
}
