using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>
/// Compiles the yardstick, an allocator in C that goes bit by bit, with <c>gcc -O2</c>: once for each kernel that scripts
/// ask for, as a kernel is compiled for one machine. What it makes lies in a directory of its own until it is disposed.
/// </summary>
internal sealed class YardstickBuild : IDisposable
{
    private readonly Dictionary<string, string> _programs = [];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bootmem-yardstick-");

    /// <summary>Where the program's files lie.</summary>
    public string DirectoryName => _directory.FullName;

    /// <summary>The program for a machine.</summary>
    /// <param name="header">The machine and its kernel.</param>
    /// <exception cref="YardstickException">It cannot be compiled.</exception>
    public string ProgramFor(ScriptHeader header)
    {
        string[] options =
        [
            "-O2", "-std=gnu11", Define("BITS", header.Bits), Define("PAGE_SHIFT", header.PageShift),
            Define("HAS_LIMIT", header.Version >= KernelVersion.V2_6_14 ? 1 : 0),
            Define("STOPS_AT_END", header.Version >= KernelVersion.V2_6_15 ? 1 : 0),
            Define("SEARCH", (int)header.Search),
        ];
        string key = string.Join(' ', options);
        if (_programs.TryGetValue(key, out string? program))
        {
            return program;
        }

        string source = Path.Combine(DirectoryName, "yardstick.c");
        if (!File.Exists(source))
        {
            using Stream text = typeof(YardstickBuild).Assembly.GetManifestResourceStream("yardstick.c")!;
            using FileStream file = File.Create(source);
            text.CopyTo(file);
        }

        program = Path.Combine(DirectoryName, string.Create(CultureInfo.InvariantCulture, $"yardstick-{_programs.Count}"));
        string problem = Run("gcc", [.. options, source, "-o", program])
            ?? throw new YardstickException("gcc: found none, expected the C compiler: apt-get install gcc libc6-dev");
        if (!File.Exists(program))
        {
            throw new YardstickException($"gcc: the yardstick cannot be compiled: found {FirstLine(problem)}, expected a program");
        }

        _programs[key] = program;
        return program;
    }

    /// <summary>Installs the compiler where that is possible: as root on Debian.</summary>
    public static void InstallCompiler()
    {
        if (Run("gcc", ["--version"]) == null && Environment.IsPrivilegedProcess)
        {
            _ = Run("apt-get", ["update", "-qq"]);
            _ = Run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "gcc", "libc6-dev"]);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static string Define(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"-D{name}={value}");

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0];

    // What it says on its error stream; null if there is no such program.
    private static string? Run(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        try
        {
            using Process process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            string text = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

/// <summary>There is no yardstick to race against.</summary>
internal sealed class YardstickException(string message) : Exception(message);
