using System;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>The tests that the kernel runs on itself, on bare metal.</summary>
public sealed class SelfTestTests
{
    // Above 896 MiB a GiB has high memory, and so has the article's machine.
    [Theory]
    [InlineData(16_000, 0, "--memory", "64M")]
    [InlineData(259_000, 32_768, "--memory", "1G", "--kernel", "2.6.15")]
    [InlineData(24_000, 8192, "--kernel", "2.6.14")]
    public void EveryPageIsWrittenAndAMillionCallsKeepBlocksApart(
        int leastPages, int highPages, params string[] machine)
    {
        string printed = MetalTools.Passes([.. machine, "--test"]);
        Assert.Contains("61 scripts, 7878 calls, 0 differ\n", printed, StringComparison.Ordinal);
        Assert.Contains(
            "test: random: 1000000 calls of alloc_pages and free_pages\n", printed, StringComparison.Ordinal);
        Assert.InRange(Count(printed, "pages written with their address and read"), leastPages, 1 << 18);

        // Some are on the CPU's own lists, and stay there.
        int high = Count(printed, "are high memory, reached through the kmap window");
        Assert.InRange(high, Math.Max(0, highPages - 64), highPages);
        Assert.EndsWith("test: all passed\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOutcomeThatDiffersIsTold()
    {
        string script = File.ReadAllText(
            RepositoryRoot.Combine("tests", "conformance", "history-limit-bug-32-2.6.14.bm"));
        string path = Path.Join(Path.GetTempPath(), $"bootmem-{Guid.NewGuid():n}.bm");
        try
        {
            File.WriteAllText(path, script.Replace("=> bug", "=> panic", StringComparison.Ordinal));
            (int code, string output) = MetalTools.Qemu("--scripts", path);
            Assert.Equal(1, code);
            Assert.Matches(@"line \d+: got '[^']*bug', expected '[^']*panic'\n", output);
            Assert.Contains("1 scripts, ", output, StringComparison.Ordinal);
            Assert.EndsWith(", 2 differ\n", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TheExampleOfTheDocumentationBoots()
    {
        MetalTools.Require();
        string source = RepositoryRoot.Combine("docs", "examples", "bare-metal", "Kernel.cs");
        Assert.InRange(File.ReadAllLines(source).Length, 1, 60);
        using System.Diagnostics.Process build =
            System.Diagnostics.Process.Start(RepositoryRoot.Combine("src", "Bootmem.Kernel", "build"), [source]);
        build.WaitForExit();
        Assert.Equal(0, build.ExitCode);
        string image = RepositoryRoot.Combine("artifacts", "example", "bootmem.img");
        using MetalRun run = new("16M", File.ReadAllBytes(image));
        run.ReadToEnd();
        string documented = File.ReadAllText(RepositoryRoot.Combine("docs", "bare-metal.md"));
        Assert.Matches(@"^(100 bytes at 0x60\w+\n){3}handed over \d+ pages\n$", run.Printed);

        // Where the image ends changes with every line of code; the rest is as documented.
        Assert.Contains(Shape(run.Printed), Shape(documented), StringComparison.Ordinal);
    }

    private static int Count(string printed, string what)
    {
        Match line = Regex.Match(printed, $@"\ntest: every page: (\d+) {what}\n");
        Assert.True(line.Success, printed);
        return int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string Shape(string text) => Regex.Replace(text, @"0x60\w+|\d+(?= pages)", "…");
}
