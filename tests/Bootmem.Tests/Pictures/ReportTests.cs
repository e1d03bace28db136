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
        Assert.Contains("alloc_bootmem_node 0 819232 → 0x70001000", await report.TextAsync("#live"),
            StringComparison.Ordinal);
        Assert.Contains("mem_map · by paging_init · 201 pages changed", await report.TextAsync("#live"),
            StringComparison.Ordinal);
        Assert.Contains("In the way", await report.TextAsync("#why"), StringComparison.Ordinal);
        Assert.Matches(@"mem_map\s+804 KiB\s+0.8 %", await report.TextAsync("#legend"));
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
                Assert.Contains(entry.Name + "\n", legend, StringComparison.Ordinal);
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
        Recording merge = ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
        await using ReportPage report = await browser.OpenAsync([merge]);
        ILocator canvas = report.Page.Locator(".view canvas");
        for (int i = 0; i < 12; i++)
        {
            await report.Page.Locator("#zoom-in").ClickAsync();
        }

        Assert.Contains("4 KiB, 1 page", await report.TextAsync("#scale"), StringComparison.Ordinal);
        await report.Page.EvaluateAsync("document.querySelector('.view').scrollTop = 0");
        await canvas.HoverAsync(new LocatorHoverOptions { Position = new Position { X = 400, Y = 100 } });
        string text = await report.TextAsync("#page");
        Assert.Contains("0x1000", text, StringComparison.Ordinal);
        Assert.Contains("alloc_bootmem_low 100", text, StringComparison.Ordinal);
        Assert.Contains("0x80–0x9c", text, StringComparison.Ordinal);
        Assert.Matches(@"2: free in bootmem\s+5: allocated", text);

        // All bytes of the page, each in the colour of its allocation.
        Assert.Equal(1, await report.Page.Locator("#page canvas.bytes").CountAsync());
        string[] colors = await report.EvaluateAsync<string[]>(
            """
            (() => {
              const context = document.querySelector("canvas.bytes").getContext("2d");
              const { data, width } = context.getImageData(0, 0, 640, 512);
              const at = byte => ((Math.floor(byte / 64) * 8 + 1) * width + (byte % 64) * 10 + 9) * 4;
              const bytes = [0, 0x63, 0x64, 0x90, 0x9b, 0x9c, 0xa0, 0xfff];
              return bytes.map(byte => data.slice(at(byte), at(byte) + 4).join());
            })()
            """);
        Assert.Equal(colors[0], colors[1]);
        Assert.NotEqual(colors[1], colors[2]);
        Assert.Equal(colors[3], colors[4]);
        Assert.Equal(colors[2], colors[5]);
        Assert.Equal(colors[6], colors[7]);
        Assert.Equal(4, colors.Distinct().Count());
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
        Assert.Contains("内核映像", await report.TextAsync("#legend"), StringComparison.Ordinal);
        await report.PressAsync("ArrowLeft");
        Assert.Contains("交给页分配器", await report.TextAsync("#why"), StringComparison.Ordinal);
        await report.ScreenshotAsync("chinese");
        await report.Page.Locator("#language").SelectOptionAsync("en");
        Assert.Equal("Memory", await report.Page.Locator("#state-title").TextContentAsync());
        Assert.Equal("en", await report.EvaluateAsync<string>("document.documentElement.lang"));
    }

    [Fact]
    public async Task ItWorksByKeyboardAlone()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        List<string> seen = [];
        for (int i = 0; i < 24; i++)
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
    [InlineData(390, 844, "en-US")]
    [InlineData(390, 844, "zh-CN")]
    [InlineData(1024, 768, "en-US")]
    [InlineData(1920, 1080, "zh-CN")]
    public async Task ItFitsTheScreen(int width, int height, string language)
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value], width, height, language);
        Assert.True(await report.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);

        // No control is cut off: its text fits into it.
        Assert.Equal(0, await report.EvaluateAsync<int>(
            "[...document.querySelectorAll('button')].filter(b => b.scrollWidth > b.clientWidth + 1).length"));
        await report.ScreenshotAsync($"w{width}");
        await report.Page.Locator("#theme").ClickAsync();
        await report.ScreenshotAsync($"w{width}-dark");
    }

    [Fact]
    public async Task TheLegendFiltersAndTexturesTellOwnersApart()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value]);
        await report.Page.Locator("#legend button", new() { HasTextString = "initrd" }).ClickAsync();
        Assert.StartsWith("1 of", await report.TextAsync("#found"), StringComparison.Ordinal);
        await report.Page.Locator("#legend button", new() { HasTextString = "initrd" }).ClickAsync();
        Assert.StartsWith("19 of", await report.TextAsync("#found"), StringComparison.Ordinal);
        const string Swatches = "[...document.querySelectorAll('#legend canvas')].map(c => c.toDataURL()).slice(1)";
        string[] plain = await report.EvaluateAsync<string[]>(Swatches);
        await report.Page.Locator("#textures").ClickAsync();
        string[] textured = await report.EvaluateAsync<string[]>(Swatches);
        Assert.All(plain.Zip(textured), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(textured.Length, textured.Distinct().Count());
    }

    [Fact]
    public async Task ToTheChangeAndToAPageOfTheHistory()
    {
        await using ReportPage report = await browser.OpenAsync([s_article.Value], start: 9);
        await report.PressAsync("c");
        Assert.Contains("512 pages", await report.TextAsync("#scale"), StringComparison.Ordinal);
        await report.Page.Locator(".view").FocusAsync();
        Assert.Contains("0x70001000 – 0x70002000", await report.TextAsync("#page"), StringComparison.Ordinal);
        await report.Page.Locator("#page .link").First.ClickAsync();
        Assert.StartsWith("9 /", await report.TextAsync("#counter"), StringComparison.Ordinal);
        await report.Page.Locator("#search").FillAsync("0x70502000");
        Assert.Contains("kernel image", await report.TextAsync("#list"), StringComparison.Ordinal);
        await report.PressAsync("Escape");
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
        Assert.Equal("10,005 / 10,005", await report.TextAsync("#counter"));
        foreach (string key in new[] { "ArrowLeft", "Home", "ArrowRight", "End" })
        {
            await report.PressAsync(key);
        }

        await report.Page.Locator("#slider").FillAsync("5000");
        Assert.Equal("5,000 / 10,005", await report.TextAsync("#counter"));
        await report.ScreenshotAsync("large");
        double[] times = await report.EvaluateAsync<double[]>(
            """
            (() => {
              const time = act => {
                const start = performance.now();
                act();
                document.body.offsetHeight;
                return performance.now() - start;
              };
              const press = key => time(() => document.dispatchEvent(new KeyboardEvent("keydown", { key })));
              const slider = document.getElementById("slider");
              const jump = to => time(() => { slider.value = to; slider.dispatchEvent(new Event("input")); });
              const open = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
              const steps = [..."LRLRLR"].map(side => press(side === "L" ? "ArrowLeft" : "ArrowRight"));
              return [open, ...steps, press("Home"), press("End"), ...[1000, 9000, 5000].map(jump)];
            })()
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(
            "open, six steps, Home, End, three jumps in ms: " + string.Join(" ", times.Select(time => $"{time:0}")));
    }

    [Fact]
    public async Task TwoKernelsStepTogether()
    {
        ScriptFile script = RecordingTests.LoadScript("full-node-2.6.14.bm");
        Recording[] both = [ScriptRecorder.Record(script), ScriptRecorder.Record(script, KernelVersion.V2_6_15)];
        await using ReportPage report = await browser.OpenAsync(both, start: 7);
        Assert.Equal(2, await report.Page.Locator(".view canvas").CountAsync());
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
