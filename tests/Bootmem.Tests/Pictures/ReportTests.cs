using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;
using Bootmem.Tests.Recordings;
using Microsoft.Playwright;
using Xunit;

namespace Bootmem.Tests.Pictures;

public sealed class ReportTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly Lazy<Recording> s_article = new(() =>
    {
        using MachineHost host = RecordingTests.NewHost("biscuitos.dts", "2.6.12");
        BootRecorder recorder = new(host, "biscuitos.dts");
        recorder.RunUntil(BootStep.Done);
        return recorder.Finish();
    });

    [Fact]
    public async Task ItOpensAtTheEndAndSteps()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        int count = s_article.Value.Steps.Count;
        Assert.Equal($"{count} / {count}", await report.TextAsync("#counter"));
        Assert.Equal("V2P-CA9", await report.TextAsync("#title"));
        await report.ScreenshotAsync("open");
        await report.PressAsync("Home");
        Assert.Equal("Before the first call.", await report.TextAsync("#live"));
        for (int i = 0; i < 9; i++)
        {
            await report.PressAsync("ArrowRight");
        }

        Assert.Contains("Call 9 of", await report.TextAsync("#live"), StringComparison.Ordinal);
        Assert.Contains("alloc_bootmem_node 0 819232 → 0x70001000. 201 pages changed", await report.TextAsync("#live"),
            StringComparison.Ordinal);
        Assert.Contains("in the way", await report.TextAsync("#why"), StringComparison.Ordinal);
        Assert.Contains("mem_map: 804", await report.TextAsync("#legend"), StringComparison.Ordinal);
        Assert.Contains("nothing yet", await report.TextAsync("#buddy"), StringComparison.Ordinal);
        await report.ScreenshotAsync("step9");
        await report.PressAsync("ArrowLeft");
        Assert.Contains("Call 8 of", await report.TextAsync("#live"), StringComparison.Ordinal);
        Assert.DoesNotContain("mem_map", await report.TextAsync("#legend"), StringComparison.Ordinal);
        await report.PressAsync("End");
        Assert.Contains("HighMem", await report.TextAsync("#buddy"), StringComparison.Ordinal);
        await report.Page.Locator("#call-15").ClickAsync();
        Assert.StartsWith("16 /", await report.TextAsync("#counter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryStepShowsThePagesOfTheRecording()
    {
        Recording recording = ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
        await using ReportPage report = await browser.OpenAsync([recording]);
        await report.PressAsync("Home");
        for (int step = 1; step <= recording.Steps.Count; step++)
        {
            await report.PressAsync("ArrowRight");
            MapModel model = MapModel.Of(recording, step);
            string legend = await report.TextAsync("#legend");
            foreach (LegendEntry entry in model.Legend)
            {
                Assert.Contains(entry.Name + ": ", legend, StringComparison.Ordinal);
            }

            Assert.Equal(model.Legend.Count, await report.Page.Locator("#legend li").CountAsync());
        }
    }

    [Fact]
    public async Task PlayGoesToTheEndAndPauseStops()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        await report.PressAsync("Home");
        await report.Page.Locator("#speed").SelectOptionAsync("20");
        await report.Page.Locator("#play").ClickAsync();
        await report.Page.Locator("#counter", new() { HasTextString = $"{s_article.Value.Steps.Count} / " })
            .WaitForAsync();
        await report.Page.Locator("#speed").SelectOptionAsync("1000");
        await report.Page.Locator("#play").ClickAsync();
        Assert.Equal("Pause (space)", await report.Page.Locator("#play").GetAttributeAsync("aria-label"));
        await report.Page.Locator("#play").ClickAsync();
        Assert.Equal("Play (space)", await report.Page.Locator("#play").GetAttributeAsync("aria-label"));
    }

    [Fact]
    public async Task ZoomGoesDownToBytesAndHoverTellsOfAPage()
    {
        await using ReportPage report = await browser.OpenAsync(
            [ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"))]);
        ILocator canvas = report.Page.Locator("canvas");
        for (int i = 0; i < 8; i++)
        {
            await report.Page.Locator("#zoom-in").ClickAsync();
        }

        Assert.Contains("1 page", await report.TextAsync("#scale"), StringComparison.Ordinal);
        await report.Page.EvaluateAsync("document.querySelector('.view').scrollTop = 0");
        await canvas.HoverAsync(new LocatorHoverOptions { Position = new Position { X = 400, Y = 60 } });
        string text = await report.TextAsync("#page");
        Assert.Contains("0x1000", text, StringComparison.Ordinal);
        Assert.Contains("alloc_bootmem_low 100", text, StringComparison.Ordinal);
        Assert.Contains("0x80–0x9c", text, StringComparison.Ordinal);
        Assert.Contains("2: free in bootmem → 5: allocated", text, StringComparison.Ordinal);
        await report.ScreenshotAsync("bytes");
        await report.Page.Locator("#zoom-fit").ClickAsync();
        await report.ScreenshotAsync("merge");
    }

    [Fact]
    public async Task SearchAndFiltersNarrowTheList()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        await report.PressAsync("/");
        await report.Page.Keyboard.TypeAsync("reserve 0x70600000");
        Assert.StartsWith("1 of", await report.TextAsync("#found"), StringComparison.Ordinal);
        await report.Page.Locator("#search").FillAsync("");
        await report.Page.Locator("#owner-filter").SelectOptionAsync(new SelectOptionValue { Label = "Dentry cache" });
        Assert.StartsWith("1 of", await report.TextAsync("#found"), StringComparison.Ordinal);
        await report.ScreenshotAsync("filter");
        await report.Page.Locator("#owner-filter").SelectOptionAsync("-1");
        await report.Page.Locator("#call-filter").SelectOptionAsync("alloc_bootmem_node");
        Assert.StartsWith("4 of", await report.TextAsync("#found"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItSpeaksChinese()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value], language: "zh-CN");
        Assert.Equal("内存", await report.TextAsync("#state-title"));
        await report.ScreenshotAsync("chinese");
        await report.Page.Locator("#language").SelectOptionAsync("en");
        Assert.Equal("Memory", await report.TextAsync("#state-title"));
        Assert.Equal("en", await report.EvaluateAsync<string>("document.documentElement.lang"));
    }

    [Fact]
    public async Task ItWorksByKeyboardAlone()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        List<string> seen = [];
        for (int i = 0; i < 20; i++)
        {
            await report.PressAsync("Tab");
            seen.Add(
                await report.EvaluateAsync<string>("document.activeElement.id || document.activeElement.className"));
        }

        string[] wanted = ["language", "theme", "first", "back", "play", "forward", "last", "slider", "speed", "search",
            "list", "zoom-in", "view"];
        Assert.All(wanted, id => Assert.Contains(id, seen));
        await report.Page.Locator(".view").FocusAsync();
        await report.PressAsync("ArrowRight");
        await report.PressAsync("ArrowDown");
        Assert.Contains("0x7", await report.TextAsync("#page"), StringComparison.Ordinal);
        await report.Page.Locator("#list").FocusAsync();
        await report.PressAsync("ArrowUp");
        Assert.StartsWith(
            $"{s_article.Value.Steps.Count - 1} /", await report.TextAsync("#counter"), StringComparison.Ordinal);
        string active = await report.Page.Locator("#list").GetAttributeAsync("aria-activedescendant") ?? "";
        Assert.Equal("true", await report.Page.Locator("#" + active).GetAttributeAsync("aria-selected"));
        Assert.Equal("polite", await report.Page.Locator("#live").GetAttributeAsync("aria-live"));
        Assert.Equal(0, await report.EvaluateAsync<int>(
            "[...document.querySelectorAll('button,input,select,[tabindex]')].filter(e => "
                + "!(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).length"));
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1920, 1080)]
    public async Task ItFitsTheScreen(int width, int height)
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value], width, height);
        Assert.True(await report.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        await report.ScreenshotAsync($"w{width}");
        await report.Page.Locator("#theme").ClickAsync();
        await report.ScreenshotAsync($"w{width}-dark");
    }

    [Fact]
    public async Task HostileNamesAreOnlyText()
    {
        await using ReportPage report = await browser.OpenAsync([MapTests.Hostile()], width: 390);
        Assert.Equal(2, await report.Page.Locator("script").CountAsync());
        Assert.Equal(0, await report.Page.Locator("img").CountAsync());
        Assert.Contains("<script>alert(1)", await report.TextAsync("#title"), StringComparison.Ordinal);
        await report.PressAsync("ArrowLeft");
        Assert.Contains("<img src=x", await report.TextAsync("#why"), StringComparison.Ordinal);
        Assert.True(await report.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390);
        Assert.False(await report.EvaluateAsync<bool>(@"/[\u202e\u0007]/.test(document.body.innerText)"));
        await report.ScreenshotAsync("hostile");
    }

    [Fact]
    public async Task AMillionPagesAndTenThousandCallsWork()
    {
        StringBuilder text = new("bits 64\ninit_bootmem_node 0 0x100 0 0x80000\nfree_bootmem_node 0 0 0x80000000\n"
            + "reserve_bootmem_node 0 0x100000 0x20000\ninit_bootmem_node 1 0x110 0x80000 "
            + "0x100000\nfree_bootmem_node 1 0x80000000 0x80000000\n");
        Random random = new(7);
        for (int i = 0; i < 10_000; i++)
        {
            text.Append(i % 3 == 0 ? $"reserve_bootmem_node {i % 2} "
                + $"0x{(ulong)(i % 2 * 0x80000 + random.Next(0x1000, 0x7ff00)) << 12:x} {random.Next(1, 60000)}\n"
                : $"__alloc_bootmem_node {i % 2} {random.Next(1, 9000)} 64 0\n");
        }

        Recording recording = ScriptRecorder.Record(ScriptFile.Parse("large.bm", text.ToString()));
        Assert.Equal(10_005, recording.Steps.Count);
        await using ReportPage report = await browser.OpenAsync([recording]);
        Assert.Equal("10005 / 10005", await report.TextAsync("#counter"));
        foreach (string key in new[] { "ArrowLeft", "Home", "ArrowRight", "End" })
        {
            await report.PressAsync(key);
        }

        await report.Page.Locator("#slider").FillAsync("5000");
        Assert.Equal("5000 / 10005", await report.TextAsync("#counter"));
        await report.ScreenshotAsync("large");
        double[] times = await report.EvaluateAsync<double[]>(
            """
            (() => { const key = k => { const t = performance.now(); document.dispatchEvent(new KeyboardEvent("keydown", { key: k })); document.body.offsetHeight; return performance.now() - t; };
            return [performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd, ...[..."LRLRLR"].map(c => key(c === "L" ? "ArrowLeft" : "ArrowRight")), key("Home"), key("End")]; })()
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(
            "open and steps in ms: " + string.Join(" ", times.Select(time => $"{time:0}")));
    }

    [Fact]
    public async Task TwoKernelsStepTogether()
    {
        ScriptFile script = RecordingTests.LoadScript("full-node-2.6.14.bm");
        Recording[] both = [ScriptRecorder.Record(script), ScriptRecorder.Record(script, KernelVersion.V2_6_15)];
        await using ReportPage report = await browser.OpenAsync(both, start: 7);
        Assert.Equal(2, await report.Page.Locator("canvas").CountAsync());
        Assert.Contains("bug ≠ 0x2000", await report.TextAsync("#call-6"), StringComparison.Ordinal);
        Assert.Contains("→ bug", await report.TextAsync("#live"), StringComparison.Ordinal);
        Assert.Contains("→ 0x2000", await report.TextAsync("#live"), StringComparison.Ordinal);
        await report.PressAsync("ArrowLeft");
        Assert.Equal("6 / 7", await report.TextAsync("#counter"));
        await report.ScreenshotAsync("diff");
    }

    [Fact]
    public void TheFileIsSmallAndLoadsNothing()
    {
        string page = Encoding.UTF8.GetString(HtmlReport.Write([MapTests.Hostile()]));
        string empty = Encoding.UTF8.GetString(HtmlReport.Write([new Recording()]));
        Assert.True(Encoding.UTF8.GetByteCount(empty) < 400 << 10);
        Assert.DoesNotContain("http://", empty.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain("https://", empty, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", empty, StringComparison.Ordinal);
        string data = page[page.IndexOf("id=\"data\">", StringComparison.Ordinal)..].Split('>')[1].Split("</script")[0];
        Assert.DoesNotContain('<', data);
        Assert.Equal(1, JsonDocument.Parse(data).RootElement.GetProperty("recordings").GetArrayLength());
    }

    [Fact]
    public void TheCommandWritesTheFile()
    {
        string path = Path.Combine(browser.Folder, "merge.html");
        (int code, string output, string error) = RecordingFileTests.Run(
            "report", RepositoryRoot.Combine("scripts", "merge.bm"), "-o", path);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"{path}: 10 calls, ", output, StringComparison.Ordinal);
        Assert.Equal(2, RecordingFileTests.Run("report", "no-such-file.bm", "-o", path).Code);
        Assert.Equal(2, RecordingFileTests.Run("report", "-o", browser.Folder).Code);
    }
}
