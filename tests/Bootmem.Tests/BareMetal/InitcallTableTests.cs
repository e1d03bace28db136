using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>Bare metal has no reflection: its table of initcalls is made from the sources, and must be the same.</summary>
public sealed class InitcallTableTests
{
    [Fact]
    public void TheTableThatTheBuildMakesIsThatOfTheAttributes()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "src", "Bootmem.Boot", "Initcalls");
        ProcessStartInfo start = new("awk") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-f");
        start.ArgumentList.Add(Path.Combine(RepositoryRoot.Path, "src", "Bootmem.Kernel", "Entry", "initcalls.awk"));
        foreach (string file in Directory.GetFiles(folder, "*.cs").Order(System.StringComparer.Ordinal))
        {
            start.ArgumentList.Add(file);
        }

        using Process awk = Process.Start(start)!;
        string[] rows = [.. awk.StandardOutput.ReadToEnd().Split('\n').Where(row => row.Contains("Set(table", System.StringComparison.Ordinal))];
        awk.WaitForExit();
        string[] expected = [.. BuiltInInitcalls.All.Select((initcall, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"        Set(table + {i}, InitcallStage.{initcall.Stage}, &{initcall.Method.DeclaringType!.Name}.{initcall.Method.Name}, \"{initcall.Name}\"u8);"))];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, rows);
    }
}
