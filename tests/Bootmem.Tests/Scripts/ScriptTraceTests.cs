using System;
using System.IO;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class ScriptTraceTests
{
    private const string Small =
        "kernel 2.6.14\ninit_bootmem_node 0 0x10 0 0x100\nfree_bootmem 0 0x100000\nreserve_bootmem 0x10000 32\n";

    [Theory]
    [InlineData("alloc_bootmem_low 64\nalloc_bootmem_low 64",
        "  node 0: the search begins at 0x0, the node's beginning, as there is no goal, and goes up to 0x100000, "
            + "the node's end.\n"
        + "  in the way: [0x0, 0x1000) (4 KiB), alloc_bootmem_low 64 in line 5.\n"
        + "  the last allocation ended in page 0x0 and left 4032 bytes of it, and the page behind it is what the "
        + "search "
        + "found: this one fits in there, at 0x40, and takes no page.\n  => 0x40\n")]
    [InlineData("__alloc_bootmem 8192 4096 0xf000",
        "  node 0: the search begins at 0xf000, the goal 0xf000, and goes up to 0x100000, the node's end.\n"
        + "  in the way: [0x10000, 0x11000) (4 KiB), reserve_bootmem 0x10000 32 in line 4.\n"
        + "  1 page on the way is free, in 1 run, but too few together or not at a place that is tried.\n"
        + "  it takes 2 pages of node 0, [0x11000, 0x13000) (8 KiB), for 8 KiB.\n  => 0x11000\n")]
    [InlineData("__alloc_bootmem 0xff000 4096 0",
        "  in the way: [0x10000, 0x11000) (4 KiB), reserve_bootmem 0x10000 32 in line 4.\n"
        + "  255 pages on the way are free, in 2 runs, but too few together or not at a place that is tried.\n"
        + "  node 0 gives nothing.\n"
        + "  the kernel panics: Out of memory.\n"
        + "  to change that: 255 pages side by side are needed; the longest free run is [0x11000, 0x100000) (956 KiB) "
        + "in node 0: 16 pages more would have to be free beside it.\n  => panic\n")]
    [InlineData("__alloc_bootmem 0x10000 0x80000 0x80000\n__alloc_bootmem 0x60000 0x80000 0x80000",
        "  to change that: there is room for 96 pages, but not where an alignment of 0x80000 looks: "
        + "a smaller one would do.\n  => panic\n")]
    [InlineData("__alloc_bootmem_limit 0x20000 4096 0 0x18000",
        "  to change that: a limit of 0x31000 or more, or none, leaves room for 32 pages.\n  => panic\n")]
    [InlineData("reserve_bootmem 0 0x100000\ninit_bootmem_node 1 0x10f 0x200 0x220\n"
        + "free_bootmem_node 1 0x200000 0x20000\nalloc_bootmem_low_pages_limit 8192 0x603",
        "  to change that: a limit of 0x202000 or more, or none, leaves room for 2 pages.\n  => panic\n")]
    [InlineData("alloc_bootmem_low 8\nfree_bootmem 0x2000 4096",
        "  to change that: do not free page 0x2000 again: it is free since free_bootmem 0 0x100000 in line 3.\n  => "
            + "bug\n")]
    [InlineData("reserve_bootmem 0x100000 1",
        "  to change that: stay within node 0, [0x0, 0x100000) (1 MiB).\n  => bug\n")]
    [InlineData("free_all_bootmem",
        "  node 0: 256 pages (1 MiB) go to the page allocator, 1 of them from the bitmap itself, which is gone.\n  "
            + "=> 256\n")]
    public void ATraceSaysWhy(string calls, string end)
    {
        using StringWriter trace = new() { NewLine = "\n" };
        ScriptData.Run(Small + calls, new ScriptRunOptions { Trace = trace });
        Assert.EndsWith(end, trace.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ATraceNamesLastSuccessLimitAndRestart()
    {
        using StringWriter trace = new() { NewLine = "\n" };
        ScriptFile script = ScriptData.Load(ScriptData.Examples, "last-success.bm");
        ScriptRunner.Run(script, new ScriptRunOptions { Trace = trace });
        ScriptRunner.Run(ScriptData.Load(ScriptData.Examples, "limit.bm"), new ScriptRunOptions { Trace = trace });
        ScriptRunner.Run(ScriptData.Load(ScriptData.Examples, "goal.bm"), new ScriptRunOptions { Trace = trace });
        string text = trace.ToString();
        Assert.Contains("the search begins at 0x1002000, last_success, which is not below the goal 0x1000000", text,
            StringComparison.Ordinal);
        Assert.Contains("node 1 is passed over: it begins at 0x100000000, not below the limit 0x100000000.", text,
            StringComparison.Ordinal);
        Assert.Contains("goes up to 0x2000, the limit 0x2800 in whole pages.", text, StringComparison.Ordinal);
        Assert.Contains("nothing from there on: the search starts over at 0x0, the beginning of node 0.", text,
            StringComparison.Ordinal);
        Assert.Contains("as the goal 0x8000000 lies outside it", text, StringComparison.Ordinal);
    }
}
