using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>The files in /proc, letter by letter.</summary>
public unsafe class ProcTests
{
    [Fact]
    public void Buddyinfo_of_the_article()
    {
        using PageMachine machine = PageApiTests.Article(32);
        Buddyinfo.Write(machine.Log, *machine.Pages);
        Assert.Equal(
            "Node 0, zone      DMA      0      0      0      0      0      1      1      1      1      1      0 \n"
            + "Node 0, zone   Normal      0      0      0      0      0      1      0      0      0      0     15 \n"
            + "Node 0, zone  HighMem      1      1      0      1      1      0      1      1      1      1      7 \n",
            machine.Printed());
    }

    [Fact]
    public void Buddyinfo_shows_the_node_that_came_last_first_and_no_empty_zone()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_15, 64)
            .Node(0, 0, 0, (ZoneKind.Dma, 64), (ZoneKind.Dma32, 64))
            .Node(1, 4096, 0, (ZoneKind.Normal, 64));
        machine.Pages->FreeBootBlocks(0, 6, 2);
        Buddyinfo.Write(machine.Log, *machine.Pages);
        Assert.Equal(
            "Node 1, zone   Normal      0      0      0      0      0      0      0      0      0      0      0 \n"
            + "Node 0, zone      DMA      0      0      0      0      0      0      1      0      0      0      0 \n"
            + "Node 0, zone    DMA32      0      0      0      0      0      0      1      0      0      0      0 \n",
            machine.Printed());
    }

    [Fact]
    public void Zoneinfo_before_2_6_15()
    {
        Assert.False(new PageBehaviour(new Behaviour(KernelVersion.V2_6_12_6)).HasZoneinfo);
        Assert.True(new PageBehaviour(new Behaviour(KernelVersion.V2_6_13)).HasZoneinfo);
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_13)
            .Node(0, 0x70000, 3, (ZoneKind.Dma, 1024), (ZoneKind.Normal, 16384));
        machine.Pages->BuildZonelists();
        machine.Pages->FreeBootBlocks(0x70400, 10, 16);
        machine.Pages->FreeReservedPages(0x70001, 5);
        machine.Pages->SetUpWatermarks();
        Zoneinfo.Write(machine.Log, *machine.Pages);
        Assert.Equal(
            """
            Node 0, zone      DMA
              pages free     0
                    min      15
                    low      18
                    high     22
                    active   0
                    inactive 0
                    scanned  0 (a: 0 i: 0)
                    spanned  1024
                    present  1024
                    protection: (0, 64, 64)
              pagesets
                cpu: 0 pcp: 0
                          count: 5
                          low:   6
                          high:  18
                          batch: 3
                cpu: 0 pcp: 1
                          count: 0
                          low:   0
                          high:  6
                          batch: 3
              all_unreclaimable: 0
              prev_priority:     12
              temp_priority:     12
              start_pfn:         458752
            Node 0, zone   Normal
              pages free     16384
                    min      247
                    low      308
                    high     370
                    active   0
                    inactive 0
                    scanned  0 (a: 0 i: 0)
                    spanned  16384
                    present  16384
                    protection: (0, 0, 0)
              pagesets
              all_unreclaimable: 0
              prev_priority:     12
              temp_priority:     12
              start_pfn:         459776

            """,
            machine.Printed());
    }

    [Fact]
    public void Zoneinfo_of_numa_and_2_6_15()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_15, 64, isNuma: true)
            .Node(0, 0, 7, (ZoneKind.Normal, 64));
        machine.Pages->BuildZonelists();
        machine.Pages->SetUpPerCpuPageSets();
        machine.Pages->FreeBootBlocks(0, 6, 1);
        Assert.True(machine.Pages->TryAllocPages(GfpMask.Kernel, 0, out _));
        Zoneinfo.Write(machine.Log, *machine.Pages);
        Assert.Equal(
            """
            Node 0, zone   Normal
              pages free     57
                    min      0
                    low      0
                    high     0
                    active   0
                    inactive 0
                    scanned  0 (a: 0 i: 0)
                    spanned  64
                    present  64
                    protection: (0, 0, 0, 0)
              pagesets
                cpu: 0 pcp: 0
                          count: 6
                          low:   0
                          high:  42
                          batch: 7
                cpu: 0 pcp: 1
                          count: 0
                          low:   0
                          high:  14
                          batch: 3
                        numa_hit:       1
                        numa_miss:      0
                        numa_foreign:   0
                        interleave_hit: 0
                        local_node:     1
                        other_node:     0
              all_unreclaimable: 0
              prev_priority:     12
              temp_priority:     12
              start_pfn:         0

            """,
            machine.Printed());
    }

    [Fact]
    public void Vmstat_counts_what_was_freed_and_allocated()
    {
        using PageMachine machine = PageApiTests.Article(32);
        Assert.True(machine.Pages->TryAllocPages(GfpMask.HighUser, 1, out _));
        Assert.True(machine.Pages->TryAllocPages(GfpMask.Kernel, 2, out ulong normal));
        Assert.True(machine.Pages->TryAllocPages(GfpMask.Dma, 3, out _));
        Assert.Equal(PageResult.Done, machine.Pages->FreePages(normal, 2));
        Vmstat.Write(machine.Log, *machine.Pages);
        Assert.Equal(
            """
            nr_dirty 0
            nr_writeback 0
            nr_unstable 0
            nr_page_table_pages 0
            nr_mapped 0
            nr_slab 0
            pgpgin 0
            pgpgout 0
            pswpin 0
            pswpout 0
            pgalloc_high 2
            pgalloc_normal 4
            pgalloc_dma 8
            pgfree 24580
            pgactivate 0
            pgdeactivate 0
            pgfault 0
            pgmajfault 0
            pgrefill_high 0
            pgrefill_normal 0
            pgrefill_dma 0
            pgsteal_high 0
            pgsteal_normal 0
            pgsteal_dma 0
            pgscan_kswapd_high 0
            pgscan_kswapd_normal 0
            pgscan_kswapd_dma 0
            pgscan_direct_high 0
            pgscan_direct_normal 0
            pgscan_direct_dma 0
            pginodesteal 0
            slabs_scanned 0
            kswapd_steal 0
            kswapd_inodesteal 0
            pageoutrun 0
            allocstall 0
            pgrotate 0
            nr_bounce 0

            """,
            machine.Printed());
    }

    [Fact]
    public void Meminfo_of_the_article()
    {
        using PageMachine machine = PageApiTests.Article(32);
        Meminfo.Write(machine.Log, *machine.Pages, 0x1a0_0000);
        Assert.Equal(
            """
            MemTotal:        98304 kB
            MemFree:         98156 kB
            Buffers:             0 kB
            Cached:              0 kB
            SwapCached:          0 kB
            Active:              0 kB
            Inactive:            0 kB
            HighTotal:       32768 kB
            HighFree:        32620 kB
            LowTotal:        65536 kB
            LowFree:         65536 kB
            SwapTotal:           0 kB
            SwapFree:            0 kB
            Dirty:               0 kB
            Writeback:           0 kB
            Mapped:              0 kB
            Slab:                0 kB
            CommitLimit:     49152 kB
            Committed_AS:        0 kB
            PageTables:          0 kB
            VmallocTotal:    26624 kB
            VmallocUsed:         0 kB
            VmallocChunk:    26624 kB

            """,
            machine.Printed());
    }
}
