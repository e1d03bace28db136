using System;
using System.Text;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>
/// Damaged input: cut off, changed and made up. Every reader gives a machine or one line, and reads nothing outside of
/// what it was given: the bytes end where a page ends that is followed by none.
/// </summary>
public sealed class FirmwareFuzzTests
{
    private static readonly byte[] Values = [0x00, 0x01, 0x02, 0x03, 0x04, 0x09, 0x2f, 0x7f, 0x80, 0xfe, 0xff];

    private static byte[] Source() => System.IO.File.ReadAllBytes(RepositoryRoot.Combine("machines", "biscuitos.dts"));

    private static byte[] Blob() => DtsCompiler.Compile(
        [.. Source(), .. "\n/memreserve/ 1 2; / { memory@0 { reg = <1 2 3 4>; numa-node-id = <3>; }; };"u8], "x.dts");

    private static byte[] Tags() => AtagReaderTests.List(
        [0x5441_0001, 1, 4096, 0], [0x5441_0002, 5, 6], [0x5442_0005, 1, 2], [0x5441_0006, 1, 2], [0x5441_0007, 1],
        [0x1234], AtagReaderTests.CommandLine("root=/dev/nfs"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CutOffAtEveryByte(bool isTags)
    {
        byte[] whole = isTags ? Tags() : Blob();
        Assert.Null(ReadMachine.From(whole, isTags, 64).Error);
        for (int length = 0; length < whole.Length; length++)
        {
            // What is cut off a list can be no more than a part of its end.
            Assert.NotNull(ReadMachine.From(whole.AsSpan(0, length), isTags, 64).Error);
        }
    }

    [Fact]
    public void CutOffWithASizeThatFits()
    {
        byte[] whole = Blob();
        for (int length = 40; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(cut.AsSpan(4), length);
            Assert.NotNull(ReadMachine.FromBlob(cut).Error);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryByteChanged(bool isTags)
    {
        byte[] bytes = isTags ? Tags() : Blob();
        int refused = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte right = bytes[i];
            foreach (byte value in Values)
            {
                bytes[i] = value;
                refused += ReadMachine.From(bytes, isTags, 64).Error is null ? 0 : 1;
            }

            for (int bit = 0; bit < 8; bit++)
            {
                bytes[i] = (byte)(right ^ (1 << bit));
                refused += ReadMachine.From(bytes, isTags, 64).Error is null ? 0 : 1;
            }

            bytes[i] = right;
        }

        Assert.NotEqual(0, refused);
        Assert.Null(ReadMachine.From(bytes, isTags, 64).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ManyBytesChanged(bool isTags)
    {
        byte[] whole = isTags ? Tags() : Blob();
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. whole];
            for (int count = random.Next(1, 9); count > 0; count--)
            {
                // Whole words too: tokens, lengths and offsets are the interesting ones.
                int at = random.Next(bytes.Length);
                int width = random.Next(2) == 0 ? 1 : Math.Min(4, bytes.Length - (at &= ~3));
                byte high = Values[random.Next(Values.Length)];
                bytes.AsSpan(at, width).Fill(random.Next(2) == 0 ? high : (byte)0);
                bytes[at + width - 1] = Values[random.Next(Values.Length)];
            }

            _ = ReadMachine.From(bytes, isTags, 64);
        }
    }

    [Fact]
    public void MadeUpStructureBlocks()
    {
        Random random = new(2);
        uint[] words = [1, 1, 2, 2, 3, 3, 4, 9, 0, 8, 12, 0x6d656d6f, 0x72790000, 0xffff_ffff];
        for (int round = 0; round < 20_000; round++)
        {
            BlobBuilder builder = BlobBuilder.Root11();
            for (int count = random.Next(40); count > 0; count--)
            {
                builder.Word(words[random.Next(words.Length)]);
            }

            _ = ReadMachine.FromBlob(builder.Finish());
        }
    }

    [Fact]
    public void Garbage()
    {
        Random random = new(3);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.NotNull(ReadMachine.FromBlob(bytes).Error);
            Assert.NotNull(ReadMachine.FromTags(bytes).Error);
        }
    }

    [Fact]
    public void SourceCutOffAtEveryByte()
    {
        byte[] whole = Source();
        int last = Array.LastIndexOf(whole, (byte)';');
        for (int length = 0; length <= last; length++)
        {
            Assert.False(Compiles(whole[..length]), $"{length} bytes compile");
        }

        Assert.True(Compiles(whole));
    }

    [Fact]
    public void SourceWithEveryByteChanged()
    {
        byte[] bytes = Source();
        byte[] values = [0, (byte)'{', (byte)'"', (byte)'/', (byte)'<', (byte)'&', 0xff];
        for (int i = 0; i < bytes.Length; i++)
        {
            byte right = bytes[i];
            foreach (byte value in values)
            {
                bytes[i] = value;
                _ = Compiles(bytes);
            }

            bytes[i] = right;
        }
    }

    [Fact]
    public void SourceOfRandomWords()
    {
        string[] words =
        [
            "/", "{", "}", ";", "a", "b@1", "l:", "=", "<", ">", "[", "]", "1", "0x", "'", "\"x\"", "\"", "(", ")",
            "+",            "&l", "&{/a}", ",", "/bits/", "8", "/memreserve/", "/delete-node/", "/delete-property/", 
            "/omit-if-no-ref/", "~", "?",
            ":", "/*", "*/", "//", "\n", "# 1", "/incbin/", "/include/", "phandle", "\\", "ff", "<<",
        ];
        Random random = new(4);
        for (int round = 0; round < 30_000; round++)
        {
            StringBuilder text = new("/dts-v1/; / { l: a { ");
            for (int count = random.Next(30); count > 0; count--)
            {
                text.Append(words[random.Next(words.Length)]).Append(random.Next(3) == 0 ? "" : " ");
            }

            _ = Compiles(Encoding.UTF8.GetBytes(text.Append(" }; };").ToString()));
            _ = Compiles(Encoding.UTF8.GetBytes(text.ToString(21, text.Length - 21)));
        }
    }

    // Whether it does; if not, it says why in one line. What compiles, opens.
    private static bool Compiles(byte[] text)
    {
        byte[] blob;
        try
        {
            blob = DtsCompiler.Compile(text, "x.dts");
        }
        catch (MachineFileException e)
        {
            Assert.Matches("^[^\n]+:[0-9]+:[0-9]+: [^\n]+: [^\n]*found [^\n]+, expected [^\n]+$", e.Message);
            return false;
        }

        using MachineFile? file = TryRead(blob);
        return true;
    }

    private static MachineFile? TryRead(byte[] blob)
    {
        try
        {
            return MachineFile.Read(blob, "x.dtb");
        }
        catch (MachineFileException e)
        {
            // The tree may tell of a machine that cannot be, but it is a tree.
            Assert.DoesNotContain(": the token", e.Message, StringComparison.Ordinal);
            return null;
        }
    }
}
