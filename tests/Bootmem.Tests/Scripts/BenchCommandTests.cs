using System;
using System.IO;
using System.Text.Json;
using Bootmem.Cli;
using Bootmem.Lab.Benchmarks;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

/// <summary><c>bootmem bench</c>: what it shows, and that the bit-by-bit allocator beside it gives the same
/// outcomes.</summary>
public sealed class BenchCommandTests
{
    [Fact]
    public void ShowsJson()
    {
        string script = RepositoryRoot.Combine("tests", "conformance", "history-merge-32-2.6.12.bm");
        (int code, string output, string error) = Invoke(
            "bench", script, "--replays", "3", "--json", "--against", "naive");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        JsonElement result = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray());
        Assert.Equal(script, result.GetProperty("script").GetString());
        Assert.Equal(3, result.GetProperty("replays").GetInt32());
        Assert.True(result.GetProperty("calls").GetInt32() > 0);
        Assert.True(result.GetProperty("min_ns").GetDouble() > 0);
        Assert.True(result.GetProperty("median_ns").GetDouble() >= result.GetProperty("min_ns").GetDouble());
        Assert.True(result.GetProperty("ratio").GetDouble() > 0);
    }

    [Theory]
    [InlineData("found \"kernel\", expected naive", "x.bm", "--against", "kernel")]
    [InlineData("--replays: found 0, expected 1 to 1000000", "x.bm", "--replays", "0")]
    [InlineData("expected a script, or --generate DIR")]
    [InlineData("expected one of them", "x.bm", "--generate", "y")]
    [InlineData("no-such-script.bm", "no-such-script.bm")]
    public void SaysWhatIsWrong(string expected, params string[] args)
    {
        (int code, _, string error) = Invoke(["bench", .. args]);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesScriptsThatRun()
    {
        string directory = Directory.CreateTempSubdirectory("bootmem-bench").FullName;
        try
        {
            Assert.Equal(7, BenchScripts.Generate(directory).Count);
            foreach (string name in new[] { "small-allocations.bm", "nodes-1t.bm", "behind-full-half-1t.bm" })
            {
                ScriptFile script = ScriptFile.Parse(name, File.ReadAllText(Path.Combine(directory, name)));
                ScriptResult result = ScriptRunner.Run(script);
                Assert.Null(result.Error);
                Assert.Equal(script.Steps.Length, result.Calls);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Every outcome that the kernels gave, from the bit-by-bit allocator: it is no straw man.
    [Fact]
    public void TheNaiveAllocatorGivesTheKernelsOutcomes()
    {
        int count = 0;
        foreach (string file in Directory.GetFiles(RepositoryRoot.Combine("tests", "conformance"), "*.bm"))
        {
            ScriptFile script = ScriptFile.Parse(file, File.ReadAllText(file));
            ScriptOutcome[] outcomes = new ScriptOutcome[script.Steps.Length];
            using ScriptMachine machine = new(script.Header, script.NodeCount);
            int calls = machine.Run(script.Steps, outcomes);
            using Lab.Reference.NaiveBootmem naive = new(script.Header, script.NodeCount);
            for (int i = 0; i < calls; i++)
            {
                if (script.Steps[i].Op is not (ScriptOp.State or ScriptOp.Handed))
                {
                    Assert.Equal(outcomes[i], naive.Execute(script.Steps[i]));
                    count++;
                }
            }
        }

        Assert.True(count > 2000, $"{count} calls");
    }

    // The conformance scripts, every bitmap with an index, however small.
    [Fact]
    public void TheConformanceScriptsHoldWithAnIndex()
    {
        foreach (string file in Directory.GetFiles(RepositoryRoot.Combine("tests", "conformance"), "*.bm"))
        {
            ScriptFile script = ScriptFile.Parse(file, File.ReadAllText(file));
            ScriptResult plain = ScriptRunner.Run(script, new ScriptRunOptions { LeastIndexedMap = ulong.MaxValue });
            ScriptResult indexed = ScriptRunner.Run(script, new ScriptRunOptions { LeastIndexedMap = 0 });
            Assert.Empty(plain.Differences);
            Assert.Empty(indexed.Differences);
        }
    }

    private static (int Code, string Output, string Error) Invoke(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
