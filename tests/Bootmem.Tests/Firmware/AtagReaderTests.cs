using System;
using System.Collections.Generic;
using System.Text;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>The reader of ATAG lists.</summary>
public sealed class AtagReaderTests
{
    private const uint Core = 0x5441_0001;
    private const uint Mem = 0x5441_0002;

    internal static byte[] List(params uint[][] tags)
    {
        List<byte> bytes = [];
        foreach (uint[] tag in tags)
        {
            foreach (uint word in (uint[])[(uint)tag.Length + 1, .. tag])
            {
                bytes.AddRange(BitConverter.GetBytes(word));
            }
        }

        bytes.AddRange(new byte[8]);
        return [.. bytes];
    }

    internal static uint[] CommandLine(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        uint[] words = new uint[1 + ((bytes.Length + 3) / 4)];
        words[0] = 0x5441_0009;
        Buffer.BlockCopy(bytes, 0, words, 4, bytes.Length);
        return words;
    }

    private static string? ErrorOf(params byte[] bytes) => ReadMachine.FromTags(bytes, 2).Error;

    [Fact]
    public void ReadsAllThatAListTells()
    {
        ReadMachine read = ReadMachine.FromTags(List(
            [Core, 1, 4096, 0xff],
            [Mem, 0x0100_0000, 0xc000_0000],
            [Mem, 0, 0],
            [0x5441_0003, 1, 2],
            [0x5441_0004, 1, 2, 3],
            [0x5442_0005, 0xc080_0000, 0x1234],
            [0x5441_0006, 0x55667788, 0x11223344],
            [0x5441_0007, 42],
            [0x5441_0008, 1, 2, 3, 4, 5, 6],
            [0xdead_beef],
            CommandLine("console=ttyS0\0")));
        Assert.Null(read.Error);
        Assert.Equal([(0xc000_0000, 0x0100_0000, 0, 0), (0, 0, 0, 0)], read.Banks);
        Assert.Equal(1, read.Info.NodeCount);
        Assert.Equal((0xc080_0000UL, 0x1234UL), (read.Info.InitrdStart, read.Info.InitrdSize));
        Assert.False(read.Info.IsInitrdVirtual);
        Assert.Equal((0x1122334455667788UL, 42U), (read.Info.Serial, read.Info.Revision));
        Assert.Equal("console=ttyS0", read.CommandLine);
        Assert.Equal([0x5441_0008, 0xdead_beef], read.UnknownTags);
    }

    [Fact]
    public void TheOldInitrdIsVirtual()
    {
        ReadMachine read = ReadMachine.FromTags(List([Core], [0x5441_0005, 0xc080_0000, 5]));
        Assert.True(read.Info.IsInitrdVirtual);
        Assert.Equal(0xc080_0000UL, read.Info.InitrdStart);
    }

    [Fact]
    public void ACommandLineWithoutAZeroEndsWithItsTag() =>
        Assert.Equal("mem=8M12", ReadMachine.FromTags(List([Core], CommandLine("mem=8M12"))).CommandLine);

    [Fact]
    public void TheEndIsALengthOfZeroOrNone()
    {
        byte[] list = List([Core], [0], [Mem, 1, 2]);
        Assert.Empty(ReadMachine.FromTags(list).Banks);
        Assert.Null(ReadMachine.FromTags(List([Core]).AsSpan(0, 16)).Error);
    }

    [Fact]
    public void SaysWhatIsWrong()
    {
        Assert.Equal("offset 0x0: the list of tags ends here with 0 bytes left, expected ATAG_NONE last", ErrorOf());
        Assert.Equal(
            "offset 0x4: the first tag is 0x54410002, expected ATAG_CORE, 0x54410001", ErrorOf(List([Mem, 1, 2])));
        Assert.Equal(
            "offset 0x8: the list of tags ends here with 7 bytes left, expected ATAG_NONE last",
            ErrorOf(List([Core])[..15]));
        Assert.Equal("offset 0x8: a tag has 3 words, expected at least 4", ErrorOf(List([Core], [Mem, 1])));
        Assert.Equal(
            "offset 0x0: a tag has 0 words, expected at least 2", ErrorOf(0, 0, 0, 0, 1, 0, 0x41, 0x54));
        byte[] list = List([Core], [Mem, 1, 2]);
        list[8 + 3] = 0xff;
        Assert.Equal(
            "offset 0x8: a tag has 4278190084 words, expected at most the 6 that are left", ErrorOf(list));
        Assert.Equal(
            "offset 0x28: there are too many banks, expected at most 2",
            ErrorOf(List([Core], [Mem, 1, 2], [Mem, 1, 2], [Mem, 1, 2])));
        Assert.Equal(
            "offset 0x18: there are too many unknown tags, expected at most 2", ErrorOf(List([Core], [1], [1], [1])));
    }
}
