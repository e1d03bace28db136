using System;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Modules;

/// <summary>
/// The two tests of the page allocator as a module. Each asserts what it does and leaves as many pages free as it
/// found.
/// The number that Init returns is the number of the test that failed, from 1.
/// </summary>
public sealed class BuddyTests : BootmemModule
{
    private const int Order = 2;

    /// <inheritdoc/>
    public override string Name => "buddy_tests";

    /// <inheritdoc/>
    public override string Description => "the two tests of the page allocator";

    /// <inheritdoc/>
    public override InitcallStage Stage => InitcallStage.Buddy;

    /// <inheritdoc/>
    public override int Init(MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.IsLayoutOnly)
        {
            host.Print("buddy_tests: no memory behind the map, nothing tested");
            return 0;
        }

        return !AllocPages(host) ? 1 : !GetZeroedPage(host) ? 2 : 0;
    }

    // A block of 4 pages: each is written before any is read, so that two pages cannot be the same memory.
    private static bool AllocPages(MachineHost host)
    {
        ref PageAllocator pages = ref host.Pages;
        ulong before = FreePages(host);
        if (!pages.TryAllocPages(GfpMask.Kernel, Order, out ulong pfn))
        {
            return false;
        }

        const ulong Count = 1 << Order;
        bool isRight = pfn % Count == 0 && FreePages(host) == before - Count;
        for (ulong i = 0; i < Count; i++)
        {
            PageAt(host, pfn + i).Fill((byte)(0x90 + i));
        }

        for (ulong i = 0; i < Count; i++)
        {
            isRight &= !PageAt(host, pfn + i).ContainsAnyExcept((byte)(0x90 + i));
        }

        host.Print($"alloc_pages: {Count} pages from page 0x{pfn:x}");
        isRight &= pages.FreePages(pfn, Order) == PageResult.Done;
        return isRight && FreePages(host) == before;
    }

    // A page by its virtual address. It is cleared, though it may be one that the test before has written to.
    private static bool GetZeroedPage(MachineHost host)
    {
        const string Words = "BiscuitOS-buddy";
        ref PageAllocator pages = ref host.Pages;
        ulong before = FreePages(host);
        ulong address = PageApi.get_zeroed_page(ref pages, GfpMask.Kernel);
        if (address == 0)
        {
            return false;
        }

        Span<byte> page = host.Bytes(host.Space.virt_to_phys(address), host.PageSize);
        bool isRight = FreePages(host) == before - 1 && !page.ContainsAnyExcept((byte)0)
            && Encoding.ASCII.TryGetBytes(Words, page, out _);
        string read = Encoding.ASCII.GetString(host.Bytes(host.Space.virt_to_phys(address), Words.Length));
        host.Print($"get_zeroed_page: \"{read}\" at 0x{address:x}");
        isRight &= PageApi.free_page(ref pages, address) == PageResult.Done;
        return isRight && read == Words && FreePages(host) == before;
    }

    private static Span<byte> PageAt(MachineHost host, ulong pfn) =>
        host.Bytes(host.Pages.Word.AddressOf(pfn), host.PageSize);

    // Single pages go through a list of the CPU: free in another place.
    private static ulong FreePages(MachineHost host) => host.Pages.FreePageCount + host.Pages.PerCpuPageCount;
}
