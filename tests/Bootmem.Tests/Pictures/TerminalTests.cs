using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>Maps in a real terminal, which <c>script</c> opens: what it has decides on colours and width.</summary>
public sealed class TerminalTests
{
    private const string Script = "/usr/bin/script";

    [Theory]
    [InlineData("TERM=xterm COLORTERM=truecolor NO_COLOR=", "\u001b[38;2;165;86;45m")]
    [InlineData("TERM=xterm COLORTERM= NO_COLOR=", "\u001b[31m")]
    [InlineData("TERM=xterm COLORTERM=truecolor NO_COLOR=1", null)]
    [InlineData("TERM=dumb COLORTERM=truecolor NO_COLOR=", null)]
    public async Task TheTerminalDecidesOnColours(string environment, string? color)
    {
        string merge = RepositoryRoot.Combine("scripts", "merge.bm");
        string shown = await InTerminalAsync(environment, $"map {merge} --step 5");
        Assert.Contains("merge.bm, 2.6.12, after 5 calls", shown, StringComparison.Ordinal);
        Assert.Contains(new string('-', 40), shown, StringComparison.Ordinal);
        if (color is null)
        {
            Assert.DoesNotMatch(@"\u001b\[[0-9;]*m", shown);
            Assert.Contains("0x000000 xx..............x........................................\r\n", shown,
                StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(color, shown, StringComparison.Ordinal);
            Assert.Contains("▀", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheShellDrawsInColourToo()
    {
        string shown = await InTerminalAsync("TERM=xterm COLORTERM=truecolor NO_COLOR=", "shell", "map\rexit\r");
        Assert.Contains("V2P-CA9, 2.6.12, now", shown, StringComparison.Ordinal);
        Assert.Contains("\u001b[38;2;46;95;153m", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSpaceBarGoesOnInATour()
    {
        string shown = await InTerminalAsync(
            "TERM=xterm NO_COLOR=1", "tour " + RepositoryRoot.Combine("scripts", "merge.bm"), " why\r  quit\r");
        Assert.Contains("2. free_bootmem", shown, StringComparison.Ordinal);
        Assert.Contains("> why\r\nnode 0: [0x0, 0x400000) (4 MiB) is free.", shown, StringComparison.Ordinal);
        Assert.Contains("4. reserve_bootmem", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("5. alloc_bootmem", shown, StringComparison.Ordinal);
        Assert.Contains("The tour ends here.", shown, StringComparison.Ordinal);
    }

    private static async Task<string> InTerminalAsync(string environment, string arguments, string typed = "")
    {
        Assert.SkipUnless(File.Exists(Script), $"{Script} is not there: it opens a terminal");
        string program = Path.ChangeExtension(typeof(CommandLine).Assembly.Location, ".dll");
        string run = $"timeout --foreground 60 dotnet {program} {arguments}";
        string command = $"stty cols 66 rows 30; env {environment} {run}";
        ProcessStartInfo start = new(Script)
        {
            ArgumentList = { "-qec", command, "/dev/null" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(typed);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        string shown = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return shown;
    }
}
