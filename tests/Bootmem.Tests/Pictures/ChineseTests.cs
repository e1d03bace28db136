using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>Every reason that the program can give is known in Chinese.</summary>
public sealed partial class ChineseTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task NoEnglishIsLeftInAReason()
    {
        string[] reasons = [.. Reasons().DistinctBy(line => Number().Replace(line, "0"))];
        Assert.True(reasons.Length > 100, $"{reasons.Length} forms of reasons");
        string[] chinese = await TranslateAsync(reasons);
        string[] left = [.. reasons.Zip(chinese).Where(pair => English().IsMatch(Names().Replace(pair.Second, "")))
            .Select(pair => $"{pair.First} => {pair.Second}")];
        Assert.Empty(left);
    }

    [Fact]
    public async Task NumbersAndNamesStayInASentence()
    {
        string[] chinese = await TranslateAsync(
        [
            "in the way: [0x1000, 0x3000) (8 KiB), alloc_bootmem_low 5000 in line 28.",
            "  2.6.14  => bug",
            "what nobody knows stays as it is",
            "the kernel panics: " + new string('x', 5000),
        ]);
        Assert.Equal("挡在路上：[0x1000, 0x3000) (8 KiB)，第 28 行的 alloc_bootmem_low 5000。", chinese[0]);
        Assert.Equal("  2.6.14  => bug", chinese[1]);
        Assert.Equal("what nobody knows stays as it is", chinese[2]);
        Assert.EndsWith("xxx", chinese[3], StringComparison.Ordinal);
    }

    private async Task<string[]> TranslateAsync(string[] lines)
    {
        await using ReportPage report = await browser.OpenAsync([new Recording()]);
        string[] sources = [.. new[] { "text.js", "chinese.js" }.Select(file =>
            File.ReadAllText(RepositoryRoot.Combine("src", "Bootmem.Lab", "Pictures", "web", file)))];
        return await report.Page.EvaluateAsync<string[]>(
            "lines => {" + string.Concat(sources) + "\nlanguage = 'zh'; return lines.map(line => say(line)); }", lines);
    }

    private static IEnumerable<string> Reasons()
    {
        string[] scripts = [.. Directory.GetFiles(RepositoryRoot.Combine("tests", "conformance"), "*.bm"),
            .. Directory.GetFiles(RepositoryRoot.Combine("scripts"), "*.bm", SearchOption.AllDirectories)];
        foreach (string path in scripts)
        {
            ScriptFile script = ScriptFile.Parse(path, File.ReadAllText(path));
            foreach (RecordedStep step in ScriptRecorder.Record(script).Steps)
            {
                foreach (string line in step.Why.Split('\n').Append(step.Caller))
                {
                    yield return line;
                }
            }
        }

        (string, string)[] boots =
            [("biscuitos.dts", "2.6.12"), ("vexpress-a9.dts", "2.6.15"), ("pc-512m.e820", "2.6.14")];
        foreach ((string machine, string kernel) in boots)
        {
            using MachineHost host = RecordingTests.NewHost(machine, kernel);
            BootRecorder recorder = new(host, machine);
            recorder.RunUntil(BootStep.Done);
            foreach (string line in recorder.Finish().Steps.SelectMany(step => step.Why.Split('\n')))
            {
                yield return line;
            }
        }

        foreach (FaultReason reason in Enum.GetValues<FaultReason>().Where(reason => reason != FaultReason.None))
        {
            yield return $"the kernel stops with BUG(): {Encoding.ASCII.GetString(Fault.Describe(reason))}.";
        }

        ScriptFile full = RecordingTests.LoadScript("full-node-2.6.14.bm");
        Recording left = ScriptRecorder.Record(full);
        Recording right = ScriptRecorder.Record(full, KernelVersion.V2_6_15);
        foreach (string line in RecordingDifference.Find(left, right)!.Describe(left, right).Split('\n'))
        {
            yield return line;
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    // What is no English: the kernel's names, and the outcomes of scripts.
    [GeneratedRegex(@"[a-z]*_[a-z_]+|bootmem|0x[0-9a-f]+|=> \w+|docs/history\.md|BUG|panic|[KMGT]iB")]
    private static partial Regex Names();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex English();
}
