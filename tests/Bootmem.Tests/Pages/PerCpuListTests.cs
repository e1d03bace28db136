using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>What stays on the boot CPU's list after pages have come one by one, as highmem's do.</summary>
public unsafe class PerCpuListTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(31)]
    public void The_rest_follows_the_rule_of_the_boot_logs(int batch)
    {
        int high = 6 * batch;
        for (int n = 1; n < 20 * batch; n++)
        {
            // 2.6.12 empties a full list before it adds to it, the later ones after.
            int before = n <= high ? n : high - batch + 1 + ((n - high - 1) % batch);
            int after = n < high ? n : (5 * batch) + ((n - high) % batch);
            Assert.Equal((ulong)before, RestOf(KernelVersion.V2_6_12, n, batch));
            Assert.Equal((ulong)after, RestOf(KernelVersion.V2_6_13, n, batch));
            Assert.Equal((ulong)after, RestOf(KernelVersion.V2_6_15, n, batch));
        }
    }

    [Fact]
    public void Highmem_of_a_real_machine_leaves_the_pages_that_its_log_lacks()
    {
        // Linux 2.6.13-rc6 with 1 GiB: "HighMem zone: 30342 pages, LIFO batch:15", all of them RAM, and "Memory:
        // 1026576k/1038872k available (... 11468k reserved ...)" with 96 pages of no RAM below: 111 pages are on
        // lists. 87 are highmem's; 24 are left for DMA and Normal, whose lists hold 6 and 186 at most.
        const ulong OnLists = ((1038872 - 1026576 - 11468) / 4) - 96;
        Assert.Equal(111UL, OnLists);
        Assert.Equal(87UL, RestOf(KernelVersion.V2_6_13, 30342, 15));
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 5UL)]
    [InlineData(KernelVersion.V2_6_13, 0UL)]
    [InlineData(KernelVersion.V2_6_14, 0UL)]
    [InlineData(KernelVersion.V2_6_15, 0UL)]
    public void On_numa_pages_go_straight_through_from_2_6_13_on(KernelVersion version, ulong rest)
    {
        using PageMachine machine = new PageMachine(version, 64, isNuma: true).Node(0, 0, 7, (ZoneKind.Normal, 100));
        machine.Pages->FreeReservedPages(1, 5);
        Assert.Equal(rest, machine.Pages->PerCpuPageCount);
        machine.Pages->SetUpPerCpuPageSets();
        Assert.Equal(rest, machine.Pages->PerCpuPageCount);
        machine.Pages->FreeReservedPages(50, 5);
        Assert.Equal(rest + 5, machine.Pages->PerCpuPageCount);
        machine.AssertSound();
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 14, 42, 7, 0, 14, 7)]
    [InlineData(KernelVersion.V2_6_13, 14, 42, 7, 0, 14, 7)]
    [InlineData(KernelVersion.V2_6_14, 14, 42, 7, 0, 14, 7)]
    [InlineData(KernelVersion.V2_6_15, 0, 42, 7, 0, 14, 3)]
    public void Lists_are_made_for_the_batch(
        KernelVersion version, int low, int high, int batch, int coldLow, int coldHigh, int coldBatch)
    {
        using PageMachine machine = new PageMachine(version).Node(0, 0, 7, (ZoneKind.Normal, 100));
        PageSet set = *Zone.PageSetOf(machine.ZoneOf(ZoneKind.Normal), 0);
        Assert.Equal((low, high, batch), (set.Hot.Low, set.Hot.High, set.Hot.Batch));
        Assert.Equal((coldLow, coldHigh, coldBatch), (set.Cold.Low, set.Cold.High, set.Cold.Batch));
    }

    [Fact]
    public void Each_cpu_has_lists_of_its_own()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_12).Node(0, 0, 7, (ZoneKind.Normal, 100));
        Zone* zone = machine.ZoneOf(ZoneKind.Normal);
        machine.Pages->FreeReservedPages(1, 2);
        machine.Pages->CurrentCpu = 3;
        machine.Pages->FreeReservedPages(10, 2);
        Assert.Equal([2UL, 1UL], PageMachine.CpuList(zone, isCold: false));
        Assert.Equal([11UL, 10UL], PageMachine.CpuList(zone, isCold: false, cpu: 3));
        machine.AssertSound();
    }

    private static ulong RestOf(KernelVersion version, int pages, int batch)
    {
        using PageMachine machine = new PageMachine(version).Node(0, 1 << 18, batch, (ZoneKind.HighMem, (ulong)pages));
        machine.Pages->FreeReservedPages(1 << 18, (ulong)pages);
        Assert.Equal((ulong)pages, machine.Pages->TotalHighPages);
        return machine.Pages->PerCpuPageCount;
    }
}
