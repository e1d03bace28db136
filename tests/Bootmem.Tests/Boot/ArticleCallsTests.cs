using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>The article's machine makes the calls that its scripts have, in that order, with those outcomes.</summary>
public sealed class ArticleCallsTests
{
    private static readonly string[] _allTests =
        [.. BuiltInInitcalls.All.Where(static one => one.Stage == InitcallStage.Bootmem)
            .Select(static one => one.Name)];

    public static TheoryData<KernelVersion> Kernels =>
        [.. Enumerable.Range(0, KernelVersions.Count).Select(static i => (KernelVersion)i)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TheBootIsTheScript(KernelVersion version)
    {
        string script = File.ReadAllText(
            RepositoryRoot.Combine("tests", "conformance", "machine-biscuitos-32-2.6.12.bm"));
        (CallRecorder recorder, _) = Boot(version, []);
        List<(string Call, string Outcome)> expected = Steps(script);
        if (version > KernelVersion.V2_6_12_6)
        {
            // The script's own outcomes are those of 2.6.12.
            expected = Steps(RunAs(script, version));
        }

        Compare(expected, recorder);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TheBuiltInTestsAreTheScript(KernelVersion version)
    {
        string path = RepositoryRoot.Combine("tests", "conformance", "machine-biscuitos-testcases-32-2.6.12.bm");

        // The tests of this project take 8 bytes, not 4, and free the page of the last allocation.
        string script = File.ReadAllText(path)
            .Replace("alloc_bootmem 4\n", "alloc_bootmem 8\n", StringComparison.Ordinal)
            .Replace("alloc_bootmem_low 4\n", "alloc_bootmem_low 8\n", StringComparison.Ordinal)
            .Replace("0000 4\n", "0000 0x8\n", StringComparison.Ordinal)
            .Replace("1000 4\n", "1000 0x8\n", StringComparison.Ordinal)
            .Replace("0x70001000 4096\n", "0x70001000 0x1000\n", StringComparison.Ordinal)
            .Replace(
                "=> 0x70002000\nstate 0", "=> 0x70002000\nfree_bootmem 0x70002000 0x1000\n=> ok\nstate 0",
                StringComparison.Ordinal);
        (CallRecorder recorder, List<string> log) = Boot(version, _allTests);
        List<(string Call, string Outcome)> expected = Steps(RunAs(script, version));
        Compare(expected, recorder);
        Assert.Contains(("alloc_bootmem_low_pages 4096", "0x70002000"), expected);
        int first = log.IndexOf("bootmem_alloc: 0x9091 at 0x90000000");
        Assert.Equal(
            [
                "bootmem_alloc: 0x9091 at 0x90000000",
                "bootmem_alloc_pages: wrote at 0x90001000",
                "bootmem_alloc_low: 0x9091 at 0x90001000",
                "bootmem_alloc_low_pages: wrote at 0x90002000",
                "bootmem_reserve: 0x70001000+0x10 reserved and freed",
            ],
            log[first..(first + 5)]);
    }

    private static unsafe (CallRecorder Recorder, List<string> Log) Boot(
        KernelVersion version, IEnumerable<string> tests)
    {
        MachineOptions options = MachineSketch.Options(version);
        options.Initcalls.UnionWith(tests);
        using MachineHost host = MachineHost.Load(RepositoryRoot.Combine("machines", "biscuitos.dts"), options);
        CallRecorder recorder = new(host);
        host.RunUntil(BootStep.Done);
        Assert.Equal(0, host.Machine->FailedInitcallCount);
        return (recorder, [.. host.Log.Lines.Select(static line => line.Text)]);
    }

    // The script with the outcomes of another kernel.
    private static string RunAs(string script, KernelVersion version)
    {
        string text = script.Replace(
            "kernel 2.6.12\n", $"kernel {Configuration.NameOf(version)}\n", StringComparison.Ordinal);
        ScriptResult result = ScriptRunner.Run(
            ScriptFile.Parse("machine", text), new ScriptRunOptions { Writes = true });
        Assert.Null(result.Error);
        return Encoding.UTF8.GetString(result.Written.Span);
    }

    private static List<(string Call, string Outcome)> Steps(string script)
    {
        string[] header = ["kernel ", "bits ", "cache_line ", "dma_goal ", "bootmem_bootmap_pages "];
        List<(string, string)> steps = [];
        string? call = null;
        foreach (string line in script.Split('\n'))
        {
            if (line.StartsWith("=> ", StringComparison.Ordinal) && call is not null)
            {
                steps.Add((call, line[3..]));
                call = null;
            }
            else if (line.Length != 0 && line[0] is not ('#' or '=')
                && !Array.Exists(header, word => line.StartsWith(word, StringComparison.Ordinal)))
            {
                call = line;
            }
        }

        return steps;
    }

    private static void Compare(List<(string Call, string Outcome)> expected, CallRecorder recorder)
    {
        int next = 0;
        foreach ((string call, string outcome) in expected)
        {
            if (call == "state 0")
            {
                Assert.Equal(outcome, recorder.Calls[next - 1].State);
            }
            else if (call == "handed 0")
            {
                Assert.Equal(outcome, recorder.Handed);
            }
            else
            {
                Assert.Equal((call, outcome), (recorder.Calls[next].Text, recorder.Calls[next].Outcome));
                next++;
            }
        }

        // The script of the tests ends with the zero page; the boot goes on.
        bool isWhole = expected.Any(static step => step.Call == "handed 0");
        Assert.True(isWhole ? next == recorder.Calls.Count : next == 18, $"{next} of {recorder.Calls.Count} calls");
    }
}
