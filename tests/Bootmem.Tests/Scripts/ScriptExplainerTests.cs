using System;
using System.IO;
using System.Linq;
using Bootmem.Cli;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public sealed class ScriptExplainerTests
{
    // 1 MiB at 0, all free but the last page, which holds the bitmap.
    private const string Small =
        "kernel 2.6.14\ninit_bootmem_node 0 0xff 0 0x100\nfree_bootmem 0 0x100000\nreserve_bootmem 0xff000 32\n";

    [Theory]
    [InlineData("__alloc_bootmem 4096 4096 0x80000",
        "  the goal 0x80000: without it the call gives 0x0.\n")]
    [InlineData("alloc_bootmem_low 100\nalloc_bootmem_low 28",
        "  a merge with the last allocation: without it the call gives 0x1000.\n"
        + "  the alignment 0x20: without it the call gives 0x64.\n")]
    [InlineData("__alloc_bootmem 4096 4096 0x40000\nfree_bootmem 0x40000 4096\n__alloc_bootmem 4096 4096 0x20000",
        "  the goal 0x20000: without it the call gives 0x0.\n"
        + "  last_success: without it the call gives 0x20000.\n")]
    [InlineData("__alloc_bootmem_limit 4096 4096 0x80000 0x80000",
        "  the limit 0x80000: without it the call gives 0x80000.\n")]
    [InlineData("reserve_bootmem 0 4096\nalloc_bootmem_low_pages 4096",
        "  nothing but what is free: it is the first place that is large enough (no goal).\n")]
    [InlineData("reserve_bootmem 0 0x80000\nreserve_bootmem 0x81000 0x7f000\n__alloc_bootmem 4096 4096 0x10000",
        "  nothing but what is free: it is the first place that is large enough (the goal does not matter here).\n")]
    [InlineData("alloc_bootmem_low_pages 4096\n__alloc_bootmem 8192 0x10000 0",
        "  the alignment 0x10000: without it the call gives 0x1000.\n")]
    public void WhatDecided(string calls, string end) =>
        Assert.EndsWith(
            "What decided\n" + end, Explain(Small + calls, 4 + calls.Split('\n').Length), StringComparison.Ordinal);

    // |A.......B...C..........M|   a page at 0, one at 512 KiB, two at 768 KiB, the bitmap at the end
    // expect A to be freed: then 512 KiB are free, and that is one page and no more
    [Fact]
    public void TheSmallestThingToFree() => Assert.Equal(
        """
        x.bm:8: __alloc_bootmem 0x80000 4096 0
          node 0: the search begins at 0x0, the node's beginning, as there is no goal, and goes up to 0x100000, the node's end.
          in the way: [0x0, 0x1000) (4 KiB), alloc_bootmem_low 64 in line 5.
          in the way: [0x80000, 0x81000) (4 KiB), reserve_bootmem 0x80000 4096 in line 6.
          in the way: [0xc0000, 0xc2000) (8 KiB), reserve_bootmem 0xc0000 8192 in line 7.
          in the way: [0xff000, 0x100000) (4 KiB), reserve_bootmem 0xff000 32 in line 4.
          251 pages on the way are free, in 3 runs, but too few together or not at a place that is tried.
          node 0 gives nothing.
          the kernel panics: Out of memory.
          => panic
        What would change that
          a size of 508 KiB at most: it gives 0x1000.
          free [0x0, 0x1000) (4 KiB, alloc_bootmem_low 64 in line 5): it gives 0x0.

        """,
        Explain(Small + "alloc_bootmem_low 64\nreserve_bootmem 0x80000 4096\nreserve_bootmem 0xc0000 "
            + "8192\n__alloc_bootmem 0x80000 4096 0", 8));

    [Theory]
    // |LLLLLLLL....|   a limit below the first place that is free
    [InlineData("reserve_bootmem 0 0x40000\n__alloc_bootmem_limit 8192 4096 0 0x20000",
        "  a limit of 0x42000 in place of 0x20000: it gives 0x40000.\n"
        + "  free [0x0, 0x2000) (8 KiB, reserve_bootmem 0 0x40000 in line 5): it gives 0x0.\n")]
    // |A.......A...|   both multiples of 512 KiB are taken
    [InlineData("reserve_bootmem 0 4096\nreserve_bootmem 0x80000 4096\n__alloc_bootmem 4096 0x80000 0",
        "  an alignment of 0x40000 in place of 0x80000: it gives 0x40000.\n"
        + "  free [0x0, 0x1000) (4 KiB, reserve_bootmem 0 4096 in line 5): it gives 0x0.\n")]
    // the bitmap is at the end; more than all that is before it
    [InlineData("__alloc_bootmem 0x100000 4096 0",
        "  a size of 1020 KiB at most: it gives 0x0.\n"
        + "  freeing does not help: in every place that is large enough lies a bitmap that is in use.\n")]
    [InlineData("__alloc_bootmem 0x200000 4096 0",
        "  a size of 1020 KiB at most: it gives 0x0.\n"
        + "  freeing does not help: no node has 512 pages where the call looks.\n")]
    [InlineData("alloc_bootmem_low 0", "  a size of 1 byte in place of 0: it gives 0x0.\n")]
    [InlineData("__alloc_bootmem 4096 0x3000 0", "  an alignment of 0x2000 in place of 0x3000: it gives 0x0.\n")]
    // a full node of a multiple of 32 pages, before 2.6.15
    [InlineData(
        "reserve_bootmem 0 0x100000\ninit_bootmem_node 1 0x1ff 0x100 0x200\nfree_bootmem_node 1 0x100000 0xff000\n"
        + "init_bootmem_node 2 0x23f 0x200 0x240\nalloc_bootmem_low_pages 4096",
        "  the kernel 2.6.15: it gives 0x100000.\n"
        + "  free [0x200000, 0x201000) (4 KiB, never freed since line 8): it gives 0x200000.\n")]
    public void WhatWouldHaveToChange(string calls, string end) => Assert.EndsWith(
        "What would change that\n" + end, Explain(Small + calls, 4 + calls.Split('\n').Length),
        StringComparison.Ordinal);

    // The line of an outcome is its call's.
    [Fact]
    public void TheLineOfTheOutcomeIsTheCalls() =>
        Assert.StartsWith("x.bm:5: alloc_bootmem_low 8\n", Explain(Small + "alloc_bootmem_low 8\n=> 0x0", 6),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("alloc_bootmem_low 8", 3,
        "x.bm:3:1: no allocation stands there: found \"free_bootmem 0 0x100000\", expected a call that allocates; "
            + "the nearest is in line 5")]
    [InlineData("", 99, "x.bm:99:1: no allocation stands there: found no call, expected a script that allocates")]
    [InlineData("free_bootmem 0 4096\nalloc_bootmem_low 8", 6,
        "x.bm:6:1: the call is not reached: found bug in line 5, expected a run that gets there")]
    public void WhatCannotBeExplained(string calls, int line, string expected)
    {
        using StringWriter writer = new();
        Assert.False(ScriptExplainer.TryExplain(
            ScriptFile.Parse("x.bm", Small + calls), line, null, writer, out ScriptError? error));
        Assert.Equal(expected, error.ToString());
        Assert.Equal("", writer.ToString());
    }

    // expect the bits and numbers of before, whatever was tried
    [Fact]
    public void WhatIsTriedIsTakenBack()
    {
        ScriptFile script = ScriptFile.Parse("x.bm", Small + "alloc_bootmem_low 100\nstate 0");
        ScriptFile tried = ScriptFile.Parse("y.bm", """
            kernel 2.6.14
            free_bootmem 0 4096
            alloc_bootmem_low 9000
            alloc_bootmem_low 5
            free_bootmem 0x1000 0x1000
            __alloc_bootmem 0x200000 4096 0
            """);
        using ScriptMachine machine = new(script.Header, 1) { Records = true };
        machine.Run(script.Steps, []);
        ScriptMachine.Snapshot before = machine.Save();
        foreach (ScriptStep step in tried.Steps)
        {
            machine.Try(before, step);
        }

        machine.Execute(script.Steps[^1]);
        machine.Restore(before);
        machine.Execute(script.Steps[^1]);
        Assert.NotEqual(machine.States[0], machine.States[1]);
        Assert.Equal(machine.States[0], machine.States[2]);
    }

    // What is told of each allocation of all scripts is what they expect of it.
    [Fact]
    public void EveryAllocationOfTheConformanceScripts()
    {
        int count = 0;
        foreach (string name in ScriptData.Names(ScriptData.Conformance).Select(name => (string)name))
        {
            ScriptFile script = ScriptData.Load(ScriptData.Conformance, name);
            for (int i = 0; i < script.Steps.Length; i += 7)
            {
                if (script.Steps[i].IsAllocation)
                {
                    using StringWriter writer = new() { NewLine = "\n" };
                    Assert.True(ScriptExplainer.TryExplain(script, script.Steps[i].Line, null, writer, out _));
                    string expected = System.Text.Encoding.UTF8.GetString(script.ExpectedOutcome(i));
                    Assert.Contains($"  => {expected}\nWhat ", writer.ToString(), StringComparison.Ordinal);
                    count++;
                }
            }
        }

        Assert.True(count > 200, $"only {count} allocations were explained");
    }

    [Theory]
    [InlineData("bootmem: found 'x.bm', expected SCRIPT:LINE\n", "x.bm")]
    [InlineData("bootmem: found 'x.bm:y', expected SCRIPT:LINE\n", "x.bm:y")]
    [InlineData("bootmem: no-such.bm: there is no such file: found nothing, expected a script\n", "no-such.bm:1")]
    [InlineData(
        "bootmem: --kernel: found '2.4', expected 2.6.12, 2.6.12.1 … 2.6.12.6, 2.6.13, 2.6.13.1, 2.6.14 or 2.6.15\n",
        "x.bm:1", "--kernel", "2.4")]
    public void BadUsageIsOneLine(string expected, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new() { NewLine = "\n" };
        Assert.Equal(2, CommandLine.Invoke(["explain", .. args], output, error));
        Assert.Equal(expected, error.ToString());
    }

    private static string Explain(string text, int line)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        Assert.True(ScriptExplainer.TryExplain(
            ScriptFile.Parse("x.bm", text), line, null, writer, out ScriptError? error), error?.ToString());
        return writer.ToString();
    }
}
