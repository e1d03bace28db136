using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>
/// Neither bare metal nor a program compiled ahead of time has reflection: their tables of initcalls are made from the
/// sources, or written down, and must be those of the attributes.
/// </summary>
public sealed class InitcallTableTests
{
    private static readonly (MethodInfo Method, InitcallAttribute Attribute)[] s_marked = [.. FindMarked()];

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
        string[] rows = [.. awk.StandardOutput.ReadToEnd().Split('\n')
            .Where(row => row.Contains("Set(table", System.StringComparison.Ordinal))];
        awk.WaitForExit();
        string[] expected = [.. s_marked.Select(Row)];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, rows);
    }

    [Fact]
    public unsafe void TheTableOfTheHostIsThatOfTheAttributes()
    {
        Assert.NotEmpty(s_marked);
        Assert.Equal(
            s_marked.Select(one => (one.Attribute.Stage, one.Attribute.Name)),
            BuiltInInitcalls.All.Select(one => (one.Stage, one.Name)));
        for (int i = 0; i < s_marked.Length; i++)
        {
            System.RuntimeMethodHandle method = s_marked[i].Method.MethodHandle;
            Assert.Equal(method.GetFunctionPointer(), (nint)BuiltInInitcalls.All[i].Function);
        }
    }

    private static IEnumerable<(MethodInfo Method, InitcallAttribute Attribute)> FindMarked()
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return typeof(Machine).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Statics))
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<InitcallAttribute>()!))
            .Where(found => found.Attribute is not null)
            .OrderBy(found => found.Attribute.Stage).ThenBy(found => found.Method.MetadataToken);
    }

    private static string Row((MethodInfo Method, InitcallAttribute Attribute) one, int i)
    {
        string method = $"{one.Method.DeclaringType!.Name}.{one.Method.Name}";
        string number = i.ToString(CultureInfo.InvariantCulture);
        return $"        Set(table + {number}, InitcallStage.{one.Attribute.Stage}, &{method}, "
            + $"\"{one.Attribute.Name}\"u8);";
    }
}
