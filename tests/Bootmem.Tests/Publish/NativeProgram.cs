using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Bootmem.Tests.Publish;

/// <summary>What a program printed, and how it ended.</summary>
public sealed record ProgramRun(int Code, string Output, string Error);

/// <summary>The command line as one native file, if <c>./publish</c> has made it of these sources.</summary>
internal static class NativeProgram
{
    public static string Path { get; } = RepositoryRoot.Combine("artifacts", "publish", "bootmem");

    /// <summary>Skips the test if the file is not there, or is older than a source.</summary>
    public static void Need() =>
        Assert.SkipUnless(File.Exists(Path) && IsNewest, $"found no {Path} of these sources: ./publish makes it");

    /// <summary>Runs it.</summary>
    public static ProgramRun Run(string input, params string[] arguments) => RunFile(Path, input, arguments);

    /// <summary>Runs a copy of it.</summary>
    public static ProgramRun RunFile(string file, string input, params string[] arguments)
    {
        ProcessStartInfo start = new(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = System.IO.Path.GetDirectoryName(file),
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }

    private static bool IsNewest
    {
        get
        {
            DateTime made = File.GetLastWriteTimeUtc(Path);
            char slash = System.IO.Path.DirectorySeparatorChar;
            return Directory.EnumerateFiles(RepositoryRoot.Combine("src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains($"{slash}obj{slash}", StringComparison.Ordinal))
                .All(file => File.GetLastWriteTimeUtc(file) <= made);
        }
    }
}
