using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>INITRDs in RAM are kept; others are refused in the kernel's words, and the boot goes on.</summary>
public sealed unsafe class InitrdTests
{
    private const ulong Mib = 1UL << 20;

    private static MachineSketch Board { get; } = MachineSketch.OfNodes(
        (0x6000_0000, 32 * Mib, 0), (0x6200_0000, 8 * Mib, 0), (0x6280_0000, 8 * Mib, 1), (0x6400_0000, 8 * Mib, 1));

    [Theory]
    [InlineData(0x6100_0000, 0x10_0000, 256)]
    [InlineData(0x6100_0001, 1, 1)]
    [InlineData(0x6100_0fff, 2, 2)]
    [InlineData(0x61ff_f000, 0x2000, 2)]
    [InlineData(0x627f_f000, 0x1000, 1)]
    [InlineData(0x6400_0000, 0x80_0000, 2048)]
    public void InsideRam(ulong start, ulong size, ulong pages) => CheckKept(Board, start, size, pages);

    // The pages stay the image's, and the bitmap's that is put there: the first owner's. As in the kernel, nothing is
    // said.
    [Theory]
    [InlineData(0x6000_8000, 0x1000, 0)]
    [InlineData(0x6030_7000, 0x4000, 1)]
    public void OverTheKernelImage(ulong start, ulong size, ulong pages) => CheckKept(Board, start, size, pages);

    [Theory]
    [InlineData(0x5000_0000, 0x1000, "0x50000000 - 0x50001000")]
    [InlineData(0x5fff_f000, 0x2000, "0x5ffff000 - 0x60001000")]
    [InlineData(0x62ff_f000, 0x2000, "0x62fff000 - 0x63001000")]
    [InlineData(0x627f_f000, 0x2000, "0x627ff000 - 0x62801000")]
    [InlineData(0x64ff_ffff, 2, "0x64ffffff - 0x65000001")]
    [InlineData(0x6280_0000, 0x200_0000, "0x62800000 - 0x64800000")]
    [InlineData(0x6100_0000, 0xffff_ffff_9f00_0000, "0x61000000 - 0x00000000")]
    [InlineData(0x6100_0000, ulong.MaxValue, "0x61000000 - 0x60ffffff")]
    [InlineData(0x1_6100_0000, 0x1000, "0x161000000 - 0x161001000")]
    public void OutsideRam(ulong start, ulong size, string shown) => CheckRefused(Board, start, size, shown);

    [Fact]
    public void InAPageThatIsNotWhole()
    {
        MachineSketch odd = MachineSketch.Of((0x6000_0800, 16 * Mib));
        CheckRefused(odd, 0x6000_0900, 0x100, "0x60000900 - 0x60000a00");
        CheckRefused(odd, 0x6100_0100, 0x100, "0x61000100 - 0x61000200");
        CheckKept(odd, 0x60ff_f000, 0x1000, 1);
    }

    [Fact]
    public void InHighMemory()
    {
        MachineSketch large = MachineSketch.Of((0, 1024 * Mib));
        CheckKept(large, 0x37ff_f000, 0x1000, 1);
        CheckRefused(large, 0x37ff_f000, 0x2000, "0x37fff000 - 0x38001000");
    }

    [Fact]
    public void FromTheCommandLineInsteadOfTheFirmware()
    {
        MachineSketch sketch = Board with { InitrdStart = 0x6100_0000, InitrdSize = 0x1000 };
        CheckKept(sketch with { CommandLine = "initrd=0x61800000,2M" }, null, null, 512);
        CheckKept(sketch with { CommandLine = "initrd=0x61800000,2M initrd=0x61800000,8K" }, null, null, 2);
        Assert.Null(RefusalOf(sketch with { CommandLine = "initrd=0x61800000,0" }, out ulong pages));
        Assert.Equal(0UL, pages);
    }

    [Fact]
    public void FromChosen()
    {
        const string Source = """
            /dts-v1/;
            / {
                #address-cells = <1>;
                #size-cells = <1>;
                chosen { linux,initrd-start = <0x61000000>; linux,initrd-end = <0x61004000>; };
                memory@60000000 { device_type = "memory"; reg = <0x60000000 0x2000000>; };
            };
            """;
        CheckFile(Encoding.UTF8.GetBytes(Source), 4);
    }

    [Fact]
    public void FromAtags()
    {
        CheckFile(Tags(0x5442_0005, 0x6100_0000, 0x4000), 4);
        IReadOnlyList<LogLine> log = CheckFile(Tags(0x5441_0005, 0xc100_0000, 0x3000), 3);
        Assert.Contains(new LogLine(4, "ATAG_INITRD is deprecated; please update your bootloader."), log);
    }

    private static byte[] Tags(uint initrdTag, uint start, uint size)
    {
        uint[] words = [2, 0x5441_0001, 4, 0x5441_0002, 0x200_0000, 0x6000_0000, 4, initrdTag, start, size, 0, 0];
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }

    private static IReadOnlyList<LogLine> CheckFile(byte[] bytes, ulong expectedPages)
    {
        using MachineFile file = MachineFile.Read(bytes, "board");
        using MachineHost host = new(*file.Info, new MachineOptions());
        host.RunUntil(BootStep.Done);
        Assert.Equal(expectedPages, PagesOf(host));
        Assert.Equal(0x6100_0000UL, host.Machine->InitrdStart);
        Assert.True(PageAccount.Of(host).AddsUp);
        return host.Log.Lines;
    }

    private static void CheckKept(MachineSketch sketch, ulong? start, ulong? size, ulong pages)
    {
        MachineSketch with = sketch with
        {
            InitrdStart = start ?? sketch.InitrdStart, InitrdSize = size ?? sketch.InitrdSize,
        };
        Assert.Null(RefusalOf(with, out ulong found));
        Assert.Equal(pages, found);
    }

    private static void CheckRefused(MachineSketch sketch, ulong start, ulong size, string shown)
    {
        string? refusal = RefusalOf(sketch with { InitrdStart = start, InitrdSize = size }, out ulong pages);
        Assert.Equal($"<3>initrd ({shown}) extends beyond physical memory - disabling initrd", refusal);
        Assert.Equal(0UL, pages);
    }

    private static string? RefusalOf(MachineSketch sketch, out ulong pages)
    {
        using MachineHost host = sketch.SwitchOn();
        PageWalk walk = new(host);
        host.RunUntil(BootStep.Done);
        walk.Check();
        pages = PagesOf(host);
        return host.Log.Lines.Where(static line => line.Text.StartsWith("initrd", StringComparison.Ordinal))
            .Select(static line => $"<{line.Level}>{line.Text}").SingleOrDefault();
    }

    private static ulong PagesOf(MachineHost host) => PageAccount.Of(host).Owners
        .Where(static owner => owner.Name == "initrd").Aggregate(0UL, static (sum, owner) => sum + owner.PageCount);
}
