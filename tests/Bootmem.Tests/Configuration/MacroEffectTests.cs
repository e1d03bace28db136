using System;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>Each macro does through the boot what it says.</summary>
public sealed unsafe class MacroEffectTests
{
    private const string TwoGiB = "/ { memory@0 { device_type = \"memory\"; reg = <0x0 0x80000000>; }; }";

    [Fact]
    public void WithHighMemWhatTheLinearMapCannotReachIsHighMemory()
    {
        using MachineHost host = MacroBoot.BootSource(TwoGiB, "", "HIGHMEM=y");
        Assert.Equal(0x38000UL, NodeLayoutOf(host).LowEndPfn);
        Assert.Equal(0x80000UL, NodeLayoutOf(host).EndPfn);
        Assert.Equal(0x80000UL, host.Machine->AllPages);
    }

    [Fact]
    public void WithoutHighMemItIsNotUsed()
    {
        using MachineHost host = MacroBoot.BootSource(TwoGiB, "", "HIGHMEM=n");
        Assert.Equal(0x38000UL, NodeLayoutOf(host).EndPfn);
        Assert.Equal(0x38000UL, host.Machine->Bootmem.MaxPfn);
        Assert.Equal(0x38000UL, host.Machine->AllPages);
        Assert.Contains("Warning only 896MB will be used.", MacroBoot.Log(host));
        Assert.Contains("Use a HIGHMEM enabled kernel.", MacroBoot.Log(host));
    }

    [Fact]
    public void VmallocReserveTakesFromLowMemory()
    {
        using MachineHost host = MacroBoot.BootSource(TwoGiB, "", "VMALLOC_RESERVE=0x10000000");
        Assert.Equal(0x30000UL, NodeLayoutOf(host).LowEndPfn);
        Assert.Contains("VmallocTotal:   262144 kB", ProcFile.Read(host, "meminfo_bs"), StringComparison.Ordinal);
    }

    [Fact]
    public void PageOffsetMovesTheLinearMap()
    {
        using MachineHost host = MacroBoot.BootSource(TwoGiB, "", "PAGE_OFFSET=0x80000000");
        Assert.Equal(0x78000UL, NodeLayoutOf(host).LowEndPfn);
        Assert.Equal(0x80001000UL, host.Machine->Space.phys_to_virt(0x1000));
        Assert.Equal(0x80008000UL, host.Machine->Image.All.Start);
    }

    [Theory]
    [InlineData("BITS=32", "0x100000000")]
    [InlineData("BITS=auto", "0xffff810000000000")]
    public void APageOffsetBeyondTheAddressesIsRefused(string bits, string offset)
    {
        using MachineHost host = MacroBoot.SwitchOn(
            MacroBoot.Board, "", isLayoutOnly: false, bits, "PAGE_OFFSET=" + offset);
        MachineException e = Assert.Throws<MachineException>(() => host.RunUntil(BootStep.Done));
        Assert.Equal($"PAGE_OFFSET: found {offset}, expected an address of at most 0xffffffff", e.Message);
    }

    [Fact]
    public void NodesShiftHasRoomForSoManyNodes()
    {
        using (MachineHost host = MacroBoot.SwitchOn(MacroBoot.FourNodes, "", isLayoutOnly: true, "NODES_SHIFT=1"))
        {
            MachineException e = Assert.Throws<MachineException>(() => host.RunUntil(BootStep.Done));
            Assert.Equal("bank of node 2: expected a node below 2", e.Message);
        }

        foreach (string macro in (string[])["NODES_SHIFT=2", "NODES_SHIFT=10", "NODES_SHIFT=auto"])
        {
            using MachineHost host = MacroBoot.SwitchOn(MacroBoot.FourNodes, "", isLayoutOnly: true, macro);
            host.RunUntil(BootStep.Done);
            Assert.Equal(4, host.Machine->NodeCount);
        }
    }

    [Theory]
    [InlineData("NR_CPUS=1", 0)]
    [InlineData("NR_CPUS=2", 2)]
    [InlineData("NR_CPUS=8", 8)]
    [InlineData("NR_CPUS=auto", 0)]
    public void EachCpuOfAnSmpKernelHasAnArea(string macro, ulong areas)
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Board, macro);
        Assert.Equal(areas * 32768, MacroBoot.BytesOf(host, Owner.PerCpu));
        Assert.Equal(areas != 0, host.Machine->PerCpuAreas != 0);
    }

    [Fact]
    public void AnSmpKernelHasLocksInItsWaitTables()
    {
        using MachineHost one = MacroBoot.Boot(MacroBoot.Board, "NR_CPUS=1");
        using MachineHost eight = MacroBoot.Boot(MacroBoot.Board, "NR_CPUS=8");
        Assert.Equal(MacroBoot.BytesOf(one, Owner.WaitTable) / 8 * 12, MacroBoot.BytesOf(eight, Owner.WaitTable));
    }

    [Fact]
    public void TheArticlesMachineHasEightCpus()
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Article);
        Assert.Equal(8UL * 32768, MacroBoot.BytesOf(host, Owner.PerCpu));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void MoreCpusThanThereAreListsForAreRefused(int count)
    {
        MachineOptions options = new() { Config = BootConfig.Default with { CpuCount = count } };
        using MachineHost host = MachineHost.Load(RepositoryRoot.Combine("machines", MacroBoot.Board), options);
        MachineException e = Assert.Throws<MachineException>(() => host.RunUntil(BootStep.Done));
        Assert.Equal($"NR_CPUS: found {count}, expected 1 .. {Zone.MaxCpus}", e.Message);
    }

    [Theory]
    [InlineData("2.6.13", "CRASH_DUMP=y", 0x70000)]
    [InlineData("2.6.15", "CRASH_DUMP=y", 0x70000)]
    [InlineData("2.6.15", "CRASH_DUMP=n", 0)]
    [InlineData("2.6.12.6", "CRASH_DUMP=y", 0)]
    public void CrashDumpKeepsTheTrueEndOfRam(string kernel, string macro, ulong expected)
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Board, "mem=64M", ["KERNEL=" + kernel, macro]);
        Assert.Equal(expected, host.Machine->Bootmem.SavedMaxPfn);
        Assert.Equal(0x64000UL, host.Machine->Bootmem.MaxPfn);
    }

    [Theory]
    [InlineData("2.6.13", "HAVE_ARCH_ALLOC_REMAP=y", true)]
    [InlineData("2.6.13", "HAVE_ARCH_ALLOC_REMAP=n", false)]
    [InlineData("2.6.12", "HAVE_ARCH_ALLOC_REMAP=y", false)]
    public void AllocRemapPutsEachMapIntoItsNode(string kernel, string macro, bool isInNode)
    {
        using MachineHost host = MacroBoot.SwitchOn(
            MacroBoot.FourNodes, "", isLayoutOnly: true, "KERNEL=" + kernel, macro);
        host.RunUntil(BootStep.Done);
        Assert.Equal(isInNode ? 3 : 0, MacroBoot.LineCount(host, "lmem_map of node"));

        Assert.Equal(4, host.Ledger.Uses[Owner.MemMap].CallCount);
        Assert.Equal(isInNode ? 3 : 0, host.Ledger.Runs.Count(run => run.Call == Call.alloc_remap));
        Assert.True(PageAccount.Of(host).AddsUp);
    }

    [Theory]
    [InlineData("DEBUG_BOOTMEM=y", 2)]
    [InlineData("DEBUG_BOOTMEM=n", 0)]
    public void DebugBootmemTellsOfPagesThatAreReservedTwice(string macro, int lines)
    {
        // Pages 0x6802 and 0x6803 are in both.
        const string Source = "/memreserve/ 0x6800000 0x4000; /memreserve/ 0x6802000 0x4000; "
            + "/ { memory@6000000 { device_type = \"memory\"; reg = <0x6000000 0x1000000>; }; }";
        using MachineHost host = MacroBoot.BootSource(Source, "", macro);
        Assert.Equal(lines, MacroBoot.LineCount(host, "reserved twice"));
    }

    [Theory]
    [InlineData("BITS=32", 32, 4)]
    [InlineData("BITS=64", 64, 8)]
    [InlineData("BITS=auto", 32, 4)]
    public void BitsDecideTheSizeOfStructures(string macro, int bits, ulong pointer)
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Board, macro);
        KernelWord word = host.Machine->Bootmem.Word;
        Assert.Equal(bits, word.Bits);
        Assert.Equal(65537 * StructSizes.Page(word), MacroBoot.BytesOf(host, Owner.MemMap));
        Assert.Equal(4 * (pointer << 11), MacroBoot.BytesOf(host, Owner.PidHash));
    }

    [Fact]
    public void AMachineBeyond4GiBHas64BitsAndCannotHave32()
    {
        using MachineHost wide = MacroBoot.SwitchOn(MacroBoot.FourNodes, "", isLayoutOnly: true);
        wide.RunUntil(BootStep.Done);
        Assert.Equal(64, wide.Machine->Config.Bits);

        using MachineHost narrow = MacroBoot.SwitchOn(MacroBoot.FourNodes, "", isLayoutOnly: true, "BITS=32");
        MachineException e = Assert.Throws<MachineException>(() => narrow.RunUntil(BootStep.Done));
        Assert.Contains("reaches beyond the machine's addresses", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PAGE_SHIFT=10", 1 << 18)]
    [InlineData("PAGE_SHIFT=auto", 1 << 16)]
    [InlineData("PAGE_SHIFT=14", 1 << 14)]
    public void PageShiftDecidesHowManyPagesThereAre(string macro, ulong pages)
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Board, macro);
        Assert.Equal(pages, host.Machine->AllPages);
        Assert.Equal(pages, PageAccount.Of(host).RamPages);
    }

    [Theory]
    [InlineData("L1_CACHE_BYTES=4096", 4096)]
    [InlineData("L1_CACHE_BYTES=64", 64)]
    [InlineData("L1_CACHE_BYTES=auto", 32)]
    public void TheCacheLineIsWhatAllocBootmemAlignsTo(string macro, ulong line)
    {
        using MachineHost host = MacroBoot.SwitchOn(MacroBoot.Board, "", isLayoutOnly: false, macro);
        host.RunUntil(BootStep.PagingInit);
        ulong first = KernelApi.alloc_bootmem(ref host.Machine->Bootmem, 1);
        ulong second = KernelApi.alloc_bootmem(ref host.Machine->Bootmem, 1);
        Assert.Equal(line, second - first);
        Assert.Equal(0UL, first & (line - 1));
    }

    [Theory]
    [InlineData("NUMA=y", "hashdist=1", false)]
    [InlineData("NUMA=y", "hashdist=0", true)]
    [InlineData("NUMA=y", "", true)]
    [InlineData("NUMA=n", "hashdist=1", true)]
    public void OnANumaKernelHashTablesAreSpreadOverTheNodes(string macro, string append, bool isFromBootmem)
    {
        using MachineHost host = MacroBoot.Boot(MacroBoot.Board, append, ["KERNEL=2.6.13", macro]);
        Assert.Equal(isFromBootmem, MacroBoot.BytesOf(host, Owner.DentryCache) != 0);
        Assert.Equal(isFromBootmem, PageAccount.Of(host).GivenPages == 0);
        Assert.NotEqual(0UL, host.Machine->DentryHash.Address);
    }

    private static NodeExtent NodeLayoutOf(MachineHost host) => host.Machine->Extents[0];
}
