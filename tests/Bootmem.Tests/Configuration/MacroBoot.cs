using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>Boots a machine of the project with macros, and tells how it ended.</summary>
internal static class MacroBoot
{
    public const string Article = "biscuitos.dts";
    public const string Board = "vexpress-a9.dts";
    public const string FourNodes = "numa4-8g.dts";

    /// <summary>The machines that come with the project.</summary>
    public static string[] Machines { get; } =
        [.. Directory.GetFiles(RepositoryRoot.Combine("machines")).Order(StringComparer.Ordinal)];

    /// <summary>A machine that has been switched on with macros, as <c>NAME=VALUE</c>.</summary>
    public static MachineHost SwitchOn(string machine, string append, bool isLayoutOnly, params string[] macros)
    {
        Configuration configuration = new();
        foreach (string macro in macros)
        {
            Assert.Null(configuration.Set(macro));
        }

        MachineOptions options = new()
        {
            Config = configuration.Config,
            AppendedCommandLine = append,
            IsLayoutOnly = isLayoutOnly,
        };
        options.Initcalls.UnionWith(configuration.Initcalls);
        return MachineHost.Load(RepositoryRoot.Combine("machines", machine), options);
    }

    /// <summary>A machine that has booted to the end.</summary>
    public static MachineHost Boot(string machine, params string[] macros) => Boot(machine, "", macros);

    /// <summary>A machine that has booted to the end, with more on its command line.</summary>
    public static MachineHost Boot(string machine, string append, string[] macros)
    {
        MachineHost host = SwitchOn(machine, append, isLayoutOnly: false, macros);
        host.RunUntil(BootStep.Done);
        Assert.True(PageAccount.Of(host).AddsUp);
        return host;
    }

    /// <summary>A machine of one node from a device tree source, that has booted to the end.</summary>
    public static MachineHost BootSource(string memory, string append, params string[] macros)
    {
        using TestFolder folder = new();
        const string Cells = "/ { #address-cells = <1>; #size-cells = <1>;";
        string source = memory.Replace("/ {", Cells, StringComparison.Ordinal);
        string path = folder.Write("machine.dts", $"/dts-v1/; {source};");
        MachineHost host = SwitchOn(path, append, isLayoutOnly: false, macros);
        host.RunUntil(BootStep.Done);
        Assert.True(PageAccount.Of(host).AddsUp);
        return host;
    }

    /// <summary>Bytes that an owner asked bootmem for.</summary>
    public static ulong BytesOf(MachineHost host, Owner owner) => host.Ledger.Uses.GetValueOrDefault(owner).ByteCount;

    /// <summary>How many lines of the log hold a text.</summary>
    public static int LineCount(MachineHost host, string text) =>
        Log(host).Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>The lines of the log.</summary>
    public static IEnumerable<string> Log(MachineHost host) => host.Log.Lines.Select(line => line.Text);
}
