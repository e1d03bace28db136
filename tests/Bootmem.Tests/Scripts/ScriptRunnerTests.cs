using System;
using System.IO;
using System.Linq;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class ScriptRunnerTests
{
    private const string Small = """
        init_bootmem_node 0 0x10 0 0x100
        free_bootmem 0 0x100000
        reserve_bootmem 0x10000 32

        """;

    [Fact]
    public void EveryDifferenceIsReportedWithItsPlace()
    {
        ScriptResult result = ScriptData.Run(
            "state 0\n=> boot_start=0x1\n# why not\nhanded 0\n=> calls=0 pages=0 orders= "
                + "crc=00000000\nalloc_bootmem 8\n=> 0x8");
        Assert.Equal((3, 3, 2), (result.Calls, result.Checked, result.Differences.Count));
        Assert.Equal(
            "boot_start=0x0 low_pfn=0x0 last_pos=0 last_offset=0 last_success=0x0 reserved=0 map=none",
            Assert.Single(result.Differences[0].Got));
        using StringWriter text = new() { NewLine = "\n" };
        ScriptReport.WriteDifferences(result with { Differences = [result.Differences[1]] }, text);
        Assert.Equal(
            "x.bm:6: alloc_bootmem 8\n    expected  0x8\n"
                + "    got       | bootmem alloc of 8 bytes failed!\n              panic\n",
            text.ToString());
        Assert.Equal("1 scripts, 3 calls, 3 outcomes checked, 2 differ", ScriptReport.Summary([result]));
    }

    [Theory]
    [InlineData("| bootmem alloc of 8 bytes failed!\n=> panic", 0)]
    [InlineData("=> panic", 0)]
    [InlineData("| bootmem alloc of 8 bytes failed!", 0)]
    [InlineData("| bootmem alloc of 9 bytes failed!\n=> panic", 1)]
    [InlineData("| bootmem alloc of 8 bytes failed!\n| and more\n=> panic", 1)]
    public void PrintedLinesAreHeldToWhereTheyAreGiven(string expected, int differ) =>
        Assert.Equal(differ, ScriptData.Run("alloc_bootmem 8\n" + expected).Differences.Count);

    [Theory]
    [InlineData("alloc_bootmem 0", "| __alloc_bootmem_core(): zero-sized request\n=> bug\n")]
    [InlineData("__alloc_bootmem 8 3 0", "=> bug\n")]
    [InlineData("reserve_bootmem 0 0", "=> bug\n")]
    [InlineData("init_bootmem_node 0 0x20 0 0x100", "=> undefined\n")]
    [InlineData("init_bootmem_node 1 0x10 0x200 0x300", "=> undefined\n")]
    [InlineData("__alloc_bootmem 0xfffffff8 8 0", "=> undefined\n")]
    [InlineData("free_all_bootmem\nalloc_bootmem 8", "=> undefined\n")]
    public void NothingFollowsAnEnd(string call, string expected)
    {
        string text = Small + call + "\nstate 0\nhanded 0\n";
        ScriptResult result = ScriptData.Run(text);
        Assert.Empty(result.Differences);
        Assert.Equal(2, result.NotRun);
        Assert.EndsWith(expected + "state 0\nhanded 0\n", ScriptData.Write(text), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsExpectedBehindAnEndDoesNotHold()
    {
        ScriptResult result = ScriptData.Run("alloc_bootmem 8\n=> panic\nstate 0\n=> ok\nstate 0\n=> ok");
        ScriptDifference difference = Assert.Single(result.Differences);
        Assert.Equal(3, difference.Line);
        Assert.Equal("not run: the script ended in line 1 with panic", Assert.Single(difference.Got));
    }

    [Fact]
    public void ABitmapThatNobodyReservedIsNotClearedSilently()
    {
        Assert.EndsWith("=> 0x1000\n", ScriptData.Write(
            "init_bootmem_node 0 0 0 0x100\nfree_bootmem 0 0x100000\n__alloc_bootmem 8 8 0x1000\n"),
            StringComparison.Ordinal);
        Assert.EndsWith("=> undefined\n", ScriptData.Write(
            "init_bootmem_node 0 0 0 0x100\nfree_bootmem 0 0x100000\nalloc_bootmem_low 8\n"), StringComparison.Ordinal);

        // A bitmap that is gone may be written over.
        Assert.EndsWith("=> 0x0\n", ScriptData.Write(
            "init_bootmem_node 0 0 0x200 0x300\nfree_all_bootmem\ninit_bootmem_node 1 0x10 0 0x100\n"
            + "free_bootmem_node 1 0 0x10000\nalloc_bootmem_low_pages_node 1 8\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void BitmapsAreLimited()
    {
        ScriptResult huge = ScriptData.Run("bits 64\nstate 0\ninit_bootmem_node 0 0 0 0x1000000000000000");
        Assert.Equal(
            "x.bm:3:1: the bitmap is too large: found 1152921504606846976 pages, a bitmap of 128 PiB, "
                + "expected at most 512 MiB for all bitmaps of a script (4294967296 pages)",
            huge.Error?.ToString());

        // The limit is for all bitmaps together, to the byte.
        const string Two = "init_bootmem_node 0 0 0 0x200\ninit_bootmem_node 1 1 0x200 0x400\n=> 64";
        Assert.Null(ScriptData.Run(Two, new ScriptRunOptions { MaxMapBytes = 128 }).Error);
        Assert.NotNull(ScriptData.Run(Two, new ScriptRunOptions { MaxMapBytes = 127 }).Error);
    }

    [Fact]
    public void AnotherKernelRunsTheScript()
    {
        ScriptFile full = ScriptData.Load(ScriptData.Examples, "full-node-2.6.14.bm");
        ScriptResult result = ScriptRunner.Run(full, new ScriptRunOptions { Version = KernelVersion.V2_6_15 });
        Assert.Equal(("bug", "0x2000"), (result.Differences.Single().Expected[0], result.Differences[0].Got[0]));

        ScriptFile limit = ScriptData.Load(ScriptData.Examples, "limit.bm");
        ScriptError? error = ScriptRunner.Run(limit, new ScriptRunOptions { Version = KernelVersion.V2_6_13_1 }).Error;
        Assert.Contains("the kernel 2.6.13.1 does not have this call", error?.ToString(), StringComparison.Ordinal);
    }

    // A full node is asked for one page. Behind its last page lies padding, which is reserved, or, where the node fills
    // its last word, the end of the bitmap, which reads as free. On x86 the search always goes to the end of the word.
    [Theory]
    [InlineData("generic", "2.6.12", 0x100, "bug")]
    [InlineData("generic", "2.6.12", 0xf0, "panic")]
    [InlineData("arm", "2.6.12", 0x100, "bug")]
    [InlineData("arm", "2.6.12", 0xf0, "panic")]
    [InlineData("x86", "2.6.12", 0x100, "bug")]
    [InlineData("x86", "2.6.12", 0xf0, "bug")]
    [InlineData("x86", "2.6.15", 0xf0, "panic")]
    public void TheSearchCanBeAnArchitectures(string search, string kernel, int pages, string expected)
    {
        ScriptResult result = ScriptData.Run(
            $"search {search}\nkernel {kernel}\ninit_bootmem_node 0 0x10 0 {pages}\n"
            + $"alloc_bootmem_low_pages 4096\n=> {expected}");
        Assert.Empty(result.Differences);
        Assert.Equal(1, result.Checked);
    }

    // 256 GiB: 4 words below the reserved bitmap, the rest above it, and the bitmap's own 2048 pages at the end. The
    // checksum was computed apart from this code.
    [Fact]
    public void ALargeHandOverIsSummedUp()
    {
        ScriptResult result = ScriptData.Run(
            "bits 64\ninit_bootmem_node 0 0x100 0 0x4000000\nfree_bootmem 0 0x4000000000\n"
            + "reserve_bootmem 0x100000 0x800000\nfree_all_bootmem\n=> 67108864\nhanded 0\n"
            + "=> calls=1050592 pages=67108864 orders=0:2048,6:1048544 crc=7f0b9d87");
        Assert.Empty(result.Differences);
        Assert.Equal(2, result.Checked);
    }
}
