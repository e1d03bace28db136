using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class ConformanceTests
{
    public static TheoryData<string> Conformance => [.. ScriptData.Names(ScriptData.Conformance)];

    public static TheoryData<string> Examples => [.. ScriptData.Names(ScriptData.Examples)];

    [Fact]
    public void AllScriptsOfTheKernelsAreHere()
    {
        Assert.Equal(61, Conformance.Count);
        ScriptFile[] scripts =
            [.. ScriptData.Names(ScriptData.Conformance).Select(name => ScriptData.Load(ScriptData.Conformance, name))];
        Assert.Equal(3939, scripts.Sum(script => script.Steps.Length));
    }

    [Theory]
    [MemberData(nameof(Conformance))]
    public void TheKernelsOutcomesHold(string name) => AssertHolds(ScriptData.Load(ScriptData.Conformance, name));

    [Theory]
    [MemberData(nameof(Examples))]
    public void TheExamplesHold(string name) => AssertHolds(ScriptData.Load(ScriptData.Examples, name));

    [Theory]
    [MemberData(nameof(Conformance))]
    public void WritingAStrippedScriptGivesTheFileBack(string name)
    {
        string text = File.ReadAllText(Path.Combine(ScriptData.Conformance, name));
        string stripped = ScriptData.Strip(text);
        Assert.DoesNotContain("=>", stripped, StringComparison.Ordinal);
        Assert.Equal(text, ScriptData.Write(stripped));
        Assert.Equal(text, ScriptData.Write(text));
    }

    [Theory]
    [MemberData(nameof(Conformance))]
    public void EveryPlantedDifferenceIsReported(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(ScriptData.Conformance, name));
        int[] planted = [.. Enumerable.Range(0, lines.Length)
            .Where(i => lines[i].StartsWith("=>", StringComparison.Ordinal))];
        foreach (int i in planted)
        {
            lines[i] += "1";
        }

        ScriptResult result = ScriptData.Run(string.Join('\n', lines));
        Assert.Equal(planted.Length, result.Differences.Count);
        Assert.All(result.Differences, (d, i) => Assert.Equal(d.Got[^1] + "1", d.Expected[^1]));
        Assert.Equal(planted.Length, result.Differences.Select(d => d.Line).Distinct().Count());
    }

    [Fact]
    public void AMachineRunsAScriptTwiceAlike()
    {
        ScriptFile script = ScriptData.Load(ScriptData.Conformance, "many-nodes-32-2.6.13.bm");
        using ScriptMachine machine = new(script.Header, script.NodeCount);
        machine.Expect(script.Steps);
        ScriptOutcome[] first = new ScriptOutcome[script.Steps.Length];
        ScriptOutcome[] second = new ScriptOutcome[script.Steps.Length];
        machine.Run(script.Steps, first);
        ScriptNodeState[] states = [.. machine.States];
        machine.Reset();
        Assert.Empty(machine.States);
        machine.Run(script.Steps, second);
        Assert.Equal(first, second);
        Assert.Equal(states, machine.States);
    }

    [Fact]
    public void TracingChangesNoOutcome()
    {
        foreach (string name in ScriptData.Names(ScriptData.Conformance))
        {
            using StringWriter trace = new();
            ScriptFile script = ScriptData.Load(ScriptData.Conformance, name);
            ScriptResult result = ScriptRunner.Run(script, new ScriptRunOptions { Trace = trace });
            Assert.Empty(result.Differences);
            Assert.Equal(script.Steps.Length, trace.ToString().Split('\n').Count(line => line.StartsWith("  => ")));
        }
    }

    private static void AssertHolds(ScriptFile script)
    {
        ScriptResult result = ScriptRunner.Run(script);
        Assert.Null(result.Error);
        StringBuilder differences = new();
        using StringWriter writer = new(differences);
        ScriptReport.WriteDifferences(result, writer);
        Assert.Equal("", differences.ToString());
        Assert.Equal(script.Steps.Length, result.Calls);
        Assert.Equal(script.Steps.Length, result.Checked);
        Assert.Equal(0, result.NotRun);
    }
}
