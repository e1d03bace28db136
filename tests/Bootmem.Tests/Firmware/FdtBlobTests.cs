using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>The reader of blobs: what it opens, how it walks, and what it says of what it refuses.</summary>
public sealed unsafe class FdtBlobTests
{
    private const string EndsEarly =
        "offset 0x44: /: the structure block ends here with 4 bytes left, expected a whole token and FDT_END last";

    private static byte[] Small() => BlobBuilder.Root11().Node("memory@0", "reg", 0, 0x1000).Finish();

    private static string? ErrorOf(byte[] blob) => ReadMachine.FromBlob(blob).Error;

    [Fact]
    public void OpensASmallBlob() => Assert.Equal([(0, 0x1000, 0, 0)], ReadMachine.FromBlob(Small()).Banks);

    [Theory]
    [InlineData(16, 16, null)]
    [InlineData(17, 16, null)]
    [InlineData(17, 17, null)]
    [InlineData(18, 17, null)]
    [InlineData(99, 16, null)]
    [InlineData(16, 1, null)]
    [InlineData(15, 15, "offset 0x14: the blob's version is 15, expected 16 or later")]
    [InlineData(18, 18, "offset 0x18: the blob needs a reader of version 18, expected at most 17")]
    [InlineData(16, 17, "offset 0x18: the last compatible version is 17, expected at most the version, 16")]
    public void TakesTheVersionsThatItCanRead(uint version, uint lastCompatible, string? error)
    {
        byte[] blob = Small();
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(20), version);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(24), lastCompatible);
        Assert.Equal(error, ErrorOf(blob));
    }

    [Fact]
    public void Version16HasNoSizeOfTheStructureBlock()
    {
        byte[] blob = Small();
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(20), 16);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(36), 0xffff_ffff);
        Assert.Null(ErrorOf(blob));
    }

    [Theory]
    [InlineData(0, 0xd00dfeee, "offset 0x0: the magic number is 0xd00dfeee, expected 0xd00dfeed")]
    [InlineData(4, 0xffff_ffff, "offset 0x4: the blob's size is 4294967295 bytes, expected at most the data's 175")]
    [InlineData(4, 39, "offset 0x4: the data has 39 bytes, expected at least 40 of them")]
    [InlineData(8, 0xffff_fffc, "offset 0x8: a block reaches to 0xfffffffc, expected at most 0xaf")]
    [InlineData(8, 57, "offset 0x8: a block begins at byte 57, expected a multiple of 4")]
    [InlineData(36, 0xffff_ffff, "offset 0x8: a block reaches to 0x100000037, expected at most 0xaf")]
    [InlineData(12, 0xffff_ffff, "offset 0xc: a block reaches to 0x10000001e, expected at most 0xaf")]
    [InlineData(16, 41, "offset 0x10: a block begins at byte 41, expected a multiple of 8")]
    [InlineData(16, 0x1000, "offset 0x10: a block reaches to 0x1000, expected at most 0xaf")]
    [InlineData(16, 168, "offset 0xa8: the reserve map does not end, expected an entry of zeros")]
    [InlineData(36, 16, EndsEarly)]
    [InlineData(56, 7, "offset 0x38: the token is 0x7, expected 1, 2, 3, 4 or 9")]
    [InlineData(56, 2, "offset 0x38: the token is 0x2, expected 0x1")]
    [InlineData(56, 9, "offset 0x38: the token is 0x9, expected 0x1")]
    [InlineData(68, 0x99999, "offset 0x40: /: a property has 629145 bytes, expected at most the 68 that are left")]
    [InlineData(72, 0x1f, "offset 0x40: /: a property's name stands in the strings at 0x1f, expected less than 0x1f")]
    public void SaysWhatIsWrongWithAHeaderOrAToken(int offset, uint word, string error)
    {
        byte[] blob = Small();
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(offset), word);
        Assert.Equal(error, ErrorOf(blob));
    }

    [Fact]
    public void NeedsAHeader()
    {
        Assert.Equal("offset 0x0: the data has 0 bytes, expected at least 36 of them", ErrorOf([]));
        Assert.Equal("offset 0x0: the data has 35 bytes, expected at least 36 of them", ErrorOf(Small()[..35]));
    }

    [Fact]
    public void RefusesBlobsOfMoreThan64Mib()
    {
        byte[] blob = new byte[(64 << 20) + 4];
        Small().CopyTo(blob, 0);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(4), (uint)blob.Length);
        Assert.Equal("offset 0x4: the blob's size is 67108868 bytes, expected at most 67108864", ErrorOf(blob));
    }

    [Fact]
    public void RefusesTreesThatAreNone()
    {
        Assert.Equal(
            "offset 0x4c: /: a property stands after a child, expected all properties first",
            ErrorOf(new BlobBuilder().Begin("").Begin("a").End().Cell("late", 1).Finish()));
        Assert.Equal(
            "offset 0x40: /: a child has no name, expected one",
            ErrorOf(new BlobBuilder().Begin("").Begin("").End().Finish()));
        Assert.Equal(
            "offset 0x44: the token is 0x1, expected 0x9",
            ErrorOf(new BlobBuilder().Begin("").End().Begin("").Finish()));
        Assert.Equal(
            "offset 0x48: /a: the token is 0x9, expected 0x2",
            ErrorOf(new BlobBuilder().Begin("").Begin("a").Word(9).Raw()));
        Assert.Equal(
            "offset 0x38: the token is 0x3, expected 0x1",
            ErrorOf(new BlobBuilder().Cell("early", 1).Begin("").Finish()));
    }

    [Fact]
    public void NodesMayBe64Deep()
    {
        Assert.Null(ErrorOf(Deep(64)));
        string? error = ErrorOf(Deep(65));
        Assert.EndsWith(": the depth of a node is 65, expected at most 64", error, StringComparison.Ordinal);
        Assert.Contains("/n/n/n", error, StringComparison.Ordinal);
        Assert.EndsWith("at most 64", ErrorOf(Deep(100_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void NamesMayHave255Bytes()
    {
        string longest = new('n', 255);
        Assert.Null(ErrorOf(new BlobBuilder().Begin("").Begin(longest).Cell(longest).End().Finish()));
        Assert.Equal(
            "offset 0x44: /: a name does not end within 256 bytes, expected at most 255",
            ErrorOf(new BlobBuilder().Begin("").Begin(longest + "n").End().Finish()));
        Assert.EndsWith(
            "/: a name does not end within 256 bytes, expected at most 255",
            ErrorOf(new BlobBuilder().Begin("").Cell(longest + "n").Finish()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsShowNoControlCharacters() => Assert.Contains(
        "/a?[31m: ",
        ErrorOf(new BlobBuilder().Begin("").Begin("a\u001b[31m").Word(7).End().Finish()),
        StringComparison.Ordinal);

    [Fact]
    public void PassesOverNopsEverywhere()
    {
        byte[] blob = new BlobBuilder().Word(4).Begin("").Word(4).Cell("#address-cells", 1).Word(4).Word(4)
            .Cell("#size-cells", 1).Word(4).Begin("memory").Word(4).Cell("reg", 1, 2).Word(4).End().Word(4)
            .End().Word(4).Word(9).Raw();
        Assert.Equal([(1, 2, 0, 0)], ReadMachine.FromBlob(blob).Banks);
    }

    [Fact]
    public void WalksNodesAndPropertiesInOrder()
    {
        byte[] bytes = BlobBuilder.Root11().Begin("a").Text("x", "1").Text("y", "2").Begin("b").End().Begin("c").End()
            .End().Begin("d@1").Text("z", "").End().Finish();
        fixed (byte* data = bytes)
        {
            Assert.True(FdtBlob.TryOpen(data, (ulong)bytes.Length, out FdtBlob blob, out _));
            List<string> seen = [];
            FdtWalk walk = FdtWalk.All(in blob);
            while (walk.Next())
            {
                StringBuilder line = new($"{walk.Depth}:{Encoding.ASCII.GetString(walk.Node.NameText)}");
                FdtProperties properties = FdtProperties.Of(in blob, in walk.Node);
                while (properties.Next())
                {
                    line.Append(' ').Append(Encoding.ASCII.GetString(properties.Property.NameText));
                }

                Assert.False(properties.Next());
                seen.Add(line.ToString());
            }

            Assert.Equal(["1: #address-cells #size-cells", "2:a x y", "3:b", "3:c", "2:d@1 z"], seen);
            Assert.False(walk.Next());
        }
    }

    [Fact]
    public void WalksUnderANodeOnly()
    {
        byte[] bytes = BlobBuilder.Root11().Begin("a").Begin("b").End().Begin("c").End().End()
            .Begin("d").End().Finish();
        fixed (byte* data = bytes)
        {
            Assert.True(FdtBlob.TryOpen(data, (ulong)bytes.Length, out FdtBlob blob, out _));
            FdtWalk all = FdtWalk.All(in blob);
            Assert.True(all.Next() && all.Next());
            FdtWalk walk = FdtWalk.From(in blob, in all.Node);
            List<string> seen = [];
            while (walk.Next())
            {
                seen.Add(Encoding.ASCII.GetString(walk.Node.NameText));
                Assert.True(walk.TryGetAncestor(1, out FdtNode first));
                Assert.Equal("a", Encoding.ASCII.GetString(first.NameText));
                Assert.False(walk.TryGetAncestor(walk.Depth + 1, out _));
                Assert.False(walk.TryGetAncestor(0, out _));
            }

            Assert.Equal(["a", "b", "c"], seen);
        }
    }

    private static byte[] Deep(int levels)
    {
        BlobBuilder builder = new BlobBuilder().Begin("");
        for (int i = 1; i < levels; i++)
        {
            builder.Begin("n");
        }

        for (int i = 1; i < levels; i++)
        {
            builder.End();
        }

        return builder.Finish();
    }
}
