using System;
using System.IO;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>The words of the bare-metal image by which it is told how to run, and tells where it lies.</summary>
public sealed class KernelImageFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void TheRangesAreRead()
    {
        KernelImage ranges = LoadSample().Ranges;
        Assert.Equal((0xc001_0000UL, 0x8_0000UL), (ranges.All.Start, ranges.All.Size));
        Assert.Equal((0xc001_1000UL, 0x1_2000UL), (ranges.Init.Start, ranges.Init.Size));
        Assert.Equal((0xc002_3000UL, 0xd000UL), (ranges.Text.Start, ranges.Text.Size));
        Assert.Equal((0xc003_0000UL, 0x6_0000UL), (ranges.Data.Start, ranges.Data.Size));
    }

    [Fact]
    public void TheWordsAreWrittenAndNothingElse()
    {
        byte[] before = File.ReadAllBytes(Write(Sample()));
        byte[] after = LoadSample().ToRun(KernelVersion.V2_6_14, KernelImageFlags.Initcalls | KernelImageFlags.Test, "a=1 b");
        Assert.Equal(9, BitConverter.ToInt32(after, 0x34));
        Assert.Equal(5, BitConverter.ToInt32(after, 0x38));
        Assert.Equal(5, BitConverter.ToInt32(after, 0x3c));
        Assert.Equal("a=1 b", Encoding.ASCII.GetString(after, 0x7c, 5));
        Array.Clear(after, 0x34, 12);
        Array.Clear(after, 0x7c, 5);
        Assert.Equal(before, after);
    }

    [Fact]
    public void WhatIsTooLongIsRefused()
    {
        KernelImageFile image = LoadSample();
        Assert.Equal(2048, image.ToRun(default, default, new string('x', KernelImageFile.MaxAppended)).Length);
        MachineException e = Assert.Throws<MachineException>(
            () => image.ToRun(default, default, new string('x', KernelImageFile.MaxAppended + 1)));
        Assert.Contains("found 1025 bytes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x33)]
    [InlineData(1000)]
    public void AnotherFileIsRefused(int length)
    {
        byte[] bytes = Sample()[..length];
        MachineFileException e = Assert.Throws<MachineFileException>(() => KernelImageFile.Load(Write(bytes)));
        Assert.Contains("expected an image that bears BTMM", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherMagicIsRefused()
    {
        byte[] bytes = Sample();
        bytes[0x30]++;
        Assert.Throws<MachineFileException>(() => KernelImageFile.Load(Write(bytes)));
    }

    private KernelImageFile LoadSample() => KernelImageFile.Load(Write(Sample()));

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        return _path;
    }

    // As Entry/entry.S lays it out.
    private static byte[] Sample()
    {
        byte[] bytes = new byte[2048];
        "BTMM"u8.CopyTo(bytes.AsSpan(0x30));
        uint[] words = [0xc001_0000, 0xc009_0000, 0xc001_1000, 0xc002_3000, 0xc002_3000, 0xc003_0000, 0xc003_0000];
        for (int i = 0; i < words.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(0x40 + (i * 4)), words[i]);
        }

        return bytes;
    }
}
