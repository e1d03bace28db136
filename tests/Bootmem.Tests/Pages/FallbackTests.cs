using System.Collections.Generic;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>Which zone gives the page, and how far down each may be emptied.</summary>
public unsafe class FallbackTests
{
    private const GfpMask Quiet = GfpMask.NoWarn;

    // Two nodes with three zones of 64 pages each, all free as blocks of 32; no marks.
    private static PageMachine TwoNodes(KernelVersion version, bool isNuma = false)
    {
        PageMachine machine = new PageMachine(version, 32, isNuma)
            .Node(0, 0, 1, (ZoneKind.Dma, 64), (ZoneKind.Normal, 64), (ZoneKind.HighMem, 64))
            .Node(1, 4096, 1, (ZoneKind.Dma, 64), (ZoneKind.Normal, 64), (ZoneKind.HighMem, 64));
        Assert.Equal(2, machine.Pages->BuildZonelists());
        machine.Pages->FreeBootBlocks(0, 5, 6);
        machine.Pages->FreeBootBlocks(4096, 5, 6);
        return machine;
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, GfpMask.HighUser, "0:HighMem 0:Normal 0:DMA 1:HighMem 1:Normal 1:DMA")]
    [InlineData(KernelVersion.V2_6_15, GfpMask.HighUser, "0:HighMem 0:Normal 0:DMA 1:HighMem 1:Normal 1:DMA")]
    [InlineData(KernelVersion.V2_6_13, GfpMask.Kernel, "0:Normal 0:DMA 1:Normal 1:DMA")]
    [InlineData(KernelVersion.V2_6_15, GfpMask.Atomic, "0:Normal 0:DMA 1:Normal 1:DMA")]
    [InlineData(KernelVersion.V2_6_14, GfpMask.Dma, "0:DMA 1:DMA")]
    [InlineData(KernelVersion.V2_6_15, GfpMask.Dma | GfpMask.HighMem, "0:DMA 1:DMA")]
    [InlineData(KernelVersion.V2_6_15, GfpMask.Dma32, "0:Normal 0:DMA 1:Normal 1:DMA")]
    public void Zones_are_tried_from_the_top_then_the_next_node(KernelVersion version, GfpMask gfp, string expected)
    {
        using PageMachine machine = TwoNodes(version);
        Assert.Equal(expected, OrderOfZones(machine, 0, gfp));
        machine.AssertSound();
    }

    [Fact]
    public void Nodes_come_round()
    {
        using PageMachine machine = TwoNodes(KernelVersion.V2_6_12);
        Assert.Equal("1:Normal 1:DMA 0:Normal 0:DMA", OrderOfZones(machine, 1, GfpMask.Kernel));
    }

    [Fact]
    public void Dma32_lies_between_dma_and_normal_with_64_bits()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_15, 64)
            .Node(0, 0, 1, (ZoneKind.Dma, 64), (ZoneKind.Dma32, 64), (ZoneKind.Normal, 64));
        machine.Pages->BuildZonelists();
        machine.Pages->FreeBootBlocks(0, 6, 3);
        Assert.Equal("0:DMA32 0:DMA", OrderOfZones(machine, 0, GfpMask.Dma32));
        Assert.Equal("0:Normal", OrderOfZones(machine, 0, GfpMask.Kernel));
        Assert.Equal(128UL, machine.Pages->Counters.PgAllocDma);
        Assert.Equal(64UL, machine.Pages->Counters.PgAllocNormal);
    }

    [Fact]
    public void Nothing_is_allocated_before_there_are_zonelists()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_12).Node(0, 0, 1, (ZoneKind.Normal, 64));
        machine.Pages->FreeBootBlocks(0, 5, 2);
        Assert.False(machine.Pages->TryAllocPages(GfpMask.Kernel, 0, out ulong pfn));
        Assert.Equal(PageAllocator.NoPage, pfn);
        machine.Pages->BuildZonelists();
        Assert.True(machine.Pages->TryAllocPages(GfpMask.Kernel, 0, out _));
        Assert.False(machine.Pages->TryAllocPages(GfpMask.Kernel, 11, out _));
        Assert.Equal("", machine.Printed());
    }

    [Fact]
    public void A_failure_is_told_unless_it_is_not_wanted()
    {
        using PageMachine machine = TwoNodes(KernelVersion.V2_6_12);
        Assert.False(machine.Pages->TryAllocPages(GfpMask.Kernel | Quiet, 10, out _));
        Assert.Equal("", machine.Printed());
        Assert.False(machine.Pages->TryAllocPages(GfpMask.Atomic, 10, out _));
        Assert.Equal("<4>swapper: page allocation failure. order:10, mode:0x20\n", machine.Printed());
    }

    [Fact]
    public void Numa_counts_who_gave_in_whose_stead()
    {
        using PageMachine machine = TwoNodes(KernelVersion.V2_6_12, isNuma: true);
        for (int i = 0; i < 65; i++)
        {
            Assert.True(machine.Pages->TryAllocPages(GfpMask.Dma, 0, out _));
        }

        PageSet first = *Zone.PageSetOf(machine.ZoneOf(ZoneKind.Dma), 0);
        PageSet second = *Zone.PageSetOf(machine.ZoneOf(ZoneKind.Dma, 1), 0);

        // The last pages of a list stay there when the buddy lists are empty: the mark sees the latter alone.
        Assert.Equal(65UL, first.NumaHit + second.NumaMiss);
        Assert.Equal(second.NumaMiss, first.NumaForeign);
        Assert.Equal(first.NumaHit, first.LocalNode);
        Assert.Equal(second.NumaMiss, second.OtherNode);
        Assert.True(second.NumaMiss > 0);
    }

    [Theory]
    [InlineData(GfpMask.Kernel, 939)]
    [InlineData(GfpMask.Atomic, 939 - 469 - 117)]
    [InlineData(GfpMask.None, 939 - 234)]
    public void A_zone_is_emptied_down_to_its_mark(GfpMask gfp, int left)
    {
        // 896 MiB of low memory, as i386 has; see WatermarkTests for the marks.
        using PageMachine machine = WatermarkTests.LowMachine(KernelVersion.V2_6_12);
        machine.Pages->FreeBootBlocks(4096, 10, 220);
        Zone* normal = machine.ZoneOf(ZoneKind.Normal);
        GfpMask mask = gfp | Quiet;
        while (machine.Pages->TryAllocPages(mask, 5, out _))
        {
        }

        while (machine.Pages->TryAllocPages(mask, 0, out _))
        {
        }

        // A refill takes 31 pages at once, from anything above the mark.
        Assert.InRange((int)normal->FreePages, left - 30, left);
        machine.AssertSound();
    }

    [Fact]
    public void Lower_zones_keep_pages_from_those_who_could_do_with_a_higher_one()
    {
        // DMA keeps 225280 / 256 = 880 pages from allocations of Normal, besides its mark of 17 pages.
        // A refill takes up to 31 pages at once, from anything above.
        using PageMachine machine = WatermarkTests.LowMachine(KernelVersion.V2_6_15);
        machine.Pages->FreeBootBlocks(0, 10, 4);
        while (machine.Pages->TryAllocPages(GfpMask.Kernel | Quiet, 0, out _))
        {
        }

        Zone* dma = machine.ZoneOf(ZoneKind.Dma);
        Assert.InRange(dma->FreePages, 880UL + 17 - 30, 880UL + 17);
        while (machine.Pages->TryAllocPages(GfpMask.Kernel | GfpMask.Dma | Quiet, 0, out _))
        {
        }

        Assert.InRange(dma->FreePages, 0UL, 17UL);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Small_blocks_do_not_count_for_larger_ones(int pairs, bool isDone)
    {
        // Ten single pages and some pairs, none of which can join; a mark of 14 pages. Of the pairs alone, one page
        // less than they have must be above half of that, 7: four pairs are not enough.
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_14).Node(0, 0, 1, (ZoneKind.Normal, 256));
        machine.Pages->BuildZonelists();
        for (ulong i = 0; i < 10; i++)
        {
            machine.Pages->FreeBootBlocks(i * 4, 0, 1);
        }

        for (int i = 0; i < pairs; i++)
        {
            machine.Pages->FreeBootBlocks(64 + ((ulong)i * 4), 1, 1);
        }

        machine.Pages->DrainPerCpuPages();
        Zone* zone = machine.ZoneOf(ZoneKind.Normal);
        zone->PagesMin = zone->PagesLow = 14;
        Assert.Equal(isDone, machine.Pages->TryAllocPages(GfpMask.Kernel | Quiet, 1, out _));
    }

    private static string OrderOfZones(PageMachine machine, int node, GfpMask gfp)
    {
        List<string> order = [];
        while (machine.Pages->TryAllocPagesOnNode(node, gfp | Quiet, 5, out ulong pfn))
        {
            Zone* zone = machine.Pages->FindZone(pfn);
            string name = $"{zone->Node}:{System.Text.Encoding.ASCII.GetString(Zones.Name(zone->Kind))}";
            if (order.Count == 0 || order[^1] != name)
            {
                order.Add(name);
            }
        }

        return string.Join(' ', order);
    }
}
