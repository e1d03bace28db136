using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>The kernel-named calls, on the machine of the article: 100 MiB at 0x70000000, seen at
/// 0x90000000.</summary>
public unsafe class PageApiTests
{
    [Fact]
    public void Addresses_go_both_ways()
    {
        using PageMachine machine = Article(32);
        AddressSpace space = machine.Pages->AddressSpace;
        Assert.Equal(0x9050_0000UL, space.phys_to_virt(0x7050_0000));
        Assert.Equal(0x7050_0000UL, space.virt_to_phys(0x9050_0000));
        Assert.True(space.IsLowmem(0x7000_0000));
        Assert.True(space.IsLowmem(0x743f_ffff));
        Assert.False(space.IsLowmem(0x7440_0000));
        Assert.False(space.IsLowmem(0x6fff_ffff));

        // A machine of 32 bits wraps, whatever runs this.
        AddressSpace wrapping = new(new KernelWord(32, 12), 0x8000_0000, 0xc000_0000, 0xc000_0000);
        Assert.Equal(0xffff_ffffUL, wrapping.phys_to_virt(0xbfff_ffff));
        Assert.Equal(0x4000_0000UL, wrapping.virt_to_phys(0x8000_0000));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Pages_are_allocated_and_freed_by_address(int bits)
    {
        using PageMachine machine = Article(bits);
        ref PageAllocator pages = ref *machine.Pages;
        ulong free = PageApi.nr_free_pages(ref pages);
        ulong address = PageApi.__get_free_pages(ref pages, GfpMask.Kernel, 4);
        Assert.True(address >= 0x9040_0000 && address < 0x9440_0000 && (address & 0xffff) == 0);
        Assert.Equal(free - 16, PageApi.nr_free_pages(ref pages));
        Assert.Equal(PageResult.Done, PageApi.free_pages(ref pages, address, 4));
        Assert.Equal(free, PageApi.nr_free_pages(ref pages));

        ulong single = PageApi.__get_free_page(ref pages, GfpMask.Kernel);
        Assert.Equal(PageResult.Done, PageApi.free_page(ref pages, single));
        Assert.Equal(PageResult.NoUser, PageApi.free_page(ref pages, single));
        Assert.Equal(PageResult.Done, PageApi.free_page(ref pages, 0));
        Assert.Equal(PageResult.NoSuchPage, PageApi.free_page(ref pages, 0x1000));
        ulong dma = PageApi.__get_dma_pages(ref pages, GfpMask.Kernel, 0);
        Assert.True(dma >= 0x9000_0000 && dma < 0x9040_0000);
        machine.AssertSound();
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Pages_are_allocated_and_freed_by_their_entry(int bits)
    {
        using PageMachine machine = Article(bits);
        ref PageAllocator pages = ref *machine.Pages;
        Page* page = PageApi.alloc_page(ref pages, GfpMask.HighUser);
        ulong pfn = PageApi.page_to_pfn(ref pages, page);
        Assert.True(pfn >= 0x74400 && pfn < 0x76400);
        Assert.True(PageApi.pfn_to_page(ref pages, pfn) == page);
        Assert.Equal(0UL, PageApi.page_address(ref pages, page));
        Assert.Equal(1, PageApi.page_count(ref pages, page));
        Assert.Equal(PageResult.Done, PageApi.get_page(ref pages, page));
        Assert.Equal(PageResult.StillInUse, PageApi.put_page(ref pages, page));
        Assert.Equal(PageResult.Done, PageApi.__free_page(ref pages, page));
        Assert.Equal(PageResult.NoSuchPage, PageApi.__free_page(ref pages, null));
        Assert.Equal(PageResult.NoSuchPage, PageApi.__free_page(ref pages, (Page*)((byte*)page + 4)));
        Assert.Equal(PageResult.NoSuchPage, PageApi.__free_page(ref pages, (Page*)&pfn));
        Assert.True(PageApi.alloc_pages(ref pages, GfpMask.Kernel, 11) == null);
        Assert.True(PageApi.alloc_pages_node(ref pages, 1, GfpMask.Kernel, 0) == null);
        Assert.True(PageApi.alloc_pages_node(ref pages, -1, GfpMask.Kernel, 0) != null);
        machine.AssertSound();
    }

    [Fact]
    public void Highmem_has_no_address()
    {
        using PageMachine machine = Article(32);
        ref PageAllocator pages = ref *machine.Pages;
        ulong free = PageApi.nr_free_pages(ref pages);
        Assert.Equal(0UL, PageApi.__get_free_pages(ref pages, GfpMask.HighUser, 3));
        Assert.Equal(0UL, PageApi.get_zeroed_page(ref pages, GfpMask.HighUser));
        Assert.Equal(free, PageApi.nr_free_pages(ref pages));
    }

    [Fact]
    public void Zeroed_pages_are_cleared()
    {
        using PageMachine machine = Article(32);
        ref PageAllocator pages = ref *machine.Pages;
        ulong* cleared = (ulong*)machine.Take(16);
        pages.Memory = new Memory { Context = cleared, Clear = &Remember };
        ulong address = PageApi.get_zeroed_page(ref pages, GfpMask.Kernel);
        Assert.Equal(pages.AddressSpace.virt_to_phys(address), cleared[0]);
        Assert.Equal(4096UL, cleared[1]);
        address = PageApi.__get_free_pages(ref pages, GfpMask.Kernel | GfpMask.Zero, 3);
        Assert.Equal(pages.AddressSpace.virt_to_phys(address), cleared[0]);
        Assert.Equal(32768UL, cleared[1]);
        cleared[1] = 0;
        PageApi.__get_free_page(ref pages, GfpMask.Kernel);
        Assert.Equal(0UL, cleared[1]);
    }

    internal static PageMachine Article(int bits, KernelVersion version = KernelVersion.V2_6_12)
    {
        PageMachine machine = new PageMachine(version, bits).Node(
            0, 0x70000, 7, (ZoneKind.Dma, 1024), (ZoneKind.Normal, 16384), (ZoneKind.HighMem, 8192));
        machine.Pages->AddressSpace = new AddressSpace(new KernelWord(bits, 12), 0x7000_0000, 0x9000_0000, 0x7440_0000);
        machine.Pages->BuildZonelists();
        Assert.Equal(PageResult.Done, machine.Pages->FreeBootBlocks(0x70020, 5, 512));
        Assert.Equal(PageResult.Done, machine.Pages->FreeReservedPages(0x74400, 8192));
        return machine;
    }

    private static void Remember(void* context, ulong address, ulong size)
    {
        ((ulong*)context)[0] = address;
        ((ulong*)context)[1] = size;
    }
}
