using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab.Scripts;

namespace Bootmem.Tests.Scripts;

/// <summary>The scripts that stand in the project, and short ways to run others.</summary>
internal static class ScriptData
{
    public static string Conformance => RepositoryRoot.Combine("tests", "conformance");

    public static string Examples => RepositoryRoot.Combine("scripts");

    public static IEnumerable<string> Names(string directory) =>
        Directory.GetFiles(directory, "*.bm").Select(file => Path.GetFileName(file)).Order();

    public static ScriptFile Load(string directory, string name) =>
        ScriptFile.Parse(name, File.ReadAllText(Path.Combine(directory, name)));

    public static ScriptResult Run(string text, ScriptRunOptions? options = null) =>
        ScriptRunner.Run(ScriptFile.Parse("x.bm", text), options);

    /// <summary>The script with the outcomes that it gives.</summary>
    public static string Write(string text, KernelVersion? version = null)
    {
        ScriptResult result = Run(text, new ScriptRunOptions { Writes = true, Version = version });
        return Encoding.UTF8.GetString(result.Written.Span);
    }

    /// <summary>A script without its outcomes and printed lines.</summary>
    public static string Strip(string text) => string.Concat(
        text.Split('\n').SkipLast(1)
            .Where(line => !line.StartsWith("=>") && !line.StartsWith('|')).Select(line => line + "\n"));
}
