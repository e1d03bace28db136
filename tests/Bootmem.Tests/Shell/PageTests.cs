using System;
using System.Globalization;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Shell;

/// <summary>Pages and memory at the prompt, behind the hand-over.</summary>
public sealed class PageTests
{
    [Fact]
    public void PagesAreAllocatedShownAndFreed()
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        ulong before = Free(run);
        string answer = run.Answer("alloc_pages GFP_KERNEL|__GFP_ZERO 2");
        Assert.StartsWith("=> pfn 0x", answer, StringComparison.Ordinal);
        Assert.Contains("(4 pages, zone Normal, physical 0x", answer, StringComparison.Ordinal);
        string pfn = answer["=> pfn ".Length..answer.IndexOf(" (", StringComparison.Ordinal)];
        Assert.StartsWith($"page {pfn}: in use: given by the page allocator; count 1", run.Answer("page " + pfn),
            StringComparison.Ordinal);
        Assert.Equal(before - 4, Free(run));
        Assert.Contains(
            "given by the page allocator            4 pages", run.Answer("owners"), StringComparison.Ordinal);
        Assert.Equal($"=> done (pfn {pfn}, order 2)", run.Answer($"__free_pages {pfn} 2"));
        Assert.StartsWith(
            $"page {pfn}: free, in the buddy lists; count 0", run.Answer("page " + pfn), StringComparison.Ordinal);
        Assert.Equal(before, Free(run));
        Assert.Equal($"=> the page has no user (pfn {pfn}, order 2)", run.Do($"__free_pages {pfn} 2").Answer);
        Assert.Equal(1, run.Session.FailedCount);
    }

    [Fact]
    public void AVirtualAddressAndAPageNumberAreToldApart()
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        string address = run.Answer("__get_free_pages GFP_KERNEL 1")["=> ".Length..];
        ulong physical = run.Host.Space.virt_to_phys(Number(address));
        Assert.Equal($"=> done (pfn 0x{physical >> 12:x}, order 1)", run.Answer($"free_pages {address} 1"));
        string page = run.Answer("get_zeroed_page GFP_KERNEL")["=> ".Length..];
        physical = run.Host.Space.virt_to_phys(Number(page));
        Assert.Equal($"=> done (pfn 0x{physical >> 12:x}, order 0)", run.Answer($"free_pages 0x{physical >> 12:x} 0"));
    }

    [Theory]
    [InlineData("alloc_pages GFP_KERNEL 11", "alloc_pages: found \"11\", expected an order: 0 .. 10")]
    [InlineData("alloc_pages GFP_KERNEL", "alloc_pages: found 1 value, expected GFP ORDER")]
    [InlineData("get_zeroed_page 0x800000", "get_zeroed_page: found \"0x800000\", expected no bits but 0x83f7")]
    [InlineData("nr_free_pages 1", "nr_free_pages: found 1 value, expected none")]
    [InlineData("page x", "page: found \"x\", expected a page number: 0 .. 0xfffffffffffff")]
    [InlineData("read 0x1", "read: no RAM is at 0x1 .. 0x41")]
    [InlineData("read 0x70000000 4097", "read: found \"4097\", expected a number of bytes: 0 .. 4096")]
    [InlineData("read 0x100000000", "read: found \"0x100000000\", expected an address: 0 .. 0xffffffff")]
    [InlineData("read virt:0x70000000",
        "read: found 0x70000000, expected a virtual address of low memory: 0x90000000 .. 0x943fffff")]
    [InlineData("write 0x70000000 256", "write: found \"256\", expected a byte: 0 .. 255")]
    [InlineData("write 0x763ffff0 \"seventeen letters\"", "write: no RAM is at 0x763ffff0 .. 0x76400001")]
    public void BadInputIsOneLine(string line, string error)
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        Assert.Equal(("", error), run.Do(line));
    }

    [Fact]
    public void WhatCannotBeHadIsAFailedAnswer()
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        Assert.Equal("=> 0: a page of highmem has no address: ask without __GFP_HIGHMEM",
            run.Do("get_zeroed_page GFP_HIGHUSER").Answer);
        for (int i = 0; run.Session.FailedCount < 2; i++)
        {
            Assert.True(i < 26, "100 MiB do not hold more blocks of 4 MiB");
            run.Do("alloc_pages GFP_HIGHUSER|__GFP_NOWARN 10");
        }

        Assert.Equal(
            "=> 0: no block of order 10 can be had so", run.Do("alloc_pages GFP_HIGHUSER|__GFP_NOWARN 10").Answer);
    }

    [Theory]
    [InlineData(BootStep.PagingInit)]
    [InlineData(BootStep.Done)]
    public void MemoryIsOneWhicheverAddressIsUsed(BootStep stop)
    {
        using ShellRun run = ShellRun.Of(stop);
        Assert.Equal(
            "4 bytes at physical 0x71000000, virtual 0x91000000", run.Answer("write 0x91000000 \"a\\n\\\"\" 0xff"));
        Assert.Equal(
            """
            physical 0x71000000, virtual 0x91000000
            0x71000000  61 0a 22 ff 00                                   a."..
            """,
            run.Answer("read phys:0x71000000 5"));
        Assert.Equal(run.Answer("read 0x71000000 5"), run.Answer("read virt:0x91000000 5"));
        Assert.Equal(new byte[] { 0x61, 0x0a, 0x22, 0xff }, run.Host.Bytes(0x7100_0000, 4).ToArray());
        Assert.Equal("1 byte at physical 0x74400000, highmem: no virtual address", run.Answer("write 0x74400000 1"));
    }

    [Fact]
    public void WithoutMemoryBehindTheMapNothingIsTouched()
    {
        using ShellRun run = new(BootStep.Done, isLayoutOnly: true);
        run.RunAll();
        Assert.Equal("read: there is no memory behind the map: the machine was booted with --layout-only",
            run.Error("read 0x70000000"));
        Assert.Equal("alloc_pages: there are no pages behind the map: the machine was booted with --layout-only",
            run.Error("alloc_pages GFP_KERNEL 0"));
        Assert.StartsWith("page 0x70500: the page allocator's\n", run.Answer("page 0x70500"), StringComparison.Ordinal);
        using ShellRun real = ShellRun.Of(BootStep.Done);
        Assert.Equal(real.Answer("nr_free_pages"), run.Answer("nr_free_pages"));
        Assert.Equal(real.Answer("free"), run.Answer("free"));
    }

    [Fact]
    public void BeforeTheHandOverThereAreNoPagesYet()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        const string Words = "the page allocator has not taken over from bootmem yet: 'boot buddy' goes so far";
        foreach (string line in new[] { "alloc_pages GFP_KERNEL 0", "get_zeroed_page GFP_KERNEL", "free_pages 1 0",
            "__free_pages 1 0", "nr_free_pages" })
        {
            Assert.Equal($"{line.Split(' ')[0]}: {Words}", run.Error(line));
        }

        Assert.Equal(
            "page 0x70500: reserved by kernel image (reserve_bootmem_node)\n  node 0, physical 0x70500000, virtual "
                + "0x90500000",
            run.Answer("page 0x70500"));
        Assert.Equal("page 0x1: no node has it", run.Answer("page 1"));
    }

    private static ulong Free(ShellRun run) =>
        ulong.Parse(run.Answer("nr_free_pages")["=> ".Length..], CultureInfo.InvariantCulture)
        + run.Host.Pages.PerCpuPageCount;

    private static ulong Number(string hex) =>
        ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
