using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>
/// Bare metal against a boot in this process: the log, the files of /proc, and the CRC-32 of every bitmap at four
/// points, byte for byte. A board that prints nothing for some seconds is switched off, and that is a failure.
/// </summary>
internal static class Matrix
{
    private static readonly string[] _kernels =
    [
        "2.6.12", "2.6.12.1", "2.6.12.2", "2.6.12.3", "2.6.12.4", "2.6.12.5", "2.6.12.6", "2.6.13", "2.6.13.1",
        "2.6.14", "2.6.15",
    ];

    private static readonly int[] _mebibytes = [64, 128, 256, 512, 1024];

    public static TheoryData<string> Kernels => [.. _kernels];

    /// <summary>Every kernel, every size, without and with an INITRD.</summary>
    public static TheoryData<string, int, bool> All
    {
        get
        {
            TheoryData<string, int, bool> all = [];
            foreach (string kernel in _kernels)
            {
                foreach (int size in _mebibytes)
                {
                    all.Add(kernel, size, false);
                    all.Add(kernel, size, true);
                }
            }

            return all;
        }
    }

    /// <summary>Boots both, and expects that they print the same. With an INITRD the built-in tests run, too.</summary>
    public static void Compare(string kernel, bool hasInitrd, bool isWhole, params string[] machine)
    {
        List<string> arguments = [.. machine, "--kernel", kernel, "--compare"];
        string initrd = Path.GetTempFileName();
        try
        {
            if (hasInitrd)
            {
                // Not whole pages.
                File.WriteAllBytes(initrd, [.. Enumerable.Repeat((byte)'i', 3_000_001)]);
                arguments.AddRange(["--initrd", initrd, "--initcalls"]);
            }

            // Of a boot that ends with an error there is the log alone.
            string printed = MetalTools.Passes([.. arguments]);
            const string Whole = @"^same: \d{4} bytes: log, 5 files of /proc, 4 checksums of bitmaps; \d+ bytes from ";
            Assert.Matches(isWhole ? Whole : "^same: ", printed);
        }
        finally
        {
            File.Delete(initrd);
        }
    }
}

/// <summary>The board with ATAGs.</summary>
public sealed class AtagMatrixTests
{
    public static TheoryData<string, int, bool> All => Matrix.All;

    [Theory]
    [MemberData(nameof(All))]
    public void TheTwoWorldsPrintTheSame(string kernel, int mebibytes, bool hasInitrd) => Matrix.Compare(
        kernel, hasInitrd, true, "--memory", string.Create(CultureInfo.InvariantCulture, $"{mebibytes}M"),
        "--append", "console=ttyAMA0");
}

/// <summary>The board with a device tree.</summary>
public sealed class TreeMatrixTests
{
    public static TheoryData<string, int, bool> All => Matrix.All;

    [Theory]
    [MemberData(nameof(All))]
    public void TheTwoWorldsPrintTheSame(string kernel, int mebibytes, bool hasInitrd)
    {
        const string Memory = "<0x60000000 0x10000000>";
        string tree = File.ReadAllText(RepositoryRoot.Combine("machines", "vexpress-a9.dts"));
        Assert.Contains(Memory, tree, StringComparison.Ordinal);
        string path = Path.Join(Path.GetTempPath(), $"bootmem-{Guid.NewGuid():n}.dts");
        try
        {
            string memory = string.Create(CultureInfo.InvariantCulture, $"<0x60000000 ({mebibytes} << 20)>");
            File.WriteAllText(path, tree.Replace(Memory, memory, StringComparison.Ordinal));
            Matrix.Compare(kernel, hasInitrd, true, path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>The article's set-up, command lines that change the memory, boots that end with an error.</summary>
public sealed class OtherMatrixTests
{
    public static TheoryData<string> Kernels => Matrix.Kernels;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void TheArticlesMachine(string kernel) => Matrix.Compare(kernel, false, true, "--initcalls");

    [Theory]
    [InlineData("256M", "mem=96M initrd=0x61000000,64K dhash_entries=4096 hashdist=1")]
    [InlineData("1G", "highmem=512M mem=700M")]

    // A bad option, no room for the image, a panic for want of memory: both say the same, and halt.
    [InlineData("64M", "mem=99x")]
    [InlineData("64M", "mem=64K@0x60000000")]
    [InlineData("1G", "mem=640K@0x60000000 mem=64K@0x7fff0000")]
    [InlineData("1M", "")]
    public void CommandLines(string memory, string append) =>
        Matrix.Compare("2.6.12", false, false, "--memory", memory, "--append", append);

    [Theory]
    [InlineData("a\nb\n", "a\nc\n", "differ in line 2\nbare metal: b\nhere:       c\n")]
    [InlineData("a\n", "a\nc\n", "differ in line 2\nbare metal: \nhere:       c\n")]
    [InlineData("a", "a\nc", "differ in line 2\nbare metal: (the end)\nhere:       c\n")]
    public void ADifferenceIsTold(string metal, string hosted, string expected)
    {
        using StringWriter output = new();
        Assert.Equal(1, QemuComparison.Compare(metal, hosted, 0, output));
        Assert.Equal(expected, output.ToString());
    }
}
