namespace Bootmem.Boot;

/// <summary>
/// The article's two tests of the buddy allocator, as initcalls of the stage buddy. They return 0, or the number of the
/// first thing that was not so, and leave as many pages free as they found.
/// </summary>
internal static unsafe class BuddyTests
{
    private const int Order = 2;

    /// <summary>Takes a block of 4 pages, writes to each, reads all, and frees the block.</summary>
    [Initcall(InitcallStage.Buddy, "buddy_alloc_pages")]
    public static int AllocPages(Machine* machine)
    {
        if (machine->IsLayoutOnly)
        {
            return TestMemory.SaySkipped(machine, "buddy_alloc_pages"u8);
        }

        ref PageAllocator pages = ref machine->Pages;
        ulong before = pages.FreePageCount + pages.PerCpuPageCount;
        if (!pages.TryAllocPages(GfpMask.Kernel, Order, out ulong pfn))
        {
            return 1;
        }

        ulong size = machine->Space.Word.PageSize;
        ulong count = 1UL << Order;
        bool isAligned = (pfn & (count - 1)) == 0;
        bool isCounted = pages.FreePageCount + pages.PerCpuPageCount == before - count;
        bool holds = true;
        for (ulong i = 0; i < count; i++)
        {
            TestMemory.Write(PageAt(machine, pfn + i), size - i, "buddy"u8);
        }

        for (ulong i = 0; i < count; i++)
        {
            holds &= TestMemory.Holds(PageAt(machine, pfn + i), size - i, "buddy"u8);
        }

        machine->Log.Text("buddy_alloc_pages: "u8).Decimal(count).Text(" pages from page 0x"u8).Hex(pfn).Text("\n"u8);
        bool isFreed = pages.FreePages(pfn, Order) == PageResult.Done;
        bool isBack = pages.FreePageCount + pages.PerCpuPageCount == before;
        return !isAligned ? 2 : !isCounted ? 3 : !holds ? 4 : !isFreed ? 5 : isBack ? 0 : 6;
    }

    /// <summary>Takes one page by its virtual address, cleared, writes a text, reads it, and frees the page.</summary>
    [Initcall(InitcallStage.Buddy, "buddy_get_free_page")]
    public static int GetFreePage(Machine* machine)
    {
        if (machine->IsLayoutOnly)
        {
            return TestMemory.SaySkipped(machine, "buddy_get_free_page"u8);
        }

        ref PageAllocator pages = ref machine->Pages;
        ulong before = pages.FreePageCount + pages.PerCpuPageCount;
        ulong address = PageApi.get_zeroed_page(ref pages, GfpMask.Kernel);
        if (address == 0)
        {
            return 7;
        }

        int result = TestMemory.WriteText(machine, "buddy_get_free_page"u8, machine->Space.virt_to_phys(address));
        PageApi.free_page(ref pages, address);
        bool isBack = pages.FreePageCount + pages.PerCpuPageCount == before;
        return result != 0 ? result : isBack ? 0 : 6;
    }

    private static byte* PageAt(Machine* machine, ulong pfn)
    {
        KernelWord word = machine->Space.Word;
        return TestMemory.At(machine, word.AddressOf(pfn), word.PageSize);
    }
}
