using System.Linq;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>What the reader of machines takes from a device tree: banks, nodes, reservations, /chosen.</summary>
public sealed class FdtMachineTests
{
    private static ReadMachine Read(BlobBuilder builder, int capacity = 64) =>
        ReadMachine.FromBlob(builder.Finish(), capacity);

    [Fact]
    public void MemoryIsToldByNameOrByType()
    {
        ReadMachine read = Read(BlobBuilder.Root11()
            .Node("memory", "reg", 1, 2)
            .Node("memory@10", "reg", 0x10, 3, 0x20, 4)
            .Begin("ram").Text("device_type", "memory").Cell("reg", 0x30, 5).End()
            .Node("memory-controller@0", "reg", 0x40, 6)
            .Node("memoryless", "reg", 0x50, 7)
            .Begin("soc").Node("memory@60", "reg", 0x60, 8).End());
        Assert.Equal([(1, 2, 0, 0), (0x10, 3, 0, 0), (0x20, 4, 0, 0), (0x30, 5, 0, 0)], read.Banks);
        Assert.Equal(1, read.Info.NodeCount);
    }

    [Fact]
    public void CellCountsAreTheRoots()
    {
        BlobBuilder two = new BlobBuilder().Begin("").Cell("#address-cells", 2).Cell("#size-cells", 2);
        Assert.Equal(
            [(0x1_0000_0002, 0x3_0000_0004, 0, 0)], Read(two.Node("memory", "reg", 1, 2, 3, 4)).Banks);
        BlobBuilder missing = new BlobBuilder().Begin("");
        Assert.Equal([(0x1_0000_0002, 3, 0, 0)], Read(missing.Node("memory", "reg", 1, 2, 3)).Banks);
        BlobBuilder mixed = new BlobBuilder().Begin("").Cell("#address-cells", 1).Cell("#size-cells", 2);
        Assert.Equal([(1, 0x2_0000_0003, 0, 0)], Read(mixed.Node("memory", "reg", 1, 2, 3)).Banks);
    }

    [Fact]
    public void EmptyBanksAreKept() =>
        Assert.Equal([(0, 0, 0, 0)], Read(BlobBuilder.Root11().Node("memory", "reg", 0, 0)).Banks);

    [Fact]
    public void NoMemoryIsNoBank()
    {
        ReadMachine read = Read(BlobBuilder.Root11());
        Assert.Null(read.Error);
        Assert.Empty(read.Banks);
        Assert.Equal(0, read.Info.NodeCount);
        Assert.Null(read.CommandLine);
        Assert.Null(read.Model);
    }

    [Theory]
    [InlineData("okay", 1)]
    [InlineData("ok", 1)]
    [InlineData("disabled", 0)]
    [InlineData("okayish", 0)]
    [InlineData("", 0)]
    public void OnlyAvailableNodesCount(string status, int banks)
    {
        BlobBuilder builder = BlobBuilder.Root11().Begin("memory").Text("status", status).Cell("reg", 1, 2).End();
        Assert.Equal(banks, Read(builder).Banks.Count);
    }

    [Fact]
    public void NodesAreNumberedWithoutGapsInTheOrderOfTheirIds()
    {
        BlobBuilder builder = BlobBuilder.Root11();
        foreach (uint id in (uint[])[700, 2, 1023, 64, 63, 2])
        {
            builder.Begin($"memory@{id:x}").Cell("reg", id, 1).Cell("numa-node-id", id).End();
        }

        builder.Node("memory@0", "reg", 0, 1);
        ReadMachine read = Read(builder);
        Assert.Equal([4, 1, 5, 3, 2, 1, 0], read.Banks.Select(static bank => bank.Node));
        Assert.Equal([700, 2, 1023, 64, 63, 2, 0], read.Banks.Select(static bank => bank.Numa));
        Assert.Equal(6, read.Info.NodeCount);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1_000_000_000)]
    [InlineData(0xffff_ffff)]
    public void NodeIdsOf1024AndMoreAreRefused(uint id) => Assert.Equal(
        $"offset 0x90: /memory@0: numa-node-id is {id}, expected less than 1024",
        Read(BlobBuilder.Root11().Begin("memory@0").Cell("reg", 0, 1).Cell("numa-node-id", id).End()).Error);

    [Fact]
    public void ReservationsComeFromTheHeaderAndFromTheTree()
    {
        ReadMachine read = Read(BlobBuilder.Root11().Reserve(0x1000, 0x2000).Reserve(0, 5).Reserve(7, 0)
            .Begin("reserved-memory").Cell("#address-cells", 2).Cell("#size-cells", 1)
            .Begin("a@1").Cell("reg", 0, 1, 2, 3, 4, 5).Property("no-map").End()
            .Node("pool", "size", 0x1000)
            .Begin("off").Text("status", "disabled").End()
            .Begin("b").Cell("reg", 0, 9, 9).Begin("inner").Cell("reg", 1).End().End()
            .End());
        Assert.Null(read.Error);
        Assert.Equal(
            [
                (0x1000, 0x2000, true, false, ""), (0, 5, true, false, ""), (7, 0, true, false, ""),
                (1, 2, false, true, "a@1"), (0x3_0000_0004, 5, false, true, "a@1"), (9, 9, false, false, "b"),
            ],
            read.Reservations);
        Assert.Equal(1, read.Info.DynamicReservationCount);
    }

    [Theory]
    [InlineData(new uint[] { 0x100 }, new uint[] { 0x180 }, 0x100, 0x80)]
    [InlineData(new uint[] { 1, 0x100 }, new uint[] { 1, 0x100 }, 0x1_0000_0100, 0)]
    [InlineData(new uint[] { 0x100 }, new uint[] { 2, 0 }, 0x100, 0x1_ffff_ff00)]
    public void ChosenTellsOfTheInitrd(uint[] start, uint[] end, ulong from, ulong size)
    {
        ReadMachine read = Read(BlobBuilder.Root11().Begin("chosen")
            .Cell("linux,initrd-start", start).Cell("linux,initrd-end", end).End());
        Assert.Null(read.Error);
        Assert.Equal((from, size), (read.Info.InitrdStart, read.Info.InitrdSize));
    }

    [Fact]
    public void TextsEndAtTheirZeroOrWithTheirProperty()
    {
        ReadMachine read = Read(new BlobBuilder().Begin("").Property("model", "abc"u8.ToArray())
            .Begin("chosen").Property("bootargs", "mem=64M\0junk"u8.ToArray()).End()
            .Begin("chosen").Text("bootargs", "second").End());
        Assert.Equal(("abc", "mem=64M"), (read.Model, read.CommandLine));
    }

    [Fact]
    public void TheFirstOfTwoPropertiesCounts() => Assert.Equal(
        [(1, 2, 0, 0)],
        Read(BlobBuilder.Root11().Begin("memory").Cell("reg", 1, 2).Cell("reg", 3, 4).End()).Banks);

    [Fact]
    public void TooManyOfAnythingIsRefused()
    {
        Assert.Equal(
            "offset 0x78: /memory: there are too many banks, expected at most 2",
            Read(BlobBuilder.Root11().Node("memory", "reg", 1, 1, 2, 1, 3, 1), 2).Error);
        Assert.Equal(
            "offset 0x48: there are too many reservations, expected at most 2",
            Read(BlobBuilder.Root11().Reserve(1, 1).Reserve(2, 1).Reserve(3, 1), 2).Error);
    }

    [Fact]
    public void SaysWhatIsWrongWithAMachine()
    {
        Assert.Equal(
            "offset 0x60: /memory@0: reg is missing, expected it here",
            Read(BlobBuilder.Root11().Node("memory@0", "size", 0)).Error);
        Assert.Equal(
            "offset 0x84: /memory@0: reg has 12 bytes, expected a multiple of 8",
            Read(BlobBuilder.Root11().Node("memory@0", "reg", 0, 1, 2)).Error);
        BlobBuilder two = new BlobBuilder().Begin("").Cell("#address-cells", 2).Cell("#size-cells", 2);
        Assert.EndsWith(
            "/memory: reg has a range at 0xffffffffffffff00 with size 0x100, expected an end that is an address",
            Read(two.Node("memory", "reg", uint.MaxValue, 0xffff_ff00, 0, 0x100)).Error);
        Assert.Equal(
            "offset 0x28: /memreserve/ has a range at 0xffffffffffffffff with size 0x1, " +
                "expected an end that is an address",
            Read(BlobBuilder.Root11().Reserve(ulong.MaxValue, 1)).Error);
        Assert.EndsWith(
            "/reserved-memory/x: reg is missing, expected it here",
            Read(BlobBuilder.Root11().Begin("reserved-memory").Begin("x").End().End()).Error);
        Assert.EndsWith(
            "/chosen: linux,initrd-end is missing, expected it here",
            Read(BlobBuilder.Root11().Node("chosen", "linux,initrd-start", 1)).Error);
        Assert.EndsWith(
            "/chosen: linux,initrd-end is 0x1, expected at least the start, 0x2",
            Read(BlobBuilder.Root11().Begin("chosen").Cell("linux,initrd-start", 2).Cell("linux,initrd-end", 1)
                .End()).Error);
        Assert.EndsWith(
            "/chosen: linux,initrd-start has 12 bytes, expected 4 or 8",
            Read(BlobBuilder.Root11().Begin("chosen").Cell("linux,initrd-start", 2, 2, 2).Cell("linux,initrd-end", 1)
                .End()).Error);
        Assert.EndsWith(
            "/memory: numa-node-id has 8 bytes, expected 4",
            Read(BlobBuilder.Root11().Begin("memory").Cell("reg", 1, 1).Cell("numa-node-id", 0, 1).End()).Error);
    }

    [Theory]
    [InlineData("#address-cells", 0)]
    [InlineData("#address-cells", 3)]
    [InlineData("#size-cells", 0)]
    [InlineData("#size-cells", 0xffff_ffff)]
    public void CellCountsAreOneOrTwo(string name, uint count)
    {
        BlobBuilder builder = new BlobBuilder().Begin("").Cell(name, count).Node("memory", "reg", 1, 2);
        Assert.Equal($"offset 0x4c: /: {name} is {count}, expected 1 or 2", Read(builder).Error);
        builder = new BlobBuilder().Begin("").Property(name, 0, 1).Node("memory", "reg", 1, 2);
        Assert.Equal($"offset 0x4c: /: {name} has 2 bytes, expected 4", Read(builder).Error);
    }

    [Fact]
    public void CellCountsAreReadWhereTheyAreNeeded() => Assert.Null(
        Read(new BlobBuilder().Begin("").Cell("#address-cells", 9)
            .Begin("reserved-memory").Cell("#size-cells", 0).End()).Error);
}
