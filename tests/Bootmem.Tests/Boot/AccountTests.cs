using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>Every page of RAM is accounted for once, on every kind of machine, with its memory and without.</summary>
public sealed unsafe class AccountTests
{
    private const ulong Kib = 1UL << 10;
    private const ulong Mib = 1UL << 20;
    private const ulong Gib = 1UL << 30;

    private static readonly KernelVersion[] _kernelsThatDiffer =
        [KernelVersion.V2_6_12, KernelVersion.V2_6_13, KernelVersion.V2_6_14, KernelVersion.V2_6_15];

    private static Dictionary<string, MachineSketch> Sketches { get; } = new()
    {
        ["one bank"] = MachineSketch.Of((0, 32 * Mib)),
        ["small"] = MachineSketch.Of((0x8000_0000, 4 * Mib)),
        ["holes"] = MachineSketch.Of((0, 16 * Mib), (32 * Mib, 7 * Mib), (64 * Mib, 1 * Mib), (80 * Mib, 8 * Kib)),
        ["touching"] = MachineSketch.Of((8 * Mib, 8 * Mib), (0, 8 * Mib), (16 * Mib, 16 * Mib)),
        ["empty banks"] = MachineSketch.Of((0, 8 * Mib), (8 * Mib, 8 * Mib), (0, 0), (4 * Mib, 0), (1UL << 40, 0)),
        ["odd pages"] = MachineSketch.Of((0x6000_0000, (16 * Mib) + (5 * 4096)), (0x6200_3000, (3 * Mib) + (7 * 4096))),
        ["not page aligned"] = MachineSketch.Of(
            (0x6000_0200, 16 * Mib), (0x6100_0200, 0x3f_0123), (0x6200_0fff, 0x1002), (0x6300_0100, 0x200)),
        ["less than a page below all"] = MachineSketch.Of((0x6000_0100, 0x200), (0x7000_0000, 16 * Mib)),
        ["less than a page in the first page"] = MachineSketch.Of((0x800, 0xbb), (0x8bb, 16 * Mib), (0x180_0801, 1)),
        ["two nodes"] = MachineSketch.OfNodes((0, 32 * Mib, 0), (32 * Mib, 32 * Mib, 1)),
        ["two nodes, a hole in one"] = MachineSketch.OfNodes(
            (0, 32 * Mib, 0), (64 * Mib, 16 * Mib, 1), (96 * Mib, 5 * Mib, 1)),
        ["node 1 below node 0"] = MachineSketch.OfNodes((64 * Mib, 32 * Mib, 0), (0, 32 * Mib, 1)),
        ["no memory in node 1"] = MachineSketch.OfNodes((0, 16 * Mib, 0), (16 * Mib, 16 * Mib, 2)),
        ["less than a page in node 1"] = MachineSketch.OfNodes(
            (0, 16 * Mib, 0), (17 * Mib, 100, 1), (32 * Mib, 16 * Mib, 0)),
        ["up to 4 GiB"] = MachineSketch.Of((0xf000_0000, 0x1000_0000)),
        ["highmem"] = MachineSketch.Of((0x6000_0000, 2 * Gib)),
        ["highmem, banks"] = MachineSketch.Of((0, 512 * Mib), (768 * Mib, 768 * Mib + 4096), (2 * Gib, 1 * Mib)),
        ["highmem, node 1 split"] = MachineSketch.OfNodes((0, 512 * Mib, 0), (512 * Mib, Gib, 1), (2 * Gib, Mib, 2)),
        ["above 4 GiB"] = MachineSketch.Of((5 * Gib, 64 * Mib)),
        ["top of 64 bits"] = MachineSketch.Of(
            (0xffff_ffff_fc00_0000, (64 * Mib) - 4096), (0xffff_ffff_ffff_f800, 0x100)),
        ["kept"] = MachineSketch.Of((0, 32 * Mib), (48 * Mib, 16 * Mib)) with
        {
            Reservations = [(0, 0x1000), (0x123, 1), (20 * Mib, 40 * Mib), (0x8000, 0x5000), (1UL << 50, 7), (5, 0),
                (3 * Mib + 0x8000, 0x9000), (ulong.MaxValue, 2)],
        },
        ["initrd"] = MachineSketch.Of((0, 32 * Mib)) with { InitrdStart = (8 * Mib) + 123, InitrdSize = (2 * Mib) + 5 },
        ["initrd behind the image"] = MachineSketch.Of((0, 32 * Mib)) with
        {
            InitrdStart = (3 * Mib) + 0x8000, InitrdSize = 0x10_0000,
        },
    };

    public static TheoryData<string> SketchNames => [.. Sketches.Keys];

    public static TheoryData<string> CommandLines => ["", "mem=16M", "mem=64M@0x80000000", "mem=16M mem=8M@0x70001000",
        "mem=0 mem=32M@0", "mem=8M@0x1000800", "dhash_entries=1 ihash_entries=3", "dhash_entries=0x7fffffff",
        "highmem=1M", "highmem=40M", "highmem=0", "initrd=0x61000000,1M", "initrd=0,1",
        "ihash_entries=18446744073709551615"];

    [Theory]
    [MemberData(nameof(SketchNames))]
    public void MadeByHand(string name)
    {
        foreach (KernelVersion version in _kernelsThatDiffer)
        {
            TwoBoots.Check(Sketches[name], version);
        }
    }

    [Theory]
    [MemberData(nameof(SketchNames))]
    public void MadeByHandWithOtherMacros(string name)
    {
        MachineSketch sketch = Sketches[name];
        bool isNuma = sketch.Banks.Any(static bank => bank.Node != 0);
        foreach (KernelVersion version in new[] { KernelVersion.V2_6_12_6, KernelVersion.V2_6_15 })
        {
            TwoBoots.Check(sketch, version, config =>
                config with { CpuCount = 8, HasHighMem = false, IsNuma = isNuma });
            TwoBoots.Check(
                sketch, version, static config => config with { Bits = 64, HasAllocRemap = true, IsNuma = true });
            if (name is not ("small" or "not page aligned" or "less than a page below all"
                or "less than a page in the first page"))
            {
                TwoBoots.Check(sketch, version, static config => config with { Bits = 64, PageShift = 16 });
            }
        }
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void EveryMachineFileWithOptions(string append)
    {
        foreach (string machine in new[] { "biscuitos.dts", "vexpress-a9.dts" })
        {
            foreach (KernelVersion version in _kernelsThatDiffer)
            {
                CheckFile(machine, version, append);
            }
        }
    }

    [Fact]
    public void EveryMachineFileWithEveryKernel()
    {
        for (int i = 0; i < KernelVersions.Count; i++)
        {
            CheckFile("biscuitos.dts", (KernelVersion)i, "");
            CheckFile("vexpress-a9.dts", (KernelVersion)i, "");
        }

        CheckFile("numa4-8g.dts", KernelVersion.V2_6_12, "");
        CheckFile("numa4-8g.dts", KernelVersion.V2_6_15, "mem=1G mem=1G@2G mem=1G@5G");
    }

    [Theory]
    [InlineData("mem_bs=68M")]
    [InlineData("mem_bs=2M")]
    [InlineData("mem_bs=3M highmem_bs=0")]
    [InlineData("highmem_bs=1M")]
    [InlineData("mem_bs=20M@0x70400000 highmem_bs=8M")]
    public void PrivateOptions(string append)
    {
        MachineSketch article = MachineSketch.Article;
        if (append.StartsWith("mem_bs=2M", StringComparison.Ordinal) || append.Contains("3M", StringComparison.Ordinal))
        {
            // The image lies 5 MiB into the range: too little memory is left for it.
            PrivateMemory own = article.Private;
            own.Image.Start = own.Init.Start = own.Text.Start = 0x9000_8000;
            article = article with { Private = own };
        }

        foreach (KernelVersion version in _kernelsThatDiffer)
        {
            TwoBoots.Check(article with { CommandLine = append }, version);
        }
    }

    [Fact]
    public void TheBitmapIsNotPutOverWhatTheFirmwareWantsKept()
    {
        MachineSketch sketch = MachineSketch.Of((0, 32 * Mib)) with
        {
            Reservations = [(0x31_1000, 0x1800), (0x30_8800, 0x8801), (0x31_4000, 1)],
        };
        using MachineHost host = sketch.SwitchOn();
        PageWalk walk = new(host);
        host.RunUntil(BootStep.Done);
        walk.Check();
        Assert.Equal(0x313UL, host.Machine->BitmapPfn);
        OwnerShare kept = Assert.Single(PageAccount.Of(host).Owners, static owner => owner.Name == "firmware");
        Assert.Equal(12UL, kept.PageCount);
    }

    [Fact]
    public void EightNodesOf8GiB()
    {
        MachineSketch sketch = MachineSketch.OfNodes(
            [.. Enumerable.Range(0, 8).Select(static node => ((ulong)node * 8 * Gib, 8 * Gib, node))]);
        TwoBoots.Check(sketch, KernelVersion.V2_6_15, static config => config with { IsNuma = true, CpuCount = 8 });

        // 16 Mi pages with 56 bytes each; the RAM itself is not touched.
        using MachineHost host = sketch.SwitchOn(MachineSketch.Options(KernelVersion.V2_6_12));
        long before = Resident();
        host.RunUntil(BootStep.Done);
        Assert.InRange(Resident() - before, 0, 2L << 30);
        Assert.True(PageAccount.Of(host).AddsUp);
    }

    [Fact]
    public void OneNodeOf12TiBWithoutItsMemory()
    {
        using MachineHost host = MachineSketch.Of((0, 12UL << 40)).SwitchOn(
            MachineSketch.Options(KernelVersion.V2_6_15, isLayoutOnly: true));
        host.RunUntil(BootStep.Done);
        PageAccount account = PageAccount.Of(host);
        Assert.True(account.AddsUp);
        Assert.Equal(12UL << 28, account.RamPages);
    }

    [Fact]
    public void HashTablesOfASpreadKernelAreGivenByThePageAllocator()
    {
        MachineSketch sketch = Sketches["two nodes"] with { CommandLine = "hashdist=1" };
        MachineOptions options = MachineSketch.Options(
            KernelVersion.V2_6_13, change: static config => config with { IsNuma = true });
        using MachineHost host = sketch.SwitchOn(options);
        host.RunUntil(BootStep.Done);
        PageAccount account = PageAccount.Of(host);
        Assert.True(account.AddsUp);
        Assert.Equal((host.Machine->DentryHash.Bytes + host.Machine->InodeHash.Bytes) >> 12, account.GivenPages);
        Assert.Equal(VerifyResult.Sound, host.Machine->Pages.Verify(out _));
        Assert.DoesNotContain(account.Owners, static owner => owner.Name is "Dentry cache" or "Inode-cache");
    }

    private static void CheckFile(string machine, KernelVersion version, string append)
    {
        TwoBoots.Check(isLayout =>
        {
            MachineOptions options = MachineSketch.Options(version, isLayout);
            options.AppendedCommandLine = append;
            return MachineHost.Load(RepositoryRoot.Combine("machines", machine), options);
        });
    }

    private static long Resident()
    {
        using Process process = Process.GetCurrentProcess();
        process.Refresh();
        return process.WorkingSet64;
    }
}
