using System;
using System.IO;
using System.Linq;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.Publish;

/// <summary>The published file does what the program on .NET does; what it cannot do it says in one line.</summary>
public sealed class PublishedTests
{
    public static TheoryData<string> SameCommands =>
    [
        "boot", "boot --kernel 2.6.15 --cat buddyinfo_bs,vmstat_bs", "boot --json",
        "boot --config INITCALLS=y", "boot --stop-at bootmem --checksums",
        "boot machines/vexpress-a9.dts --map", "boot machines/pc-512m.e820", "boot machines/vexpress-a9.atags",
        "boot machines/numa4-8g.dts --layout-only", "boot no-such-file.dts",
        "run scripts/merge.bm scripts/goal.bm --json", "run --trace scripts/goal.bm",
        "run --kernel 2.6.15 tests/conformance", "run no-such-file.bm",
        "map", "map --svg", "tour --plain", "tour", "diff scripts/goal.bm --kernels 2.6.12,2.6.15",
        "explain scripts/goal.bm:27", "check machines/vexpress-a9.dts", "check machines/numa4-8g.dts --json",
        "import machines/pc-512m.e820", "config",
        "", "--help", "boot --help", "bench --help", "qemu --help", "no-such-command", "boot --no-such-option",
        "qemu --memory 3K", "bench no-such-file.bm", "menuconfig --no-such-option",
    ];

    public static TheoryData<string> Logs =>
        [.. Directory.GetFiles(RepositoryRoot.Combine("tests", "data", "boot"), "*log*")
        .Concat(Directory.GetFiles(RepositoryRoot.Combine("tests", "data", "maps")))
        .Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))];

    [Fact]
    public void ItSaysItsVersion()
    {
        NativeProgram.Need();
        Assert.Equal(Here("--version"), NativeProgram.Run("", "--version"));
    }

    [Fact]
    public void AllConformanceScriptsPass()
    {
        NativeProgram.Need();
        ProgramRun run = NativeProgram.Run("", "run", RepositoryRoot.Combine("tests", "conformance"));
        Assert.Equal(("", CommandLine.Success), (run.Error, run.Code));
        Assert.Equal(Here("run", RepositoryRoot.Combine("tests", "conformance")), run);
    }

    [Theory]
    [MemberData(nameof(SameCommands))]
    public void ItPrintsWhatTheProgramOnNetPrints(string line)
    {
        NativeProgram.Need();
        string[] arguments = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(FromRoot)];
        Assert.Equal(Here(arguments), NativeProgram.Run("", arguments));
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public void ItReplaysWhatTheProgramOnNetReplays(string log)
    {
        NativeProgram.Need();
        Assert.Equal(Here("replay", FromRoot(log)), NativeProgram.Run("", "replay", FromRoot(log)));
    }

    [Fact]
    public void ARecordingIsTheSameToTheByte()
    {
        NativeProgram.Need();
        string folder = Directory.CreateTempSubdirectory("bootmem-publish-").FullName;
        try
        {
            string ours = Path.Combine(folder, "ours.rec");
            string native = Path.Combine(folder, "native.rec");
            Here("boot", "--quiet", "--record", ours);
            NativeProgram.Run("", "boot", "--quiet", "--record", native);
            Assert.Equal(File.ReadAllBytes(ours), File.ReadAllBytes(native));
            string page = Path.Combine(folder, "boot.html");
            ProgramRun report = Here("report", ours, "-o", page);
            byte[] expected = File.ReadAllBytes(page);
            Assert.Equal(report, NativeProgram.Run("", "report", ours, "-o", page));
            Assert.Equal(expected, File.ReadAllBytes(page));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheFileAloneBootsTheArticlesMachine()
    {
        NativeProgram.Need();
        string folder = Directory.CreateTempSubdirectory("bootmem-publish-").FullName;
        try
        {
            string copy = Path.Combine(folder, "renamed");
            File.Copy(NativeProgram.Path, copy);
            Assert.Equal(Here("boot"), NativeProgram.RunFile(copy, "", "boot"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ThePromptTakesCalls()
    {
        NativeProgram.Need();
        ProgramRun run = NativeProgram.Run("cat /proc/buddyinfo_bs\nlsmod\npoweroff\n", "shell");
        Assert.Contains("Node 0, zone   Normal", run.Output, StringComparison.Ordinal);
        Assert.Contains("Module", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot --insmod hello.dll")]
    [InlineData("shell --insmod hello.dll")]
    [InlineData("new module hello")]
    public void WhatItCannotDoItSaysInOneLine(string line)
    {
        NativeProgram.Need();
        ProgramRun run = NativeProgram.Run("", line.Split(' '));
        Assert.Equal(CommandLine.BadInput, run.Code);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("this program is one native file", run.Error, StringComparison.Ordinal);
        Assert.Contains("expected the one that runs on .NET", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AtThePromptItSaysSoToo()
    {
        NativeProgram.Need();
        ProgramRun run = NativeProgram.Run("insmod hello.dll\npoweroff\n", "shell");
        string line = Assert.Single(
            (run.Output + run.Error).Split('\n'), text => text.Contains("native file", StringComparison.Ordinal));
        Assert.Contains("insmod: error inserting 'hello.dll'", line, StringComparison.Ordinal);
    }

    private static ProgramRun Here(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Invoke(arguments, output, error);
        return new ProgramRun(code, output.ToString(), error.ToString());
    }

    private static string FromRoot(string argument) =>
        Path.Exists(RepositoryRoot.Combine(argument.Split(':')[0])) ? RepositoryRoot.Combine(argument) : argument;
}
