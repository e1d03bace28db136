namespace Bootmem.Boot;

/// <summary>/proc/zoneinfo: every zone's pages, marks, reserves and per-CPU lists. The kernel has it from 2.6.13
/// on.</summary>
public static unsafe class Zoneinfo
{
    // DEF_PRIORITY: where reclaim begins; it never began here.
    private const ulong Priority = 12;

    /// <summary>
    /// Writes the file: zoneinfo_show() of mm/page_alloc.c, the same in 2.6.13 to 2.6.15. For 2.6.12, which has no
    /// such file (<see cref="PageBehaviour.HasZoneinfo"/>), it is written alike.
    /// </summary>
    /// <param name="log">Where to.</param>
    /// <param name="pages">The page allocator. Zones without pages are left out, and CPUs without a listed
    /// page.</param>
    public static void Write(Log log, in PageAllocator pages)
    {
        for (int node = pages.FirstNode; node >= 0; node = pages.Node(node).NextNode)
        {
            for (int i = 0; i < pages.ZonesPerNode; i++)
            {
                Zone* zone = pages.ZoneOf(node, i);
                if (zone->PresentPages != 0)
                {
                    WriteZone(log, pages, zone);
                }
            }
        }
    }

    private static void WriteZone(Log log, in PageAllocator pages, Zone* zone)
    {
        Buddyinfo.WriteZoneName(log, zone);
        log.Text("\n  pages free     "u8).Decimal(zone->FreePages);
        log.Text("\n        min      "u8).Decimal(zone->PagesMin);
        log.Text("\n        low      "u8).Decimal(zone->PagesLow);
        log.Text("\n        high     "u8).Decimal(zone->PagesHigh);
        log.Text("\n        active   0\n        inactive 0\n        scanned  0 (a: 0 i: 0)"u8);
        log.Text("\n        spanned  "u8).Decimal(zone->SpannedPages);
        log.Text("\n        present  "u8).Decimal(zone->PresentPages);
        log.Text("\n        protection: ("u8).Decimal(zone->LowmemReserve(0));
        for (int i = 1; i < pages.ZonesPerNode; i++)
        {
            log.Text(", "u8).Decimal(zone->LowmemReserve(i));
        }

        log.Text(")\n  pagesets"u8);
        for (int cpu = 0; cpu < Zone.MaxCpus; cpu++)
        {
            PageSet* set = Zone.PageSetOf(zone, cpu);
            if (set->Hot.Count == 0 && set->Cold.Count == 0)
            {
                continue;
            }

            WriteList(log, cpu, 0, set->Hot);
            WriteList(log, cpu, 1, set->Cold);
            if (pages.IsNuma)
            {
                WriteNuma(log, *set);
            }
        }

        log.Text("\n  all_unreclaimable: 0"u8);
        log.Text("\n  prev_priority:     "u8).Decimal(Priority);
        log.Text("\n  temp_priority:     "u8).Decimal(Priority);
        log.Text("\n  start_pfn:         "u8).Decimal(zone->StartPfn).Text("\n"u8);
    }

    private static void WriteList(Log log, int cpu, int index, in PerCpuPages list)
    {
        log.Text("\n    cpu: "u8).Decimal((ulong)cpu).Text(" pcp: "u8).Decimal((ulong)index);
        log.Text("\n              count: "u8).Decimal((ulong)list.Count);
        log.Text("\n              low:   "u8).Decimal((ulong)list.Low);
        log.Text("\n              high:  "u8).Decimal((ulong)list.High);
        log.Text("\n              batch: "u8).Decimal((ulong)list.Batch);
    }

    private static void WriteNuma(Log log, in PageSet set)
    {
        log.Text("\n            numa_hit:       "u8).Decimal(set.NumaHit);
        log.Text("\n            numa_miss:      "u8).Decimal(set.NumaMiss);
        log.Text("\n            numa_foreign:   "u8).Decimal(set.NumaForeign);
        log.Text("\n            interleave_hit: 0"u8);
        log.Text("\n            local_node:     "u8).Decimal(set.LocalNode);
        log.Text("\n            other_node:     "u8).Decimal(set.OtherNode);
    }
}
