using System;
using System.IO;
using Bootmem.Cli;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary><c>bootmem config</c>, <c>menuconfig</c>, and that <c>boot</c> reads their file.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private static readonly string[] _macros =
        ["HIGHMEM=n", "NR_CPUS=4", "PAGE_SHIFT=13", "CRASH_DUMP=y", "L1_CACHE_BYTES=128", "INITCALLS=y"];

    private readonly TestFolder _folder = new();

    private string FilePath => _folder.Combine("x.config");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BootWithTheFileIsBootWithTheOptions()
    {
        string machine = RepositoryRoot.Combine("machines", MacroBoot.Board);
        (int code, _, string error) = Run(
            ["config", "--config-file", FilePath, "KERNEL=2.6.15", "MACHINE=" + machine, .. _macros]);
        Assert.Equal((0, ""), (code, error));

        string empty = _folder.Write("empty.config", "");
        string[] options =
            ["boot", machine, "--config-file", empty, "--kernel", "2.6.15", "--append", "mem=128M", "--json"];
        foreach (string macro in _macros)
        {
            options = [.. options, "--config", macro];
        }

        (int withOptions, string expected, _) = Run(options);
        (int withFile, string actual, _) = Run(["boot", "--config-file", FilePath, "--append", "mem=128M", "--json"]);
        Assert.Equal((0, 0), (withOptions, withFile));
        Assert.Equal(expected, actual);
        Assert.Contains("\"saved_max_pfn\": \"0x38000\"", actual, StringComparison.Ordinal);
        Assert.Contains("\"kernel\": \"2.6.15\"", actual, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsGoBeforeTheFile()
    {
        _folder.Write("x.config", "KERNEL=2.6.15\nMACHINE=missing.dts\n");
        string machine = RepositoryRoot.Combine("machines", MacroBoot.Article);
        (int code, string output, _) = Run(["boot", machine, "--config-file", FilePath, "--kernel", "2.6.13"]);
        Assert.Equal(0, code);
        Assert.StartsWith("Linux version 2.6.13 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMachineInTheFileIsRelativeToIt()
    {
        File.Copy(RepositoryRoot.Combine("machines", MacroBoot.Board), _folder.Combine("m.dts"));
        _folder.Write("x.config", "MACHINE=m.dts\n");
        Assert.Equal(0, Run(["boot", "--config-file", FilePath, "--quiet"]).Code);
    }

    [Fact]
    public void ConfigShowsAllWithTheirValues()
    {
        _folder.Write("x.config", "HIGHMEM=n\n");
        (int code, string output, _) = Run(["config", "--config-file", FilePath]);
        Assert.Equal(0, code);
        Assert.Contains("HIGHMEM=n ", output, StringComparison.Ordinal);
        string lines = "\n" + output;
        Assert.All(Configuration.Names, name => Assert.Contains($"\n{name}=", lines, StringComparison.Ordinal));

        // What is shown can be read.
        Assert.Equal("n", Reread(output).Get("HIGHMEM"));
    }

    [Theory]
    [InlineData("HIGHMEM=q", "bootmem: HIGHMEM: found 'q', expected y or n")]
    [InlineData("HIGHMEM", "bootmem: found 'HIGHMEM', expected NAME=VALUE")]
    [InlineData("KERNEL=3", "bootmem: KERNEL: found '3', expected one of ")]
    [InlineData("MACHINE=a\nb", "bootmem: MACHINE: found 'a?b', expected a path without control characters")]
    public void ABadAssignmentSavesNothing(string assignment, string expected)
    {
        (int code, _, string error) = Run(["config", "--config-file", FilePath, "NUMA=y", assignment]);
        Assert.Equal(2, code);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.False(File.Exists(FilePath));
    }

    [Theory]
    [InlineData("config")]
    [InlineData("menuconfig")]
    [InlineData("boot")]
    public void ABadFileIsOneLine(string command)
    {
        _folder.Write("x.config", "KERNEL=2.6.12\nNUMA=perhaps\n");
        (int code, string output, string error) = Run([command, "--config-file", FilePath]);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"bootmem: {FilePath}:2: NUMA: found 'perhaps', expected y or n{Environment.NewLine}", error);
    }

    [Fact]
    public void TheVersionIsShown()
    {
        (int code, string output, string error) = Run(["--version"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^bootmem \d+\.\d+\.\d+\s*$", output);
    }

    private static (int Code, string Output, string Error) Run(string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private Configuration Reread(string shown)
    {
        using StringReader lines = new(shown);
        string text = "";
        while (lines.ReadLine() is { } line)
        {
            text += line.Split('#')[0] + "\n";
        }

        return Configuration.Load(_folder.Write("shown.config", text));
    }
}
