namespace Bootmem.Boot;

/// <summary>What a check of all lists found.</summary>
public enum VerifyResult : byte
{
    /// <summary>All is as it should be.</summary>
    Sound,

    /// <summary>A list is longer or shorter than its count says, or leads out of its zone.</summary>
    BadList,

    /// <summary>A page's link back does not lead to where the list came from.</summary>
    BadLink,

    /// <summary>A listed page is not marked as such, or is reserved, or has users.</summary>
    BadMark,

    /// <summary>A free block is not aligned to its size, or reaches beyond its zone.</summary>
    BadBlock,

    /// <summary>A page is free twice.</summary>
    Overlap,

    /// <summary>Two free blocks should have been joined.</summary>
    NotJoined,

    /// <summary>The zone's count of free pages is not the sum of its lists.</summary>
    BadSum,

    /// <summary>A page is marked as listed and is on no list.</summary>
    Stray,
}

/// <content>The check of all lists.</content>
public unsafe partial struct PageAllocator
{
    /// <summary>Walks every list and every page and checks that they agree. The kernel has no such function.</summary>
    /// <param name="pfn">The page where something is wrong, where there is one; else <see cref="NoPage"/>.</param>
    public readonly VerifyResult Verify(out ulong pfn)
    {
        pfn = NoPage;
        VerifyResult result = VerifyResult.Sound;
        for (int i = 0; i < _zoneCount && result == VerifyResult.Sound; i++)
        {
            result = VerifyZone(_zones + i, out pfn);
        }

        return result;
    }

    private static VerifyResult VerifyZone(Zone* zone, out ulong pfn)
    {
        ulong blocks = 0;
        ulong pages = 0;
        for (int order = 0; order < Zone.MaxOrder; order++)
        {
            VerifyResult result = VerifyArea(zone, order, out pfn);
            if (result != VerifyResult.Sound)
            {
                return result;
            }

            blocks += zone->FreeCount(order);
            pages += zone->FreeCount(order) << order;
        }

        pfn = NoPage;
        if (pages != zone->FreePages)
        {
            return VerifyResult.BadSum;
        }

        ulong singles = 0;
        for (int i = 0; i < Zone.MaxCpus * 2; i++)
        {
            PageSet* set = Zone.PageSetOf(zone, i >> 1);
            PerCpuPages* list = (i & 1) == 0 ? &set->Hot : &set->Cold;
            VerifyResult result = VerifyCpuList(zone, list, out pfn);
            if (result != VerifyResult.Sound)
            {
                return result;
            }

            singles += (ulong)list->Count;
        }

        return VerifyMarks(zone, blocks, singles, out pfn);
    }

    private static VerifyResult VerifyArea(Zone* zone, int order, out ulong pfn)
    {
        pfn = NoPage;
        uint previous = 0;
        uint link = zone->FreeHead(order);
        ulong left = zone->FreeCount(order);
        while (link != 0)
        {
            pfn = zone->PfnOf(link);
            if (left == 0 || !zone->Spans(pfn))
            {
                return VerifyResult.BadList;
            }

            Page* page = zone->PageAt(link);
            VerifyResult result = page->Previous != previous ? VerifyResult.BadLink : VerifyBlock(zone, pfn, order);
            if (result != VerifyResult.Sound)
            {
                return result;
            }

            left--;
            previous = link;
            link = page->Next;
        }

        return left == 0 ? VerifyResult.Sound : VerifyResult.BadList;
    }

    private static VerifyResult VerifyBlock(Zone* zone, ulong pfn, int order)
    {
        ulong size = 1UL << order;
        Page* page = zone->PageOf(pfn);
        if (page->Flags != (PageFlags.Given | PageFlags.Buddy) || page->Order != order || page->Count != 0)
        {
            return VerifyResult.BadMark;
        }

        if ((pfn & (size - 1)) != 0 || zone->EndPfn - pfn < size)
        {
            return VerifyResult.BadBlock;
        }

        for (ulong i = 1; i < size; i++)
        {
            Page* later = zone->PageOf(pfn + i);
            if (later->IsListed)
            {
                return VerifyResult.Overlap;
            }

            if (later->IsReserved || later->Count != 0)
            {
                return VerifyResult.BadMark;
            }
        }

        ulong buddyPfn = pfn ^ size;
        if (order == Zone.MaxOrder - 1 || !zone->Spans(buddyPfn))
        {
            return VerifyResult.Sound;
        }

        Page* buddy = zone->PageOf(buddyPfn);
        return buddy->IsBuddy && buddy->Order == order ? VerifyResult.NotJoined : VerifyResult.Sound;
    }

    private static VerifyResult VerifyCpuList(Zone* zone, PerCpuPages* list, out ulong pfn)
    {
        pfn = NoPage;
        uint previous = 0;
        uint link = list->Head;
        int left = list->Count;
        while (link != 0)
        {
            pfn = zone->PfnOf(link);
            if (left == 0 || !zone->Spans(pfn))
            {
                return VerifyResult.BadList;
            }

            Page* page = zone->PageAt(link);
            if (page->Previous != previous)
            {
                return VerifyResult.BadLink;
            }

            if (page->Flags != (PageFlags.Given | PageFlags.CpuList) || page->Count != 0)
            {
                return VerifyResult.BadMark;
            }

            left--;
            previous = link;
            link = page->Next;
        }

        return left != 0 ? VerifyResult.BadList : previous == list->Tail ? VerifyResult.Sound : VerifyResult.BadLink;
    }

    // As many pages are marked as are on lists.
    private static VerifyResult VerifyMarks(Zone* zone, ulong blocks, ulong singles, out ulong pfn)
    {
        for (pfn = zone->StartPfn; pfn != zone->EndPfn; pfn++)
        {
            Page* page = zone->PageOf(pfn);
            blocks -= page->IsBuddy ? 1UL : 0;
            singles -= page->IsOnCpuList ? 1UL : 0;
        }

        pfn = NoPage;
        return blocks == 0 && singles == 0 ? VerifyResult.Sound : VerifyResult.Stray;
    }
}
