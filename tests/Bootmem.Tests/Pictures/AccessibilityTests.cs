using System;
using System.Threading.Tasks;
using Bootmem.Lab.Recordings;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>What a screen reader, a keyboard and weak eyes need of a report.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    // The names that screen readers give, and the contrast of each text with what is behind it (WCAG 2.1, 1.4.3).
    private const string Audit = """
        (() => {
          const problems = [], all = selector => [...document.querySelectorAll(selector)];
          const labelled = e => (e.getAttribute("aria-labelledby") || "").split(" ")
            .map(id => document.getElementById(id)?.textContent ?? "").join("");
          const name = e => e.getAttribute("aria-label") || e.labels?.[0]?.textContent.trim()
            || e.textContent.trim() || labelled(e);
          for (const e of all("button, input, select, [tabindex], [role=listbox], nav, section")) {
            const named = e.tagName !== "SECTION" || e.hasAttribute("aria-labelledby");
            if (!named || !name(e)) problems.push("no name: " + e.outerHTML.slice(0, 80));
          }
          if (new Set(all("[id]").map(e => e.id)).size !== all("[id]").length) problems.push("an id twice");
          if (!document.documentElement.lang || !document.title) problems.push("no language or no title");
          if (all("h1").length !== 1) problems.push("not one h1");
          const parse = text => {
            const c = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            c.fillStyle = text; c.fillRect(0, 0, 1, 1);
            return [...c.getImageData(0, 0, 1, 1).data];
          };
          const part = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
          const luminance = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = parse(getComputedStyle(e).backgroundColor);
              if (c[3] === 255) return c;
            }
            return [255, 255, 255];
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let seen = 0;
          while (walker.nextNode()) {
            const e = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
            if (!text || ["SCRIPT", "OPTION", "STYLE"].includes(e.tagName) || !e.getClientRects().length) continue;
            let alpha = 1;
            for (let p = e; p; p = p.parentElement) alpha *= Number(getComputedStyle(p).opacity);
            const back = behind(e);
            const fore = parse(getComputedStyle(e).color).map((v, i) => i < 3 ? v * alpha + back[i] * (1 - alpha) : v);
            const [a, b] = [luminance(fore), luminance(back)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
            seen++;
            if (ratio < 4.5) problems.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
          }
          if (seen < 50) problems.push("only " + seen + " texts seen");
          return problems;
        })()
        """;

    [Theory]
    [InlineData("en-US")]
    [InlineData("zh-CN")]
    public async Task EveryControlHasANameAndEveryTextIsReadable(string language)
    {
        await using ReportPage report = await browser.OpenAsync([Merge()], language: language, start: 8);
        await report.Page.Locator(".view").FocusAsync();
        for (int theme = 0; theme < 2; theme++)
        {
            Assert.Empty(await report.EvaluateAsync<string[]>(Audit));
            await report.Page.Locator("#theme").ClickAsync();
        }
    }

    [Fact]
    public async Task WhereTheFocusIsCanBeSeen()
    {
        await using ReportPage report = await browser.OpenAsync([Merge()]);
        for (int i = 0; i < 24; i++)
        {
            await report.PressAsync("Tab");
            Assert.True(
                await report.EvaluateAsync<bool>(
                    """
                    (() => {
                      const e = document.activeElement, style = getComputedStyle(e);
                      return e === document.body
                        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
                    })()
                    """),
                await report.EvaluateAsync<string>("document.activeElement.outerHTML"));
        }
    }

    [Fact]
    public async Task EachStepIsSpokenButNotWhileItPlays()
    {
        await using ReportPage report = await browser.OpenAsync([Merge()]);
        await report.PressAsync("Home");
        await report.PressAsync("ArrowRight");
        Assert.Equal("status", await report.Page.Locator("#live").GetAttributeAsync("role"));
        Assert.Equal("polite", await report.Page.Locator("#live").GetAttributeAsync("aria-live"));
        Assert.Contains(
            "init_bootmem_node", await report.Page.Locator("#slider").GetAttributeAsync("aria-valuetext") ?? "",
            StringComparison.Ordinal);
        await report.PressAsync(" ");
        Assert.Equal("off", await report.Page.Locator("#live").GetAttributeAsync("aria-live"));
        await report.PressAsync(" ");
        Assert.Equal("polite", await report.Page.Locator("#live").GetAttributeAsync("aria-live"));
    }

    private static Recording Merge() => ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
}
