using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>What is taken for what when a log is replayed: docs/replay.md, sentence by sentence.</summary>
public sealed class ReplayRuleTests
{
    private const string Low = " BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)\n";
    private const string Of2GiB = Low + " BIOS-e820: 0000000000100000 - 000000007fff0000 (usable)\n";
    private const string X64 = "Bootdata ok (command line is ro)\n";

    // 2.6.12 to 2.6.14 cap a batch at 31; 15 is what 2.6.11 gives a zone of this size.
    [Theory]
    [InlineData("2.6.12-rc4-mm1", 0)]
    [InlineData("2.6.12-1-686", 0)]
    [InlineData("2.6.12", 1)]
    [InlineData("2.6.12=local", 1)]
    public void AKernelBetweenReleasesMayHaveItsNeighboursRules(string release, int differing)
    {
        ReplayResult result = Replay($"""
            Linux version {release} (a@b) #1
            {Low} BIOS-e820: 0000000000100000 - 0000000027fd0000 (usable)
            639MB LOWMEM available.
            On node 0 totalpages: 163792
              DMA zone: 4096 pages, LIFO batch:1
              Normal zone: 159696 pages, LIFO batch:16
            """);
        Assert.Equal(differing, result.Differing);
        Assert.Equal(differing == 0, result.Notes.Any(static note =>
            note.StartsWith("batches: the log fits the rules of 2.6.11", StringComparison.Ordinal)));
    }

    [Fact]
    public void AWrongFigureOfAKernelBetweenReleasesIsSeen() => Assert.Equal(1, Replay($"""
        Linux version 2.6.12-1-686 (a@b) #1
        {Low} BIOS-e820: 0000000000100000 - 0000000027fd0000 (usable)
          Normal zone: 159696 pages, LIFO batch:30
        """).Differing);

    // The last node ends where memory does: that is the byte behind in every release.
    [Theory]
    [InlineData("2.6.12", "3fffffff", "7fff0000", 262143, 262128)]
    [InlineData("2.6.12", "3fffffff", "7fffffff", 262143, 262128)]
    public void ANodeThatReachesBeyondMemoryIsCut(string release, string first, string last, int pages0, int pages1)
    {
        ReplayResult result = Replay($"""
            {X64}Linux version {release} (a@b) #1 SMP
            {Of2GiB}Node 0 MemBase 0000000000000000 Limit 00000000{first}
            Node 1 MemBase 0000000040000000 Limit 00000000{last}
            Bootmem setup node 0 0000000000000000-000000003fffffff
            Bootmem setup node 1 0000000040000000-000000007fff0000
            On node 0 totalpages: {pages0}
            On node 1 totalpages: {pages1}
            """);
        Assert.Equal((6, 0), (result.Count(ReplayVerdict.Match), result.Differing));
    }

    [Fact]
    public void From2_6_15ANodesEndIsTheByteBehind()
    {
        ReplayResult result = Replay($"""
            {X64}Linux version 2.6.16.13-4-smp (a@b) #1 SMP
            {Of2GiB}SRAT: Node 0 PXM 0 0-a0000
            SRAT: Node 0 PXM 0 0-40000000
            SRAT: Node 1 PXM 1 40000000-80000000
            Bootmem setup node 0 0000000000000000-0000000040000000
            Bootmem setup node 1 0000000040000000-000000007fff0000
            On node 1 totalpages: {262128 - (262128 * 56 / 4096)}
            """);
        Assert.Equal((5, 0), (result.Count(ReplayVerdict.Match), result.Differing));
    }

    // 2.6.18 prints the sum of all pages; from 2.6.19 on it is without the memory map, the node's own total is not.
    [Theory]
    [InlineData("2.6.18", 126960, 131056)]
    [InlineData("2.6.19", 126960 - 991, 131056 - 991 - 32)]
    public void TotalsGoByTheRelease(string release, int normal, int total) => Assert.Equal(0, Replay($"""
        Linux version {release} (a@b) #1
        {Low} BIOS-e820: 0000000000100000 - 000000001fff0000 (usable)
        511MB LOWMEM available.
        On node 0 totalpages: 131056
          Normal zone: {normal} pages, LIFO batch:31
        Built 1 zonelists.  Total pages: {total}
        """).Differing);

    [Fact]
    public void TheUserDefinedMapIsTheMap() => Assert.Equal(0, Replay($"""
        Linux version 2.6.13 (a@b) #1
        {Of2GiB}user-defined physical RAM map:
         user: 0000000000000000 - 000000000009fc00 (usable)
         user: 0000000000100000 - 0000000005000000 (usable)
        80MB LOWMEM available.
        On node 0 totalpages: 20480
        """).Differing);

    [Fact]
    public void VmallocTakesFromLowMemory() => Assert.Equal(0, Replay($"""
        Linux version 2.6.13 (a@b) #1
        {Of2GiB}1279MB HIGHMEM available.
        768MB LOWMEM available.
        Kernel command line: ro vmalloc=256M
        """).Differing);

    // The ring buffer has lost the kernel's name and the map's first lines.
    [Fact]
    public void ALogThatBeginsInTheMidstIsTakenForTheReleaseThatFitsBest()
    {
        ReplayResult result = Replay("""
             BIOS-e820: 0000000000100000 - 0000000027fd0000 (usable)
            639MB LOWMEM available.
            On node 0 totalpages: 163792
              DMA zone: 4096 pages, LIFO batch:1
              Normal zone: 159696 pages, LIFO batch:31
            Memory: 644768k/655168k available (2238k kernel code, 9880k reserved, 1175k data, 184k init, 0k highmem)
            IP route cache hash table entries: 32768 (order: 5, 131072 bytes)
            """);
        Assert.Equal(0, result.Differing);
        Assert.Contains(
            result.Notes, static note => note.StartsWith("the log does not name its kernel", StringComparison.Ordinal));
        Assert.Contains(result.Rows, static row => row.Reason == "the beginning of the map is missing");
    }

    [Theory]
    [InlineData("mem=65000K", "63MB", 16250)]
    [InlineData("root=/dev/ram", "63MB", 16250)]
    [InlineData("mem=32M@0x10000000 mem=16M@0x20000000", "32MB 16MB", 12288)]
    public void BanksOfArmAreExact(string commandLine, string banks, int pages)
    {
        ReplayResult result = Replay($"""
            Linux version 2.6.14 (a@b) #1
            CPU: ARM926EJ-S
            On node 0 totalpages: {pages}
              DMA zone: {pages} pages, LIFO batch:7
              Normal zone: 0 pages, LIFO batch:1
            Kernel command line: {commandLine}
            Memory: {banks} = {pages >> 8}MB total
            """);
        Assert.Equal((6, 0), (result.Count(ReplayVerdict.Match), result.Differing));
    }

    [Theory]
    [InlineData(16384, 16384, 0)]
    [InlineData(16384, 16383, 3)]
    public void ZonesOfArmMayBeAdjustedButMakeTheNode(int dma, int normal, int differing)
    {
        ReplayResult result = Replay($"""
            Linux version 2.6.14 (a@b) #1
            CPU: XScale-IXP42x Family
            On node 0 totalpages: 32768
              DMA zone: {dma} pages, LIFO batch:7
              Normal zone: {normal} pages, LIFO batch:7
            Memory: 128MB = 128MB total
            """);
        bool isRight = differing == 0 ? result.Differing == 0 : result.Differing >= differing;
        Assert.True(isRight, string.Join('\n', result.Rows));
    }

    [Fact]
    public void EveryNodeOfArmHasItsBanks() => Assert.Equal(0, Replay("""
        Linux version 2.6.14 (a@b) #1
        CPU: StrongARM-1110
        On node 0 totalpages: 8192
          DMA zone: 8192 pages, LIFO batch:3
        On node 1 totalpages: 4096
          DMA zone: 4096 pages, LIFO batch:1
        Built 2 zonelists
        Memory: 32MB 16MB = 48MB total
        """).Differing);

    [Fact]
    public void WhatStandsBeforeTheFirstBootIsAnothersEnd()
    {
        ReplayResult result = Replay($"""
            Mount-cache hash table entries: 513
            Freeing unused kernel memory: 7k freed
            Linux version 2.6.13 (a@b) #1
            {Low} BIOS-e820: 0000000000100000 - 0000000008000000 (usable)
            128MB LOWMEM available.
            """);
        Assert.Equal(["LOWMEM, MB"], result.Rows.Select(static row => row.Name));
    }

    private static ReplayResult Replay(string text) =>
        LogReplay.Run(BootLogReader.Read(Encoding.UTF8.GetBytes(text), "log"));
}
