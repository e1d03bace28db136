using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;
using Bootmem.Boot;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>Names that somebody else wrote reach the pictures only as text: from device trees and scripts, not only
/// from recordings.</summary>
public sealed class HostileInputTests(Browser browser) : IClassFixture<Browser>
{
    private const string Nasty =
        "<script>document.title='run'</script><img src=x onerror=alert(1)>'&\u001b[2J\u202e\u0007";

    [Fact]
    public void NothingOfATreeSteersTheTerminal()
    {
        string path = Path.Combine(browser.Folder, "hostile.dts");
        File.WriteAllText(path, Tree());
        string[][] commands =
        [
            ["boot", "--map", path], ["map", path], ["map", path, "--color", "none", "--width", "40"],
            ["check", "--map", path], ["tour", path],
        ];
        foreach (string[] command in commands)
        {
            (int code, string output, string error) = RecordingFileTests.Run(command);
            Assert.True(code is 0 or 1, $"{string.Join(' ', command)}: {error}");
            Assert.DoesNotContain(output + error, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        }
    }

    [Fact]
    public async Task NothingOfATreeRunsInTheReport()
    {
        string path = Path.Combine(browser.Folder, "report.dts");
        File.WriteAllText(path, Tree());
        Recording recording;
        MachineOptions options = new() { Config = BootConfig.Default, IsLayoutOnly = true };
        using (MachineHost host = MachineHost.Load(path, options))
        {
            BootRecorder recorder = new(host, path);
            recorder.RunUntil(BootStep.Done);
            recording = recorder.Finish();
        }

        await using ReportPage report = await browser.OpenAsync([recording], width: 390);
        await ExpectText(report);
        Assert.Contains("<script>", await report.TextAsync("#title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingOfAScriptRunsInTheReport()
    {
        string merge = File.ReadAllText(RepositoryRoot.Combine("scripts", "merge.bm"));
        string text = $"# {Nasty}{new string('n', 10_000)}\n{merge}";
        Recording recording = ScriptRecorder.Record(ScriptFile.Parse(Nasty + new string('n', 10_000) + ".bm", text));
        await using ReportPage report = await browser.OpenAsync([recording], width: 390);
        await ExpectText(report);
        string svg = SvgMap.Write(MapModel.Of(recording));
        Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", svg, StringComparison.Ordinal);
        Assert.True(svg.Length < 20_000);
    }

    private static async Task ExpectText(ReportPage report)
    {
        Assert.NotEqual("run", await report.Page.TitleAsync());
        Assert.Equal(2, await report.Page.Locator("script").CountAsync());
        Assert.Equal(0, await report.Page.Locator("img").CountAsync());
        Assert.False(await report.EvaluateAsync<bool>(@"/[\u001b\u202e\u0007]/.test(document.body.innerText)"));
        Assert.True(await report.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390);
    }

    private static string Tree()
    {
        // In the source a string: only quotes and the backslash are special there.
        string name = Nasty.Replace("\u001b", "\\x1b", StringComparison.Ordinal).Replace("\u0007", "\\x07",
            StringComparison.Ordinal);
        return $$"""
            /dts-v1/;
            / {
                #address-cells = <1>;
                #size-cells = <1>;
                model = "{{name}}{{new string('m', 10_000)}}";
                chosen { bootargs = "quiet {{name}}"; };
                memory@80000000 { device_type = "memory"; reg = <0x80000000 0x4000000>; };
                reserved-memory {
                    #address-cells = <1>;
                    #size-cells = <1>;
                    ranges;
                    {{new string('r', 200)}}@80100000 { label = "{{name}}"; reg = <0x80100000 0x100000>; };
                };
            };
            """;
    }
}
