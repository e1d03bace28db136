using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Docs;

/// <summary>Every script that the documentation shows, and every script of the history, gives what it says.</summary>
public sealed partial class DocumentedScriptsTests
{
    [Fact]
    public void ScriptsInTheDocumentationHold()
    {
        List<string> problems = [];
        int count = 0;
        foreach (MarkdownFile file in MarkdownFile.All)
        {
            foreach (CodeBlock block in file.Blocks.Where(block => block.Language == "bm"))
            {
                count++;
                Check($"{file.Name}, block of line {block.Line}", block.Text, null, problems);
            }
        }

        Assert.Empty(problems);
        Assert.True(count >= 50, $"only {count} scripts were found");
    }

    [Fact]
    public void ScriptsOfTheHistoryHold()
    {
        List<string> problems = [];
        string[] files = HistoryFiles();
        foreach (string path in files)
        {
            Check(Path.GetFileName(path), File.ReadAllText(path), null, problems);
        }

        Assert.Empty(problems);
        Assert.True(files.Length >= 12, $"only {files.Length} scripts were found");
    }

    [Theory]
    [InlineData("align-2.6.12.bm", "align-2.6.13.bm")]
    [InlineData("node-order-2.6.13.bm", "node-order-2.6.14.bm")]
    [InlineData("limit-units-2.6.14.bm", "limit-units-2.6.15.bm")]
    [InlineData("handover-2.6.14.bm", "handover-2.6.15.bm")]
    public void ScriptsOfAChangeWithoutEffectDifferInTheKernelLineAlone(string before, string after) =>
        Assert.Equal(CallsAndOutcomes(before), CallsAndOutcomes(after));

    [Theory]
    [InlineData("full-node-2.6.14.bm", "full-node-2.6.15.bm")]
    [InlineData("full-limit-2.6.14.bm", "full-limit-2.6.15.bm")]
    public void ScriptsOfAChangeWithAnEffectDifferAtTheEnd(string before, string after)
    {
        string[] old = CallsAndOutcomes(before);
        string[] now = CallsAndOutcomes(after);
        Assert.Equal("=> bug", old[^1]);
        Assert.Equal(old[..^1], now[..(old.Length - 1)]);
        Assert.NotEqual("=> bug", now[old.Length - 1]);
    }

    [Fact]
    public void ScriptsWithoutALimitGiveTheSameOnEveryKernelThatTheHistoryCallsTheSame()
    {
        List<string> problems = [];
        foreach (string name in (string[])["start-2.6.12.bm", "align-2.6.12.bm", "node-order-2.6.13.bm",
            "handover-2.6.14.bm"])
        {
            string text = File.ReadAllText(RepositoryRoot.Combine("scripts", "history", name));
            for (int i = 0; i < KernelVersions.Count; i++)
            {
                Check($"{name} on kernel {i}", text, (KernelVersion)i, problems);
            }
        }

        Assert.Empty(problems);
    }

    private static string[] HistoryFiles() =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Combine("scripts", "history"), "*.bm")
            .Order(StringComparer.Ordinal)];

    private static string[] CallsAndOutcomes(string name) =>
        [.. File.ReadAllLines(RepositoryRoot.Combine("scripts", "history", name))
            .Select(line => line.StartsWith('|') ? line : Comment().Replace(line, "").Trim())
            .Where(line => line.Length != 0 && !line.StartsWith("kernel ", StringComparison.Ordinal))];

    private static void Check(string name, string text, KernelVersion? version, List<string> problems)
    {
        ScriptFile script = ScriptFile.Parse(name, text);
        ScriptResult result = ScriptRunner.Run(script, new ScriptRunOptions { Version = version });
        if (result.Error is ScriptError error)
        {
            problems.Add(error.ToString());
            return;
        }

        foreach (ScriptDifference difference in result.Differences)
        {
            problems.Add($"{difference.File}:{difference.Line}: {difference.Call}: "
                + $"expected {string.Join(" / ", difference.Expected)}, got {string.Join(" / ", difference.Got)}");
        }

        if (result.NotRun != 0)
        {
            problems.Add($"{name}: {result.NotRun} calls were not run");
        }

        // A call of the documentation without an outcome teaches nothing.
        if (result.Checked != result.Calls)
        {
            problems.Add($"{name}: {result.Calls - result.Checked} calls have no outcome");
        }
    }

    [GeneratedRegex("#.*$")]
    private static partial Regex Comment();
}
