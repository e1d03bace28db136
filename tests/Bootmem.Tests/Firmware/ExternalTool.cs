using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>Runs a program of the host; a test that needs one that is not installed is skipped.</summary>
internal static class ExternalTool
{
    public static string Run(string name, params string[] arguments)
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        Assert.SkipUnless(
            path.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Join(folder, name))),
            $"{name} is not installed.");
        ProcessStartInfo start = new(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name} failed: {errors.Result}");
        return output;
    }
}

/// <summary>A folder for a test's files, which goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bootmem-test-");

    public string this[string name] => Path.Join(_folder.FullName, name);

    public string Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => _folder.Delete(true);
}
