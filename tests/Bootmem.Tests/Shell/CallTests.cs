using Bootmem.Boot;
using Bootmem.Cli.Shell;
using Bootmem.Lab;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Shell;

/// <summary>Calls of bootmem at the prompt: on the machine's own allocator, with the outcomes of scripts.</summary>
public sealed class CallTests
{
    [Fact]
    public void ACallDoesWhatTheKernelsCallDoes()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        using MachineHost twin = Modules.ModuleFiles.NewHost();
        twin.RunUntil(BootStep.PagingInit);

        Assert.Equal($"=> 0x{KernelApi.alloc_bootmem(ref twin.Bootmem, 64):x}", run.Answer("alloc_bootmem 64"));
        Assert.Equal($"=> 0x{KernelApi.alloc_bootmem_pages(ref twin.Bootmem, 8192):x}",
            run.Answer("alloc_bootmem_pages 0x2000"));
        KernelApi.reserve_bootmem(ref twin.Bootmem, 0x7100_1000, 0x10);
        Assert.Equal("=> ok", run.Answer("  reserve_bootmem\t0x71001000 0x10   # a page"));
        KernelApi.free_bootmem(ref twin.Bootmem, 0x7100_1000, 0x1000);
        Assert.Equal("=> ok", run.Answer("free_bootmem 0x71001000 0x1000"));
        Assert.Equal("=> " + ScriptCalls.StateOf(twin.Bootmem, 0), run.Answer("state 0"));
        Assert.Equal("node 0 => " + ScriptCalls.StateOf(twin.Bootmem, 0), run.Answer("state"));
        Assert.Equal(Owner.Caller, run.Host.Ledger.At(0x70000).Owner);
        Assert.Equal(0, run.Code);
    }

    [Theory]
    [InlineData("alloc_bootmem 0", "=> bug: BUG in alloc_bootmem, node 0: the size is 0")]
    [InlineData("free_bootmem 0x71000000 0x1000",
        "=> bug: BUG in free_bootmem, node 0, page 0x71000: the page is free already")]
    [InlineData("alloc_bootmem 0xfffffff", "=> panic: panic in alloc_bootmem: Out of memory")]
    [InlineData(
        "reserve_bootmem_node 3 0x70000000 1", "=> undefined: undefined in the kernel: reserve_bootmem_node, node 3")]
    [InlineData("init_bootmem_node 0 0x70001 0x70000 0x70100",
        "=> undefined: undefined in the kernel: init_bootmem_node, node 0")]
    public void AFaultIsAnAnswerAndChangesNothing(string line, string answer)
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        string before = run.Answer("state 0");
        (string told, string error) = run.Do(line);
        Assert.Contains(answer, told, System.StringComparison.Ordinal);
        Assert.Equal("", error);
        Assert.Equal(1, run.Session.FailedCount);
        Assert.Equal(before, run.Answer("state 0"));
        run.Answer("boot");
        Assert.Equal(BootStep.Done, run.Host.NextStep);
    }

    [Theory]
    [InlineData("alloc_bootmem",
        "alloc_bootmem: the wrong number of values for alloc_bootmem: found 0, expected 1 value (SIZE)")]
    [InlineData("alloc_bootmem x",
        "alloc_bootmem: this is no number: found \"x\", expected a decimal or 0x-hex number")]
    [InlineData("alloc_bootmem 99999999999999999999",
        "alloc_bootmem: the number is too large: found \"99999999999999999999\", expected a number of at most 64 bits")]
    [InlineData("alloc_bootmem_node 1024 1",
        "alloc_bootmem_node: no such node: found \"1024\", expected a node number from 0 to 1023")]
    [InlineData(
        "free_all_bootmem", "free_all_bootmem: the boot does this, in its step mem_init: 'boot buddy' goes so far")]
    [InlineData("init_bootmem_node 1 0x70001 0x70000 0x70100",
        "init_bootmem_node: node 1 has no low memory: the boot has initialised all nodes that have")]
    [InlineData("state 1", "state: found \"1\", expected a node: 0 .. 0")]
    public void WhatCannotBeAskedForIsOneLine(string line, string error)
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Assert.Equal(("", error), run.Do(line));
        Assert.Equal(1, run.Session.FailedCount);
    }

    [Fact]
    public void WhatTheMachineRunsOnStays()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        const string Words = " is bootmem's bitmap, which the machine needs: it cannot be ";
        Assert.Equal("free_bootmem: page 0x70510" + Words + "freed here", run.Error("free_bootmem 0x70510000 0x1000"));
        Assert.Equal("write: page 0x70510" + Words + "written to here", run.Error("write 0x70510fff 1"));
        Assert.Equal("=> ok", run.Answer("free_bootmem 0x70510001 0x1000"));
        run.Answer("boot paging");
        ulong map = Map(run.Host);
        Assert.Contains("is the mem_map", run.Error($"write phys:0x{map << 12:x} 1"), System.StringComparison.Ordinal);
        Assert.Contains(
            "is the mem_map", run.Error($"free_bootmem 0x{map << 12:x} 0x1000"), System.StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPhasesSayWhichIsNeeded()
    {
        using ShellRun early = ShellRun.Of(BootStep.BootmemInit);
        Assert.Equal("alloc_bootmem: bootmem is not initialised yet: 'boot bootmem' goes so far",
            early.Error("alloc_bootmem 8"));
        Assert.Equal("owners: bootmem is not initialised yet: 'boot bootmem' goes so far", early.Error("owners"));
        using ShellRun late = ShellRun.Of(BootStep.Done);
        Assert.StartsWith(
            "alloc_bootmem: bootmem is gone", late.Error("alloc_bootmem 8"), System.StringComparison.Ordinal);
        Assert.Contains("map=none", late.Answer("state"), System.StringComparison.Ordinal);
    }

    [Fact]
    public void LimitCallsComeWith2614()
    {
        using ShellRun old = ShellRun.Of(BootStep.PagingInit);
        Assert.Contains("the kernel 2.6.12 does not have this call", old.Error("alloc_bootmem_limit 64 0"),
            System.StringComparison.Ordinal);
        using ShellRun run = new(version: KernelVersion.V2_6_14);
        run.RunAll("alloc_bootmem_limit 64 0");
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public void EveryCallIsACommand()
    {
        Assert.Contains(ScriptCalls.All, call =>
            call == new ScriptCallName("__alloc_bootmem_node_limit", "NODE SIZE ALIGN GOAL LIMIT"));
        Assert.DoesNotContain(ScriptCalls.All, call => call.Name is "state" or "handed");
        Assert.All(ScriptCalls.All, call => Assert.NotNull(ShellTable.Find(call.Name)));
    }

    private static ulong Map(MachineHost host)
    {
        foreach (PageRun run in host.Ledger.Runs)
        {
            if (run.Owner == Owner.MemMap)
            {
                return run.StartPfn;
            }
        }

        return 0;
    }
}
