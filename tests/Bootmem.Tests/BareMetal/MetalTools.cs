using System;
using System.IO;
using System.Linq;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>What bare metal is built and run with. A test that needs it is skipped where it is not.</summary>
internal static class MetalTools
{
    private static readonly string[] _needed = ["clang", "ld.lld", "readelf", "qemu-system-arm"];

    /// <summary>Skips the test unless an image can be built and run.</summary>
    public static void Require()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] missing = [.. _needed.Where(tool => !folders.Any(folder => File.Exists(Path.Join(folder, tool))))];
        Assert.SkipUnless(missing.Length == 0, $"{string.Join(", ", missing)}: not installed.");
    }

    /// <summary>Runs <c>bootmem qemu</c> in this process.</summary>
    public static (int Code, string Output) Qemu(params string[] arguments)
    {
        Require();
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(["qemu", .. arguments], output, error);
        return (code, output.ToString() + error);
    }

    /// <summary>Runs it, and expects the exit code of success.</summary>
    public static string Passes(params string[] arguments)
    {
        (int code, string output) = Qemu(arguments);
        Assert.True(code == 0, $"bootmem qemu {string.Join(' ', arguments)}: exit code {code}\n{output}");
        return output;
    }
}
