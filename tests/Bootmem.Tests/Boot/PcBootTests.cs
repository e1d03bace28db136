using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>PCs of many sizes and shapes, booted from their memory maps.</summary>
public sealed class PcBootTests
{
    private const string Low = "BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)\n";
    private const string Of2GiB = Low + "BIOS-e820: 0000000000100000 - 0000000080000000 (usable)\n";
    private const string Of6GiB = Low + "BIOS-e820: 0000000000100000 - 00000000c0000000 (usable)\n"
        + "BIOS-e820: 0000000100000000 - 00000001c0000000 (usable)\n";
    private const string TwoNodes = Low + "BIOS-e820: 0000000000100000 - 0000000040000000 (usable)\n"
        + "SRAT: Node 0 PXM 0 0-1fffffff\nSRAT: Node 1 PXM 1 20000000-3fffffff\n";

    [Fact]
    public void WithoutHighMemory896MiBAreUsed()
    {
        List<string> log = Boot(Of2GiB, c => c with { HasHighMem = false });
        Assert.Equal(
            ["Warning only 896MB will be used.", "Use a HIGHMEM enabled kernel.", "896MB LOWMEM available.",
                "On node 0 totalpages: 229376"],
            log.SkipWhile(static line => !line.StartsWith("Warning", StringComparison.Ordinal)).Take(4));
    }

    [Fact]
    public void WithHighMemoryAllIsUsed()
    {
        List<string> log = Boot(Of2GiB);
        Assert.Contains("1152MB HIGHMEM available.", log);
        Assert.Contains("896MB LOWMEM available.", log);
        Assert.Contains("  HighMem zone: 294912 pages, LIFO batch:31", log);
        Assert.Contains(log, static line => line.StartsWith("Memory: ", StringComparison.Ordinal)
            && line.Contains("/2097152k available", StringComparison.Ordinal)
            && line.EndsWith(", 1179648k highmem)", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutPae4GiBAreUsed()
    {
        List<string> log = Boot(Of6GiB, c => c with { Architecture = Architecture.I386 });
        Assert.Contains("Warning only 4GB will be used.", log);
        Assert.Contains("Use a PAE enabled kernel.", log);
        Assert.Contains("On node 0 totalpages: 1048576", log);
        Assert.Contains(
            log, static line => line.EndsWith($", {(0xc0000 - 229376) * 4}k highmem)", StringComparison.Ordinal));
    }

    [Fact]
    public void WithPaeAllIsUsed()
    {
        List<string> log = Boot(Of6GiB, c => c with { Architecture = Architecture.I386, HasPae = true });
        Assert.DoesNotContain(log, static line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("On node 0 totalpages: 1835008", log);
        Assert.Contains("6272MB HIGHMEM available.", log);
    }

    [Theory]
    [InlineData("mem=80M", "80MB LOWMEM available.", " user: 0000000000100000 - 0000000005000000 (usable)")]
    [InlineData(
        "memmap=exactmap memmap=640K@0 memmap=31M@1M", "32MB LOWMEM available.",
        " user: 0000000000100000 - 0000000002000000 (usable)")]
    [InlineData(
        "memmap=exactmap memmap=640K@0 memmap=79M@1M memmap=1M$8M memmap=64K#12M", "80MB LOWMEM available.",
        " user: 0000000000c10000 - 0000000005000000 (usable)")]
    public void TheCommandLineChangesTheMap(string line, string lowmem, string range)
    {
        List<string> log = Boot(Of2GiB, append: line);
        Assert.Contains("user-defined physical RAM map:", log);
        Assert.Contains(lowmem, log);
        Assert.Contains(range, log);
    }

    // 80 MB with two holes: all of it counts as pages on i386, and the PID hash is that of 80 MB.
    [Fact]
    public void HolesAreCountedOnI386()
    {
        List<string> log = Boot(Of2GiB, append: "memmap=exactmap memmap=640K@0 memmap=31M@1M memmap=40M@40M");
        Assert.Contains("On node 0 totalpages: 20480", log);
        Assert.Contains("PID hash table entries: 512 (order: 9, 8192 bytes)", log);
    }

    [Theory]
    [InlineData("highmem=512M", "512MB HIGHMEM available.", "896MB LOWMEM available.")]
    [InlineData("highmem=8000M", "1152MB HIGHMEM available.", "896MB LOWMEM available.")]
    [InlineData("mem=512M highmem=256M", "256MB HIGHMEM available.", "256MB LOWMEM available.")]
    [InlineData("mem=128M highmem=100M", "0MB HIGHMEM available.", "128MB LOWMEM available.")]
    public void HighMemoryCanBeChosen(string line, string high, string low)
    {
        List<string> log = Boot(Of2GiB, append: line);
        Assert.Contains(high, log);
        Assert.Contains(low, log);
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 131071, "1fffffff")]
    [InlineData(KernelVersion.V2_6_14, 130974, "1fffffff")]
    [InlineData(KernelVersion.V2_6_15, 0, "20000000")]
    public void NodesEndAPageEarlyUpTo2_6_14(KernelVersion version, int pages, string end)
    {
        List<string> log = Boot(
            TwoNodes, c => c with { Architecture = Architecture.X86_64, IsNuma = true, Version = version });
        Assert.Contains($"Bootmem setup node 0 0000000000000000-00000000{end}", log);
        Assert.Contains("Built 2 zonelists", log);
        if (pages != 0)
        {
            Assert.Contains($"On node 0 totalpages: {pages}", log);
        }
    }

    [Fact]
    public void MemoryMapAndImageAreNoPagesOf2_6_15()
    {
        List<string> log = Boot(TwoNodes, c =>
            c with { Architecture = Architecture.X86_64, IsNuma = true, Version = KernelVersion.V2_6_15 });

        // Node 1: 131072 pages, less 56 bytes of memory map for each.
        Assert.Contains($"  DMA32 zone: {131072 - (131072 * 56 / 4096)} pages, LIFO batch:31", log);
    }

    [Theory]
    [InlineData("numa=fake=4", 4, "Built 4 zonelists")]
    [InlineData("numa=off", 1, "NUMA turned off")]
    public void NodesCanBePretended(string line, int nodes, string printed)
    {
        List<string> log = Boot(TwoNodes, c => c with { Architecture = Architecture.X86_64, IsNuma = true }, line);
        Assert.Contains(printed, log);
        Assert.Equal(nodes, log.Count(static one => one.StartsWith("Bootmem setup node", StringComparison.Ordinal)));
    }

    [Fact]
    public void OverlappingRangesGoToTheGreaterType()
    {
        List<string> log = Boot(Low + """
            BIOS-e820: 0000000000f00000 - 0000000001000000 (reserved)
            BIOS-e820: 0000000000100000 - 0000000002000000 (usable)
            BIOS-e820: 0000000001800000 - 0000000004000000 (usable)
            """);
        Assert.Equal(
            [
                " BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)",
                " BIOS-e820: 0000000000100000 - 0000000000f00000 (usable)",
                " BIOS-e820: 0000000000f00000 - 0000000001000000 (reserved)",
                " BIOS-e820: 0000000001000000 - 0000000004000000 (usable)",
            ],
            log.Skip(2).Take(4));
    }

    [Theory]
    [InlineData("BIOS-e820: 0000000000000000 - 0000000000001000 (reserved)\n", "usable memory")]
    [InlineData("BIOS-e820: 0000000000000000 - 0000000000100000 (usable)\n", "kernel image")]
    [InlineData("BIOS-e820: fffffffff0000000 - fffffffffffff000 (usable)\nBIOS-e820: 0 - a0000 (usable)\n", "spans")]
    public void WhatCannotBeBootedIsRefused(string map, string reason)
    {
        Exception wrong = Assert.ThrowsAny<Exception>(() => Boot(map));
        Assert.True(wrong is MachineException or MachineFileException, wrong.GetType().Name);
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Architecture.I386, false)]
    [InlineData(Architecture.X86_64, false)]
    [InlineData(Architecture.X86_64, true)]
    public void EveryPageIsAccountedForWithEveryKernel(Architecture architecture, bool isNuma)
    {
        for (KernelVersion version = 0; (int)version < KernelVersions.Count; version++)
        {
            KernelVersion chosen = version;
            BootConfig Configure(BootConfig config) => config with
            {
                Version = chosen, Architecture = architecture, IsNuma = isNuma, CpuCount = 4, HasInet = true,
                HasAcpiSleep = true,
            };
            using MachineHost real = Start(TwoNodes, Configure, "", isLayoutOnly: false);
            real.RunUntil(BootStep.Done);
            PageAccount account = PageAccount.Of(real);
            Assert.True(account.AddsUp);
            Assert.Equal(0, RefusedBlocks(real));

            // Without memory behind the map the kernel says the same.
            Assert.Equal(real.Log.Lines.Select(static line => line.Text), Boot(TwoNodes, Configure));
        }
    }

    private static unsafe long RefusedBlocks(MachineHost host) => (long)host.Machine->Pages.RefusedBlocks;

    private static List<string> Boot(string map, Func<BootConfig, BootConfig>? configure = null, string append = "")
    {
        using MachineHost host = Start(map, configure, append, isLayoutOnly: true);
        host.RunUntil(BootStep.Done);
        return [.. host.Log.Lines.Select(static line => line.Text)];
    }

    private static unsafe MachineHost Start(
        string map, Func<BootConfig, BootConfig>? configure, string append, bool isLayoutOnly)
    {
        using MachineFile file = MachineFile.Read(Encoding.ASCII.GetBytes(map), "map");
        Assert.Equal(MachineFileFormat.MemoryMapText, file.Format);
        BootConfig config = BootConfig.Default;
        MachineOptions options = new()
        {
            Config = configure?.Invoke(config) ?? config,
            AppendedCommandLine = append,
            IsLayoutOnly = isLayoutOnly,
        };
        return new MachineHost(*file.Info, options);
    }
}
