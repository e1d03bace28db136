using System;
using System.IO;
using System.Linq;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>The file that the choices are kept in.</summary>
public sealed class ConfigurationFileTests
{
    [Fact]
    public void WhatIsSavedIsRead()
    {
        using TestFolder folder = new();
        string path = folder.Combine("x.config");
        Configuration saved = new();
        string[] assignments =
        [
            "KERNEL=2.6.14", "MACHINE=/boards/a b.dts", "HIGHMEM=n", "NODES_SHIFT=3", "NR_CPUS=4", "NUMA=y",
            "CRASH_DUMP=y",
            "HAVE_ARCH_ALLOC_REMAP=y", "DEBUG_BOOTMEM=y", "BITS=64", "PAGE_SHIFT=14", "L1_CACHE_BYTES=0x80",
            "PAGE_OFFSET=0x80000000", "VMALLOC_RESERVE=0x4000000", "INITCALL_bootmem_alloc_low=y",
            "INITCALL_buddy_get_free_page=y",
        ];
        Assert.All(assignments, assignment => Assert.Null(saved.Set(assignment)));
        saved.Save(path);

        Configuration read = Configuration.Load(path);
        Assert.Equal(saved.Config, read.Config);
        Assert.All(
            assignments, assignment => Assert.Equal(assignment.Split('=')[1], read.Get(assignment.Split('=')[0])));
        Assert.Equal(["bootmem_alloc_low", "buddy_get_free_page"], read.Initcalls);
        Assert.Equal(File.ReadAllText(path), read.ToText(path));
        Assert.Equal(["x.config"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void TheDefaultsAreSavedAndReadToo()
    {
        using TestFolder folder = new();
        new Configuration().Save(folder.Combine("x.config"));
        Configuration read = Configuration.Load(folder.Combine("x.config"));
        Assert.Equal(new Configuration().Config, read.Config);
        Assert.Null(read.MachinePath);
        Assert.Empty(read.Initcalls);
    }

    [Fact]
    public void ARelativeMachineIsRelativeToTheFile()
    {
        using TestFolder folder = new();
        string path = folder.Write("sub/x.config", "MACHINE=../boards/m.dts\n");
        Configuration read = Configuration.Load(path);
        Assert.Equal(folder.Combine("boards/m.dts"), Path.GetFullPath(read.MachinePath!));

        // It stays relative, also to a file that lies elsewhere.
        Assert.Contains("\nMACHINE=../boards/m.dts\n", read.ToText(path), StringComparison.Ordinal);
        Assert.Contains("\nMACHINE=boards/m.dts\n", read.ToText(folder.Combine("y.config")), StringComparison.Ordinal);
    }

    [Fact]
    public void AMachineThatWasNamedFromHereIsWrittenRelativeToTheFile()
    {
        using TestFolder folder = new();
        string here = Directory.GetCurrentDirectory();
        Configuration configuration = new() { MachinePath = Path.GetRelativePath(here, folder.Combine("m.dts")) };
        string text = configuration.ToText(folder.Combine("sub/x.config"));
        Assert.Contains("\nMACHINE=../m.dts\n", text, StringComparison.Ordinal);
        configuration.MachinePath = "/boards/m.dts";
        text = configuration.ToText(folder.Combine("x.config"));
        Assert.Contains("\nMACHINE=/boards/m.dts\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void CommentsSpacesAndCarriageReturnsAreNoMatter()
    {
        using TestFolder folder = new();
        string path = folder.Write(
            "x.config", "# a comment\r\n\r\n  KERNEL = 2.6.15 \r\nCONFIG_HIGHMEM=n\r\nINITCALLS=y");
        Configuration read = Configuration.Load(path);
        Assert.Equal(KernelVersion.V2_6_15, read.Config.Version);
        Assert.False(read.Config.HasHighMem);
        Assert.Equal(BuiltInInitcalls.All.Count, read.Initcalls.Count);
    }

    [Theory]
    [InlineData("KERNEL=2.6.12\nHIGHMEM", ":2: found 'HIGHMEM', expected NAME=VALUE")]
    [InlineData("=y", ":1: found '=y', expected NAME=VALUE")]
    [InlineData("KERNEL=2.6.16", ":1: KERNEL: found '2.6.16', expected one of 2.6.12, 2.6.12.1, ")]
    [InlineData("\n\nHIGHMEM=maybe", ":3: HIGHMEM: found 'maybe', expected y or n")]
    [InlineData("PAGE_SHIFT=40", ":1: PAGE_SHIFT: found '40', expected 6 .. 24, or auto")]
    [InlineData("NR_CPUS=9", ":1: NR_CPUS: found '9', expected 1 .. 8, or auto")]
    [InlineData("HIGMEM=y", ":1: found the macro 'HIGMEM', expected one of KERNEL, MACHINE, HIGHMEM, ")]
    [InlineData("INITCALL_x=y", ":1: found the initcall 'x', expected one of bootmem_alloc, ")]
    [InlineData("INITCALLS=1", ":1: INITCALLS: found '1', expected y or n")]
    [InlineData("MACHINE=a\u001b[2Jb", ":1: MACHINE: found 'a?[2Jb', expected a path without control characters")]
    [InlineData("\0\u0001=", ":1: found the macro '??', expected one of ")]
    public void ABadFileIsOneLineWithItsPlace(string text, string expected)
    {
        using TestFolder folder = new();
        string path = folder.Write("bad.config", text);
        MachineException e = Assert.Throws<MachineException>(() => Configuration.Load(path));
        Assert.StartsWith(path + expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("/dev/zero", "found more than 65536 bytes")]
    [InlineData("/", "found a directory, expected a file")]
    [InlineData("/nonexistent/x.config", "found no such file, expected one")]
    public void WhatIsNoFileIsRefused(string path, string expected)
    {
        MachineException e = Assert.Throws<MachineException>(() => Configuration.Load(path));
        Assert.StartsWith($"{path}: {expected}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingCanBeWrittenIsAnError()
    {
        MachineException e = Assert.Throws<MachineException>(() => new Configuration().Save("/nonexistent/x.config"));
        Assert.StartsWith("/nonexistent/x.config: cannot be written", e.Message, StringComparison.Ordinal);
    }
}
