using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;
using Bootmem.Tests.Scripts;
using Xunit;

namespace Bootmem.Tests.Recordings;

public sealed class RecordingTests
{
    public static IEnumerable<TheoryDataRow<string, string, BootStep>> Boots() =>
        from machine in new[] { "biscuitos.dts", "vexpress-a9.dts", "numa4-8g.dts" }
        from kernel in new[] { "2.6.12", "2.6.13", "2.6.14", "2.6.15" }
        from stop in new[] { BootStep.PagingInit, BootStep.MemInit, BootStep.Done }
        select new TheoryDataRow<string, string, BootStep>(machine, kernel, stop);

    [Theory]
    [MemberData(nameof(Boots))]
    public void TheRecordedPagesAreThoseOfTheMachine(string machine, string kernel, BootStep stop)
    {
        using MachineHost host = NewHost(machine, kernel);
        BootRecorder recorder = new(host, machine);
        recorder.RunUntil(stop);
        Recording recording = recorder.Finish();
        PageMap map = recording.FinalMap();
        Assert.NotEmpty(recording.Steps);
        foreach (MapRun run in map.Runs)
        {
            foreach (PageRun truth in host.Ledger.Within(run.StartPfn, run.EndPfn))
            {
                PageUse use = truth.Use == PageUse.Hole ? PageUse.Unclaimed : truth.Use;
                Assert.Equal((run.StartPfn, use), (run.StartPfn, run.Use));
                string owner = use == PageUse.Owned ? Encoding.ASCII.GetString(Owners.Name(truth.Owner)) : "";
                Assert.Equal(owner, recording.Owners[run.Owner]);
            }
        }
    }

    [Fact]
    public void ABootTellsItsCallsAsAScriptHasThem()
    {
        using MachineHost host = NewHost("biscuitos.dts", "2.6.12");
        BootRecorder recorder = new(host, "biscuitos.dts");
        recorder.RunUntil(BootStep.Done);
        Recording recording = recorder.Finish();
        RecordedStep node = recording.Steps[0];
        Assert.Equal("init_bootmem_node 0 0x70510 0x70000 0x76400", node.Text);
        Assert.Equal(("3200", "bootmem_init", "bitmap"), (node.Outcome, node.Caller, recording.Owners[node.Owner]));
        RecordedStep map = recording.Steps.Single(step => recording.Owners[step.Owner] == "mem_map");
        Assert.Equal(("alloc_bootmem_node", "0 819232", "0x70001000"), (map.Name, map.Arguments, map.Outcome));
        Assert.Equal([new PageChange(0x70001, 0x700ca, PageUse.Owned, map.Owner)], map.Changes);
        Assert.Contains("in the way", map.Why, StringComparison.Ordinal);
        Assert.Contains("in call 8", map.Why, StringComparison.Ordinal);
        Assert.Equal("free_initmem", recording.Steps[^1].Name);
        Assert.Equal(3, recording.BuddiesAfter(recording.Steps.Count).Count);
        Assert.Empty(recording.BuddiesAfter(8));
        Assert.Equal(["DMA", "Normal", "HighMem"], recording.Zones.Select(zone => zone.Name));
    }

    [Fact]
    public void EveryOutcomeOfTheConformanceScriptsIsRecorded()
    {
        int count = 0;
        foreach (ScriptSource source in ScriptSource.Find(ScriptData.Conformance))
        {
            Assert.True(source.TryLoad(out ScriptFile? script, out _));
            Recording recording = ScriptRecorder.Record(script);
            for (int i = 0; i < recording.Steps.Count; i++)
            {
                string expected = Encoding.UTF8.GetString(script.ExpectedOutcome(i));
                Assert.Equal((script.Name, i, expected), (script.Name, i, recording.Steps[i].Outcome));
                count++;
            }
        }

        Assert.True(count > 3000, $"only {count} calls");
    }

    [Fact]
    public void TheReservedPagesOfAStateAreThoseOfTheMap()
    {
        ScriptFile script = LoadScript("merge.bm");
        Recording recording = ScriptRecorder.Record(script);
        int index = Enumerable.Range(0, recording.Steps.Count).Single(i => recording.Steps[i].Name == "state");
        PageMap map = recording.MapAfter(index);
        ulong reserved = map.Runs.Where(run => run.Use != PageUse.Free).Aggregate(
            0UL, (sum, run) => sum + run.PageCount);
        Assert.Contains($"reserved={reserved} ", recording.Steps[index].Outcome, StringComparison.Ordinal);
        Assert.Equal((0x1080UL, 28UL), (recording.Steps[index - 1].Address, recording.Steps[index - 1].Size));
        Assert.Empty(recording.Steps[index - 1].Changes);
    }

    [Fact]
    public void TheCallThatStopsAKernelIsTheLastOne()
    {
        Recording recording = ScriptRecorder.Record(LoadScript("full-node-2.6.14.bm"));
        Assert.True(recording.Steps[^1].IsEnd);
        Assert.Equal("bug", recording.Steps[^1].Outcome);
        Recording later = ScriptRecorder.Record(LoadScript("full-node-2.6.14.bm"), KernelVersion.V2_6_15);
        Assert.Equal("0x2000", later.Steps[^1].Outcome);
        Assert.Throws<MachineException>(() => ScriptRecorder.Record(
            ScriptFile.Parse("x", "kernel 2.6.14\nalloc_bootmem_limit 1 2\n"), KernelVersion.V2_6_12));
    }

    [Fact]
    public void APanicInABootIsRecorded()
    {
        using MachineHost host = NewHost("biscuitos.dts", "2.6.12", "dhash_entries=67108864 mem=8M@0x70000000");
        BootRecorder recorder = new(host, "biscuitos.dts");
        try
        {
            recorder.RunUntil(BootStep.Done);
        }
        catch (BootmemException e)
        {
            Assert.Equal(FaultKind.Panic, e.Fault.Kind);
            Assert.Equal("panic", recorder.Finish().Steps[^1].Outcome);
            return;
        }

        Assert.False(recorder.Finish().Steps[^1].IsEnd);
    }

    internal static unsafe MachineHost NewHost(string machine, string kernel, string? append = null)
    {
        Configuration configuration = new();
        Assert.Null(configuration.SetKernel(kernel));
        return MachineHost.Load(
            RepositoryRoot.Combine("machines", machine),
            new MachineOptions { Config = configuration.Config, IsLayoutOnly = true, AppendedCommandLine = append });
    }

    internal static ScriptFile LoadScript(string name) =>
        ScriptFile.Parse(name, File.ReadAllText(RepositoryRoot.Combine("scripts", name)));
}
