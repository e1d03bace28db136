using System;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>
/// Calls that the kernel would not come back from, or that would ruin its lists. Expect a refusal, and every byte of
/// the memory map and the zones as it was.
/// </summary>
public unsafe class FaultTests
{
    private const ulong Start = 0x1000;
    private const ulong Count = 256;

    private static readonly KernelVersion[] Versions = [KernelVersion.V2_6_12, KernelVersion.V2_6_15];

    [Fact]
    public void Free_blocks_are_not_freed_again()
    {
        foreach (KernelVersion version in Versions)
        {
            using PageMachine machine = Given(version);
            PageAllocator* pages = machine.Pages;
            Assert.True(pages->TryAllocPages(GfpMask.Kernel, 0, out ulong single));
            Assert.True(pages->TryAllocPages(GfpMask.Kernel, 3, out ulong block));
            Assert.Equal(PageResult.Done, pages->FreePages(single, 0));
            Assert.Equal(PageResult.Done, pages->FreePages(block, 3));
            Unchanged(machine, PageResult.NoUser, () => pages->FreePages(single, 0));
            Unchanged(machine, PageResult.NoUser, () => pages->FreePages(block, 3));
            Unchanged(machine, PageResult.NoUser, () => pages->FreePages(block + 1, 0));
            Unchanged(machine, PageResult.NoUser, () => pages->PutPage(single));
            Unchanged(machine, PageResult.NoUser, () => pages->FreeColdPage(single));
            Unchanged(machine, PageResult.BadPage, () => pages->GetPage(single));
            Unchanged(machine, PageResult.BadPage, () => pages->GetPage(block + 1));
        }
    }

    [Fact]
    public void Blocks_are_freed_as_they_were_allocated()
    {
        using PageMachine machine = Given(KernelVersion.V2_6_12);
        PageAllocator* pages = machine.Pages;
        Assert.True(pages->TryAllocPages(GfpMask.Kernel, 2, out ulong block));
        Unchanged(machine, PageResult.NoUser, () => pages->FreePages(block + 1, 0));
        Unchanged(machine, PageResult.BadPage, () => pages->FreePages(block, 3));
        Unchanged(machine, PageResult.BadOrder, () => pages->FreePages(block, 11));
        Unchanged(machine, PageResult.BadOrder, () => pages->FreePages(block, -1));
        Unchanged(machine, PageResult.NoSuchPage, () => pages->FreePages(Start - 1, 0));
        Unchanged(machine, PageResult.NoSuchPage, () => pages->FreePages(Start + Count, 0));
        Unchanged(machine, PageResult.NoSuchPage, () => pages->FreePages(ulong.MaxValue, 0));

        // A later page that got a user of its own keeps the whole block from being freed.
        Assert.Equal(PageResult.Done, pages->GetPage(block + 1));
        Unchanged(machine, PageResult.Misaligned, () => pages->FreePages(block + 1, 2));
        Unchanged(machine, PageResult.BadPage, () => pages->FreePages(block, 2));
        Assert.Equal(PageResult.Done, pages->PutPage(block + 1));
        Unchanged(machine, PageResult.BadPage, () => pages->FreePages(block, 2));

        // In the kernel, too, a lower order frees the first part alone.
        Assert.Equal(PageResult.Done, pages->FreePages(block, 0));
        machine.AssertSound();
        Assert.Equal(Count - 2, pages->FreePageCount + pages->PerCpuPageCount);
    }

    [Fact]
    public void Reserved_pages_are_let_pass_as_the_version_does()
    {
        using PageMachine old = Given(KernelVersion.V2_6_14, given: 128);
        Assert.Equal(0, old.Pages->CountOf(Start + 200));
        Unchanged(old, PageResult.Reserved, () => old.Pages->FreePages(Start + 200, 0));
        Unchanged(old, PageResult.Reserved, () => old.Pages->FreePages(Start + 200, 0));
        Assert.Equal(PageResult.Done, old.Pages->GetPage(Start + 200));
        Assert.Equal(1, old.Pages->CountOf(Start + 200));
        Unchanged(old, PageResult.Reserved, () => old.Pages->PutPage(Start + 200));

        // 2.6.15: reserved pages begin with a count of 1, which goes down; at 0 the kernel's BUG() waits.
        using PageMachine later = Given(KernelVersion.V2_6_15, given: 128);
        Assert.Equal(1, later.Pages->CountOf(Start + 200));
        Assert.Equal(PageResult.Done, later.Pages->GetPage(Start + 200));
        Assert.Equal(PageResult.StillInUse, later.Pages->FreePages(Start + 200, 0));
        Assert.Equal(PageResult.Reserved, later.Pages->FreePages(Start + 200, 0));
        Assert.Equal(0, later.Pages->CountOf(Start + 200));
        Unchanged(later, PageResult.NoUser, () => later.Pages->FreePages(Start + 200, 0));
        later.AssertSound();
    }

    [Fact]
    public void The_hand_over_takes_each_page_once()
    {
        using PageMachine machine = Given(KernelVersion.V2_6_13, given: 64);
        PageAllocator* pages = machine.Pages;
        Unchanged(machine, PageResult.NotReserved, () => pages->FreeBootBlocks(Start, 0, 1), mayCount: true);
        Unchanged(machine, PageResult.NotReserved, () => pages->FreeBootBlocks(Start, 5, 1), mayCount: true);
        Unchanged(machine, PageResult.Misaligned, () => pages->FreeBootBlocks(Start + 65, 5, 1), mayCount: true);
        Unchanged(machine, PageResult.BadOrder, () => pages->FreeBootBlocks(Start, 11, 1), mayCount: true);
        Unchanged(machine, PageResult.NoSuchPage, () => pages->FreeBootBlocks(5, 0, 1), mayCount: true);
        Assert.Equal(5UL, pages->RefusedBlocks);
        Assert.Equal(Start, pages->RefusedPfn);
        Assert.Equal(PageResult.NotReserved, pages->RefusedBecause);

        // A run that begins far below the zone and ends far above it, however long, gives the zone's pages.
        Assert.Equal(PageResult.NoSuchPage, pages->FreeBootBlocks(0, 6, 1UL << 40));
        Assert.Equal(5 + (1UL << 40) - 3, pages->RefusedBlocks);
        Assert.Equal(Count, pages->TotalPages);
        Assert.Equal(PageResult.NoSuchPage, pages->FreeBootBlocks(Start + Count, 10, ulong.MaxValue));
        machine.AssertSound();
    }

    [Fact]
    public void A_block_that_ends_beyond_its_zone_is_refused()
    {
        using PageMachine machine = new PageMachine(KernelVersion.V2_6_12)
            .Node(0, 0, 1, (ZoneKind.Dma, 40), (ZoneKind.Normal, 60));
        Assert.Equal(PageResult.CrossesZone, machine.Pages->FreeBootBlocks(0, 5, 3));
        Assert.Equal(64UL, machine.Pages->TotalPages);
        Assert.Equal(32UL, machine.Pages->RefusedPfn);
        machine.AssertSound();
    }

    [Fact]
    public void Counts_of_later_pages_survive_the_hand_over_before_2_6_15()
    {
        using PageMachine old = Given(KernelVersion.V2_6_14, given: 0);
        Assert.Equal(PageResult.Done, old.Pages->GetPage(Start + 3));

        // The first page's count is set, whatever it was.
        Assert.Equal(PageResult.Done, old.Pages->GetPage(Start + 32));
        Assert.Equal(PageResult.BadPage, old.Pages->FreeBootBlocks(Start, 5, 2));
        Assert.Equal(32UL, old.Pages->TotalPages);

        using PageMachine later = Given(KernelVersion.V2_6_15, given: 0);
        Assert.Equal(PageResult.Done, later.Pages->GetPage(Start + 3));
        Assert.Equal(2, later.Pages->CountOf(Start + 3));
        Assert.Equal(PageResult.Done, later.Pages->FreeBootBlocks(Start, 5, 2));
        Assert.Equal(0, later.Pages->CountOf(Start + 3));
        later.AssertSound();
    }

    [Fact]
    public void Nodes_and_zones_that_do_not_fit_are_refused()
    {
        using PageMachine machine = Given(KernelVersion.V2_6_14);
        PageAllocator* pages = machine.Pages;
        byte* map = machine.Take(4096);
        Assert.False(pages->AddNode(0, 0, 1, map, 32));
        Assert.False(pages->AddNode(4, 0, 1, map, 32));
        Assert.False(pages->AddNode(-1, 0, 1, map, 32));
        Assert.False(pages->AddNode(1, Start + Count - 1, 2, map, 32));
        Assert.False(pages->AddNode(1, 0, 1, map, 16));
        Assert.False(pages->AddNode(1, 0, 1, map, 34));
        Assert.False(pages->AddNode(1, 0, 1, map + 2, 32));
        Assert.False(pages->AddNode(1, 0, uint.MaxValue, map, 32));
        Assert.True(pages->AddNode(1, 0, 100, map, 32));
        Assert.False(pages->AddZone(2, ZoneKind.Dma, 0, 1, 1, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma32, 0, 1, 1, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma, 0, 101, 1, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma, 50, 51, 1, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma, 0, 10, 11, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma, 0, 10, 10, -1));
        Assert.True(pages->AddZone(1, ZoneKind.Dma, 0, 10, 10, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Dma, 0, 10, 10, 1));
        Assert.False(pages->AddZone(1, ZoneKind.Normal, 9, 10, 10, 1));
        Assert.True(pages->AddZone(1, ZoneKind.Normal, 10, 90, 90, 1));
        Assert.True(pages->AddZone(1, ZoneKind.HighMem, 100, 0, 0, 1));
        Assert.Equal(2, pages->BuildZonelists());
    }

    [Fact]
    public void The_check_of_all_lists_notices_each_kind_of_damage()
    {
        Damage(VerifyResult.BadSum, machine => machine.ZoneOf(ZoneKind.Normal)->FreePages++);
        Damage(VerifyResult.BadMark, machine => machine.Pages->PageOf(Start)->Count = 1);
        Damage(VerifyResult.BadMark, machine => machine.Pages->PageOf(Start + 1)->Flags = PageFlags.None);
        Damage(VerifyResult.BadLink, machine => machine.Pages->PageOf(Start)->Previous = 5);
        Damage(VerifyResult.BadList, machine => machine.Pages->PageOf(Start)->Next = 9);
        Damage(VerifyResult.Overlap, machine => machine.Pages->PageOf(Start + 5)->Flags |= PageFlags.CpuList);
        Damage(VerifyResult.BadList, machine => Zone.PageSetOf(machine.ZoneOf(ZoneKind.Normal), 0)->Hot.Count++);
        Damage(VerifyResult.Stray, machine => machine.Pages->PageOf(Start + 200)->Flags |= PageFlags.CpuList, 128);
    }

    private static void Damage(VerifyResult expected, Action<PageMachine> harm, ulong given = Count)
    {
        using PageMachine machine = Given(KernelVersion.V2_6_12, given);
        machine.AssertSound();
        harm(machine);
        Assert.Equal(expected, machine.Pages->Verify(out _));
    }

    private static PageMachine Given(KernelVersion version, ulong given = Count)
    {
        PageMachine machine = new PageMachine(version).Node(0, Start, 1, (ZoneKind.Normal, Count));
        machine.Pages->BuildZonelists();
        Assert.Equal(PageResult.Done, machine.Pages->FreeBootBlocks(Start, 5, given >> 5));
        return machine;
    }

    private static void Unchanged(
        PageMachine machine, PageResult expected, Func<PageResult> call, bool mayCount = false)
    {
        machine.AssertSound();
        byte[] before = Snapshot(machine, mayCount);
        Assert.Equal(expected, call());
        Assert.Equal(before, Snapshot(machine, mayCount));
        machine.AssertSound();
    }

    // The memory map, the zone and, unless refusals are counted in it, the allocator itself.
    private static byte[] Snapshot(PageMachine machine, bool withoutAllocator)
    {
        Zone* zone = machine.ZoneOf(ZoneKind.Normal);
        ReadOnlySpan<byte> map = new(zone->MemMap, (int)Count * machine.Stride);
        ReadOnlySpan<byte> zoneBytes = new(zone, sizeof(Zone));
        ReadOnlySpan<byte> allocator = new(machine.Pages, withoutAllocator ? 0 : sizeof(PageAllocator));
        return [.. map, .. zoneBytes, .. allocator];
    }
}
