using System;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>What cannot be booted gives one clear error with its place; options that are fine do what they
/// say.</summary>
public sealed class BadMachineTests
{
    private const ulong Mib = 1UL << 20;
    private const ulong Gib = 1UL << 30;

    private static MachineSketch Board { get; } = MachineSketch.Of((0x6000_0000, 256 * Mib));

    [Theory]
    [InlineData("mem=", 5)]
    [InlineData("mem=x", 5)]
    [InlineData("mem=64Q", 7)]
    [InlineData("mem=64MB", 8)]
    [InlineData("mem=-1", 5)]
    [InlineData("mem=0x", 7)]
    [InlineData("mem=08M", 6)]
    [InlineData("mem=64M@", 9)]
    [InlineData("mem=64M@x", 9)]
    [InlineData("mem=64M@0@0", 10)]
    [InlineData("mem=18446744073709551616", 24)]
    [InlineData("mem=0x10000000000000000", 23)]
    [InlineData("mem=17179869184G", 17)]
    [InlineData("quiet  mem=64M mem=", 20)]
    [InlineData("initrd=0x60000000", 18)]
    [InlineData("initrd=,1", 8)]
    [InlineData("initrd=1@1", 9)]
    [InlineData("highmem=1M@5", 11)]
    [InlineData("dhash_entries=many", 15)]
    [InlineData("ihash_entries= 5", 15)]
    [InlineData("mem_bs=1,2", 9)]
    [InlineData("highmem_bs=", 12)]
    public void AnOptionWithoutItsNumber(string line, int place)
    {
        string word = line[(line.LastIndexOf(' ', place - 2) + 1)..].Split(' ')[0];
        CheckError(
            Board with { CommandLine = line },
            $"command line, character {place}: expected a number such as 64M or 0x70000000 behind the option, "
            + $"found '{word}'");
    }

    [Theory]
    [InlineData("mem=0", "no RAM: expected at least one bank with a whole page")]
    [InlineData("mem=4095@0x1001", "no RAM: expected at least one bank with a whole page")]
    [InlineData(
        "mem=64M mem=64M", "bank 1 at 0x60000000 overlaps the bank before it: expected a start of at least 0x64000000")]
    [InlineData(
        "mem=4G@0x60000000",
        "bank 0 begins at 0x60000000 and reaches beyond the machine's addresses: expected an end of at most "
            + "0xffffffff")]
    [InlineData(
        "mem=0xffffffffffffffff@0x60000000",
        "bank 0 begins at 0x60000000 and reaches beyond the machine's addresses: expected an end of at most "
            + "0xffffffff")]
    [InlineData(
        "mem=1M", "the kernel image begins at 0x60008000 and ends at 0x60308000: expected it in the RAM of node 0")]
    [InlineData("mem=0x308000@0 mem=16M@0x10000000", null)]
    [InlineData("mem=0x308000@0",
        "no bank of node 0 has room for a bitmap of 1 pages behind the kernel image, from page 0x308 on")]
    public void MemoryThatCannotBe(string line, string? message) =>
        CheckError(Board with { CommandLine = line }, message);

    [Fact]
    public void BanksThatCannotBe()
    {
        CheckError(new MachineSketch(), "no RAM: expected at least one bank with a whole page");
        CheckError(
            MachineSketch.Of((0, 16 * Mib), (8 * Mib, Mib)),
            "bank 1 at 0x800000 overlaps the bank before it: expected a start of at least 0x1000000");
        CheckError(
            MachineSketch.OfNodes((0, 16 * Mib, 0), (32 * Mib, Mib, 1), (48 * Mib, Mib, 0)),
            "node 1 begins at page 0x2000, inside another node that ends at page 0x3100: expected nodes whose pages "
                + "do not interleave");
        CheckError(MachineSketch.OfNodes((0, 16 * Mib, 1)),
            "node 0 has no RAM: expected RAM there for the kernel image and the bitmap");
        CheckError(MachineSketch.OfNodes((0, Mib, 1024)), "bank of node 1024: expected a node below 1024");
        CheckError(MachineSketch.OfNodes((0, Mib, -1)), "bank of node 4294967295: expected a node below 1");
        CheckError(
            MachineSketch.Of((0, 16 * Mib), (1UL << 60, Mib)),
            "node 0 spans 0x1000000000100 pages, holes included: expected at most 0xfffffffd");
        CheckError(
            MachineSketch.Of((0xffff_ffff_0000_0000, 1UL << 32)),
            "bank 0 begins at 0xffffffff00000000 and reaches beyond the machine's addresses: expected an end of at "
                + "most 0xffffffffffffffff");
        MachineSketch ends = MachineSketch.Of((0, 16 * Mib)) with
        {
            CommandLine = string.Join(' ', Enumerable.Range(0, 200).Select(static i => $"mem=1M@{i}M")),
        };
        CheckError(ends, "too many banks: expected at most 65");
    }

    [Fact]
    public void NodesThatTheKernelHasNoRoomFor()
    {
        MachineSketch sketch = MachineSketch.OfNodes((0, 16 * Mib, 0), (16 * Mib, 16 * Mib, 4));
        Assert.Equal(
            "bank of node 4: expected a node below 4",
            ErrorOf(sketch,
                MachineSketch.Options(KernelVersion.V2_6_12, change: static config => config with { NodesShift = 2 })));
    }

    [Theory]
    [InlineData("mem_bs=0", "take 0x2000000 bytes")]
    [InlineData("mem_bs=69M", "take 0x6500000 bytes")]
    [InlineData("highmem_bs=33M", "take 0x6500000 bytes")]
    [InlineData("mem_bs=4097", "take 0x2001001 bytes")]
    [InlineData("mem_bs=0xffffffffffffffff", "take 0x1ffffff bytes")]
    [InlineData("mem_bs=0xfffffffffffff000", "take 0x1fff000 bytes")]
    [InlineData("mem_bs=64M@0x70000800", "take 0x6000000 bytes")]
    [InlineData("mem_bs=68M@0x70100000", "take 0x6400000 bytes")]
    [InlineData("mem_bs=64M@0x6ff00000", "take 0x6000000 bytes")]
    public void ZonesThatDoNotFitTheirRange(string line, string taken) => CheckError(
        MachineSketch.Article with { CommandLine = line },
        $"the private memory manager's zones {taken}: expected whole pages, at least one, inside the 0x6400000 "
            + $"bytes of its range");

    [Theory]
    [InlineData(KernelVersion.V2_6_12, true)]
    [InlineData(KernelVersion.V2_6_12, false)]
    [InlineData(KernelVersion.V2_6_15, true)]
    [InlineData(KernelVersion.V2_6_15, false)]
    public void AZoneThatEndsInsideABlock(KernelVersion version, bool isLayoutOnly)
    {
        MachineSketch sketch = MachineSketch.Article with { CommandLine = "mem_bs=20484K" };
        using MachineHost host = sketch.SwitchOn(MachineSketch.Options(version, isLayoutOnly));
        BootmemException stop = Assert.Throws<BootmemException>(() => host.RunUntil(BootStep.Done));
        Assert.Equal(
            "BUG in __free_pages_bulk, node 0, page 0x71400: the block of 32 pages crosses the end of zone Normal",
            stop.Message);
        Assert.Equal(BootStep.MemInit, host.NextStep);

        // Only 2.6.12 sees it coming.
        bool isWarned = host.Log.Lines.Contains(new LogLine(2, "BUG: wrong zone alignment, it will crash"));
        Assert.Equal(version == KernelVersion.V2_6_12, isWarned);
    }

    [Fact]
    public void ImagesThatCannotBe()
    {
        PrivateMemory own = MachineSketch.Article.Private;
        own.Init.Start -= 0x1000;
        CheckError(
            MachineSketch.Article with { Private = own },
            "the kernel's init section begins at 0x904ff000: expected it inside the image, which begins at 0x90500000");
        own = MachineSketch.Article.Private;
        own.Image.Size = ulong.MaxValue - 0x70f0_0000;
        Assert.StartsWith(
            "the kernel image begins at 0x70500000 and ends at ", ErrorOf(MachineSketch.Article with { Private = own }),
            StringComparison.Ordinal);
        own = MachineSketch.Article.Private;
        own.Image.Start = 0x9000_3000;
        CheckError(
            MachineSketch.Article with { Private = own },
            "the kernel image begins at 0x70003000 and ends at 0x70013000: expected it in the RAM of node 0");
    }

    [Fact]
    public void MachinesThatTheHostHasNoRoomFor()
    {
        MachineSketch large = MachineSketch.Of((0, 15UL << 40));
        HostMemoryException full = Assert.Throws<HostMemoryException>(() => Boot(large, new MachineOptions()));
        Assert.Contains("boot it with --layout-only", full.Message, StringComparison.Ordinal);
        MachineSketch larger = MachineSketch.OfNodes((0, 15UL << 40, 0), (1UL << 50, 15UL << 40, 1));
        MachineOptions layout = new() { IsLayoutOnly = true };
        HostMemoryException maps = Assert.Throws<HostMemoryException>(() => Boot(larger, layout));
        Assert.StartsWith(
            "the bitmaps of this machine take 1006632960 bytes, expected at most 536870912", maps.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("highmem=193M", "highmem size 193MB results in smaller than 64MB lowmem, ignoring it.", 0)]
    [InlineData("highmem=4096G", "highmem size 4194304MB results in smaller than 64MB lowmem, ignoring it.", 0)]
    [InlineData("highmem=192M", null, 192)]
    [InlineData("highmem=1M", null, 1)]
    [InlineData("highmem=0", null, 0)]
    public void HighMem(string line, string? said, ulong mebibytes)
    {
        using MachineHost host = (Board with { CommandLine = line }).SwitchOn();
        host.RunUntil(BootStep.Done);
        string[] lines = [.. host.Log.Lines.Select(static one => one.Text)];
        Assert.Equal(
            said is null ? [] : [said], lines.Where(static one => one.StartsWith("highmem", StringComparison.Ordinal)));
        Assert.Contains($"  HighMem zone: {mebibytes * 256} pages", lines.Select(static one => one.Split(',')[0]));
        Assert.Contains($"  DMA zone: {(256 - mebibytes) * 256} pages", lines.Select(static one => one.Split(',')[0]));
    }

    [Fact]
    public void WithoutHighMemTheRestIsCutOff()
    {
        MachineOptions options = MachineSketch.Options(
            KernelVersion.V2_6_12, change: static config => config with { HasHighMem = false });
        using MachineHost host = MachineSketch.Of((0x6000_0000, 2 * Gib)).SwitchOn(options);
        host.RunUntil(BootStep.Done);
        Assert.Contains(new LogLine(4, "Warning only 896MB will be used."), host.Log.Lines);
        Assert.Contains(new LogLine(4, "Use a HIGHMEM enabled kernel."), host.Log.Lines);
        Assert.Equal(896UL << 8, PageAccount.Of(host).RamPages);
    }

    [Theory]
    [InlineData("--append", "mem=64Q", "command line, character 23: expected a number")]
    [InlineData("--append", "mem=0", "no RAM")]
    [InlineData("--append", "mem=4G", "reaches beyond")]
    [InlineData("--append", "mem=8M mem=8M", "overlaps")]
    [InlineData("--config", "CONFIG_PAGE_OFFSET=0xfffff000", "")]
    [InlineData("--stop-at", "nowhere", "expected one of")]
    public void TheCommandEndsWithTwo(string option, string value, string expected)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string machine = RepositoryRoot.Combine("machines", "vexpress-a9.dts");
        int code = Cli.CommandLine.Invoke(["boot", machine, "--quiet", option, value], output, error);
        Assert.Equal((2, ""), (code, output.ToString()));
        string line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("bootmem: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandEndsWithOneWhereTheKernelStops()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string machine = RepositoryRoot.Combine("machines", "vexpress-a9.dts");
        int code = Cli.CommandLine.Invoke(["boot", machine, "--quiet", "--append", "mem=3112K"], output, error);
        Assert.Equal((1, ""), (code, output.ToString()));
        Assert.StartsWith("bootmem: panic in ", error.ToString(), StringComparison.Ordinal);
    }

    private static void CheckError(MachineSketch sketch, string? message)
    {
        if (message is null)
        {
            Boot(sketch, new MachineOptions());
            return;
        }

        Assert.Equal(message, ErrorOf(sketch));
    }

    private static string ErrorOf(MachineSketch sketch, MachineOptions? options = null) =>
        Assert.Throws<MachineException>(() => Boot(sketch, options ?? new MachineOptions())).Message;

    private static void Boot(MachineSketch sketch, MachineOptions options)
    {
        using MachineHost host = sketch.SwitchOn(options);
        host.RunUntil(BootStep.Done);
        Assert.True(PageAccount.Of(host).AddsUp);
    }
}
