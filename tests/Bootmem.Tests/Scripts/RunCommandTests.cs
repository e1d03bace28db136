using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.Scripts;

public sealed class RunCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bootmem-run-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void TheConformanceScriptsHold()
    {
        (int code, string output, string error) = Run("run", ScriptData.Conformance);
        Assert.Equal((0, "61 scripts, 3939 calls, 3939 outcomes checked, 0 differ\n", ""), (code, output, error));
    }

    [Fact]
    public void EveryFileIsRunWhateverTheOthersAre()
    {
        string good = NewFile("b.bm", "bootmem_bootmap_pages 8\n=> 1\n");
        string bad = NewFile("a.bm", "frob\n");
        string other = NewFile("c.bm", "bootmem_bootmap_pages 8\n=> 2\n");
        Assert.Equal(0, Run("run", good).Code);
        Assert.Equal(1, Run("run", good, other).Code);
        (int code, string output, string error) = Run("run", _directory);
        Assert.Equal(2, code);
        Assert.Equal(
            $"{other}:1: bootmem_bootmap_pages 8\n    expected  2\n    got       1\n"
                + "2 scripts, 2 calls, 2 outcomes checked, 1 differ\n",
            output);
        Assert.StartsWith($"{bad}:1:1: no such call", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "--kernel", "2.6.11", "x.bm")]
    [InlineData("run", "--frob", "x.bm")]
    [InlineData("run", "--json", "--trace", "x.bm")]
    [InlineData("frob")]
    [InlineData("run", "/no/such/file.bm")]
    [InlineData("run", "@file.bm")]
    public void BadUsageEndsWithTwo(params string[] args)
    {
        (int code, _, string error) = Run(args);
        Assert.Equal(2, code);
        Assert.NotEqual("", error);
    }

    [Fact]
    public void ADirectoryWithoutScriptsIsBadInput()
    {
        (int code, string output, string error) = Run("run", _directory);
        Assert.Equal((2, "0 scripts, 0 calls, 0 outcomes checked, 0 differ\n"), (code, output));
        Assert.Contains("no script is there", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReplacesTheFileInOneStepAndKeepsItsMode()
    {
        string file = NewFile("a.bm", "# c\nbootmem_bootmap_pages 8\n=> 7\nbootmem_bootmap_pages 0\n");
        string link = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(link, file);
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }

        Assert.Equal(
            (0, $"{link}: written\n1 scripts, 2 calls, 1 outcomes checked, 0 differ\n", ""),
            Run("run", "--write", link));
        Assert.Equal("# c\nbootmem_bootmap_pages 8\n=> 1\nbootmem_bootmap_pages 0\n=> 0\n", File.ReadAllText(file));
        Assert.NotNull(File.ResolveLinkTarget(link, false));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(mode, File.GetUnixFileMode(file));
        }

        Assert.StartsWith($"{file}: nothing to write\n", Run("run", "--write", file).Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_directory).Length);
    }

    [Fact]
    public void JsonHasEveryScript()
    {
        string other = NewFile("a.bm", "bootmem_bootmap_pages 8\n=> 2\n");
        NewFile("b.bm", "frob\n");
        (int code, string output, _) = Run("run", "--json", _directory);
        Assert.Equal(2, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(1, json.RootElement.GetProperty("differ").GetInt32());
        JsonElement[] scripts = [.. json.RootElement.GetProperty("scripts").EnumerateArray()];
        Assert.Equal(other, scripts[0].GetProperty("file").GetString());
        Assert.Equal("2", scripts[0].GetProperty("differences")[0].GetProperty("expected")[0].GetString());
        Assert.Contains("no such call", scripts[1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HelpEndsWithExamples()
    {
        (int code, string output, _) = Run("run", "--help");
        Assert.Equal(0, code);
        Assert.Contains("Usage:\n  bootmem run <FILE>... [options]", output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  bootmem run scripts/merge.bm", output, StringComparison.Ordinal);
    }

    [Fact]
    public void StandardInputIsWrittenToStandardOutput()
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { typeof(CommandLine).Assembly.Location, "run", "--write", "-" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write("bootmem_bootmap_pages 8\n");
        process.StandardInput.Close();
        Assert.Equal("bootmem_bootmap_pages 8\n=> 1\n", process.StandardOutput.ReadToEnd());
        Assert.Equal("1 scripts, 1 calls, 0 outcomes checked, 0 differ\n", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string NewFile(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
