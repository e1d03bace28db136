namespace Bootmem.Boot;

/// <content>How much of each zone is kept back, and from whom.</content>
public unsafe partial struct PageAllocator
{
    // SWAP_CLUSTER_MAX, and the most that highmem keeps.
    private const ulong LeastHighMin = 32;
    private const ulong MostHighMin = 128;

    // Bounds of min_free_kbytes.
    private const ulong LeastKbytes = 128;
    private const ulong MostKbytes = 65536;

    // sysctl_lowmem_reserve_ratio, as shifts: 256 for DMA and DMA32, 32 for Normal.
    private const int DmaRatioShift = 8;
    private const int NormalRatioShift = 5;

    /// <summary>
    /// Computes min_free_kbytes from the machine's low memory, and from it every zone's marks and reserves:
    /// init_per_zone_pages_min(). The kernel does this late, as an initcall; until then all of them are 0.
    /// </summary>
    public void SetUpWatermarks()
    {
        ulong pages = BufferPages() & uint.MaxValue;
        ulong kbytes = Word.Wrap(ToKbytes(pages));
        ulong least = Division.SquareRoot(Word.Wrap(kbytes << 4));
        least = least < LeastKbytes ? LeastKbytes : least;
        MinFreeKbytes = least > MostKbytes ? MostKbytes : least;
        SetUpZoneMarks();
        SetUpLowmemReserves();
    }

    /// <summary>Sets every zone's marks from <see cref="MinFreeKbytes"/>: setup_per_zone_pages_min().</summary>
    public readonly void SetUpZoneMarks()
    {
        ulong pagesMin = Word.PageShift >= 10
            ? MinFreeKbytes >> (Word.PageShift - 10)
            : MinFreeKbytes << (10 - Word.PageShift);
        ulong lowmemPages = 0;
        for (int i = 0; i < _zoneCount; i++)
        {
            lowmemPages += _zones[i].Kind == ZoneKind.HighMem ? 0 : _zones[i].PresentPages;
        }

        for (int i = 0; i < _zoneCount; i++)
        {
            Zone* zone = _zones + i;
            ulong share = lowmemPages == 0
                ? 0
                : Division.Divide(Word.Wrap(pagesMin * zone->PresentPages), lowmemPages);
            zone->PagesMin = zone->Kind == ZoneKind.HighMem ? HighMin(zone->PresentPages) : share;
            if (Behaviour.SpreadsMarksByShare)
            {
                zone->PagesLow = zone->PagesMin + (share >> 2);
                zone->PagesHigh = zone->PagesMin + (share >> 1);
            }
            else
            {
                zone->PagesLow = (zone->PagesMin * 5) >> 2;
                zone->PagesHigh = (zone->PagesMin * 6) >> 2;
            }
        }
    }

    private static ulong HighMin(ulong presentPages)
    {
        ulong min = presentPages >> 10;
        min = min < LeastHighMin ? LeastHighMin : min;
        return min > MostHighMin ? MostHighMin : min;
    }

    // setup_per_zone_lowmem_reserve(): what a zone keeps from allocations that could have come from zone j is a part
    // of the pages between the two.
    private readonly void SetUpLowmemReserves()
    {
        for (int node = FirstNode; node != NoNode; node = _nodes[node].NextNode)
        {
            for (int j = 0; j < ZonesPerNode; j++)
            {
                ulong present = ZoneOf(node, j)->PresentPages;
                ZoneOf(node, j)->SetLowmemReserve(j, 0);
                for (int i = j - 1; i >= 0; i--)
                {
                    Zone* lower = ZoneOf(node, i);
                    int shift = lower->Kind == ZoneKind.Normal ? NormalRatioShift : DmaRatioShift;
                    lower->SetLowmemReserve(j, present >> shift);
                    present += lower->PresentPages;
                }
            }
        }
    }

    // nr_free_buffer_pages(): all pages above the high marks that GFP_USER can come from. One node's zonelist has
    // them all.
    private readonly ulong BufferPages()
    {
        ulong sum = 0;
        if (!IsOnline(CurrentNode))
        {
            return 0;
        }

        ZoneWalk walk = new(this, CurrentNode, GfpMask.Kernel);
        for (Zone* zone = walk.Next(this); zone != null; zone = walk.Next(this))
        {
            sum += zone->PresentPages > zone->PagesHigh ? zone->PresentPages - zone->PagesHigh : 0;
        }

        return sum;
    }

    internal readonly ulong ToKbytes(ulong pages) =>
        Word.PageShift >= 10 ? pages << (Word.PageShift - 10) : pages >> (10 - Word.PageShift);

    // zone_watermark_ok(). Numbers are signed: the pages that are left may be fewer than none.
    private static bool IsAboveMark(
        Zone* zone, int order, ulong mark, int classZone, bool isHarder, bool isHigh)
    {
        long min = (long)mark;
        long free = (long)zone->FreePages - (1L << order) + 1;
        min -= isHigh ? min >> 1 : 0;
        min -= isHarder ? min >> 2 : 0;
        if (free <= min + (long)zone->LowmemReserve(classZone))
        {
            return false;
        }

        // At the next order, this order's blocks are of no use, but fewer need to be free.
        for (int i = 0; i < order; i++)
        {
            free -= (long)(zone->FreeCount(i) << i);
            min >>= 1;
            if (free <= min)
            {
                return false;
            }
        }

        return true;
    }
}
