using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Microsoft.Playwright;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>Debian's Chromium, started once for all tests of a class; null where it is not installed.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where reports and screenshots go.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("bootmem-report-").FullName;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (Environment.GetEnvironmentVariable("BOOTMEM_KEEP_SCREENSHOTS") is null)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Opens a report. Whatever the page says to the console, or asks of the network, is a problem.</summary>
    internal async Task<ReportPage> OpenAsync(
        IReadOnlyList<Recording> recordings, int width = 1280, int height = 900, string language = "en-US",
        int? start = null)
    {
        Assert.SkipWhen(_browser is null, $"{Program} is not installed: apt-get install chromium");
        string file = Path.Combine(Folder, Guid.NewGuid().ToString("n") + ".html");
        await File.WriteAllBytesAsync(file, HtmlReport.Write(recordings, start), TestContext.Current.CancellationToken);
        IPage page = await _browser!.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = language,
        });
        ReportPage report = new(page, Folder);
        page.Console += (_, message) => report.Problems.Add(message.Text);
        page.PageError += (_, message) => report.Problems.Add(message);
        page.Request += (_, request) =>
        {
            if (request.Url != new Uri(file).AbsoluteUri)
            {
                report.Problems.Add("asked for " + request.Url);
            }
        };
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        return report;
    }
}

/// <summary>A report in a browser.</summary>
internal sealed class ReportPage(IPage page, string folder) : IAsyncDisposable
{
    public IPage Page => page;

    public List<string> Problems { get; } = [];

    public Task<string> TextAsync(string selector) => page.Locator(selector).InnerTextAsync();

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    public Task<T> EvaluateAsync<T>(string script) => page.EvaluateAsync<T>(script);

    public Task ScreenshotAsync(string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });

    public async ValueTask DisposeAsync()
    {
        await page.CloseAsync();
        Assert.Empty(Problems);
    }
}
