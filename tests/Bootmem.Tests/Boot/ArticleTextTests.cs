using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>What the article's machine prints, and what its files of /proc show, to the letter.</summary>
public sealed class ArticleTextTests
{
    public static TheoryData<KernelVersion> Kernels =>
        [.. Enumerable.Range(0, KernelVersions.Count).Select(static i => (KernelVersion)i)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Log(KernelVersion version)
    {
        using MachineHost host = Boot(version);
        string text = string.Concat(host.Log.Lines.Select(static line => $"<{line.Level}>{line.Text}\n"));
        Assert.Equal(Section("article-logs.txt", Configuration.NameOf(version)), text);
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12)]
    [InlineData(KernelVersion.V2_6_15)]
    public void ProcFiles(KernelVersion version)
    {
        using MachineHost host = Boot(version);
        StringBuilder text = new();
        foreach (string file in ProcFile.Names)
        {
            text.Append("# ").Append(file).Append('\n').Append(ProcFile.Read(host, file));
        }

        Assert.Equal(Section("article-proc.txt", Configuration.NameOf(version)), text.ToString());
    }

    [Fact]
    public void FilesAreNotThereTooEarly()
    {
        using MachineHost host = MachineSketch.Article.SwitchOn();
        foreach (string file in ProcFile.Names)
        {
            Assert.Throws<MachineException>(() => ProcFile.Read(host, file));
        }

        host.RunUntil(BootStep.BootmemInit);
        Assert.StartsWith("70000000-743fffff : System RAM\n", ProcFile.Read(host, "iomem_bs"),
            StringComparison.Ordinal);
        Assert.Throws<MachineException>(() => ProcFile.Read(host, "buddyinfo_bs"));
        host.RunUntil(BootStep.BuddyInitcalls);
        Assert.StartsWith("Node 0, zone      DMA ", ProcFile.Read(host, "buddyinfo_bs"), StringComparison.Ordinal);
    }

    private static MachineHost Boot(KernelVersion version)
    {
        MachineHost host = MachineHost.Load(
            RepositoryRoot.Combine("machines", "biscuitos.dts"), MachineSketch.Options(version));
        host.RunUntil(BootStep.Done);
        return host;
    }

    // The lines behind "== name", up to the next "== ".
    private static string Section(string file, string name)
    {
        IEnumerable<string> lines = File.ReadAllLines(RepositoryRoot.Combine("tests", "data", "boot", file))
            .SkipWhile(line => line != "== " + name).Skip(1)
            .TakeWhile(static line => !line.StartsWith("== ", StringComparison.Ordinal));
        return string.Concat(lines.Select(static line => line + "\n"));
    }
}
