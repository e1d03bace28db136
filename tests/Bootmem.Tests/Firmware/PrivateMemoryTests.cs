using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>The binding BiscuitOS,Memory-Manager.</summary>
public sealed class PrivateMemoryTests
{
    private static BlobBuilder Begin() => BlobBuilder.Root11()
        .Begin("mm").Property("compatible", "x,y\0BiscuitOS,Memory-Manager\0"u8.ToArray());

    private static ReadMachine Read(BlobBuilder builder) => ReadMachine.FromBlob(builder.End().Finish());

    [Fact]
    public void TheRangeStandsInTheNode()
    {
        PrivateMemory it = Read(Begin().Cell("reg", 0x1000, 0x300).Cell("page-offset", 1, 2)
            .Cell("dma-size", 0x100).Cell("normal-size", 0x100).Cell("high-size", 0, 0x100)
            .Cell("kernel-image", 5, 6).Cell("kernel-data", 1, 2, 3, 4)).Info.Private;
        Assert.True(it.IsPresent);
        Assert.Equal((0x1000UL, 0x300UL, 0x1_0000_0002UL), (it.Start, it.Size, it.PageOffset));
        Assert.Equal((0x100UL, 0x100UL, 0x100UL), (it.DmaSize, it.NormalSize, it.HighSize));
        Assert.Equal((5UL, 6UL), (it.Image.Start, it.Image.Size));
        Assert.Equal((0x1_0000_0002UL, 0x3_0000_0004UL), (it.Data.Start, it.Data.Size));
        Assert.Equal((0UL, 0UL, 0UL), (it.Init.Size, it.VmallocSize, it.FixmapSize));
    }

    [Fact]
    public void TheRangeStandsInAnotherNodeWithTheCellsOfItsParent()
    {
        ReadMachine read = Read(BlobBuilder.Root11()
            .Begin("reserved-memory").Cell("#address-cells", 2).Cell("#size-cells", 2)
            .Begin("r").Cell("phandle", 9).Cell("reg", 1, 2, 3, 4).End().End()
            .Begin("mm").Text("compatible", "BiscuitOS,Memory-Manager").Cell("memory-region", 9)
            .Cell("page-offset", 0).Cell("dma-size", 1));
        Assert.Null(read.Error);
        Assert.Equal((0x1_0000_0002UL, 0x3_0000_0004UL), (read.Info.Private.Start, read.Info.Private.Size));
        Assert.Single(read.Reservations);
    }

    [Fact]
    public void ItsCommandLineAndInitrdOverrideThoseOfChosen()
    {
        // The binding stands first, to see that the order does not matter.
        ReadMachine read = ReadMachine.FromBlob(Begin().Cell("reg", 0, 9).Cell("page-offset", 0).Cell("dma-size", 1)
            .Text("bootargs", "private").Cell("initrd", 7, 8).End()
            .Begin("chosen").Text("bootargs", "public").Cell("linux,initrd-start", 1).Cell("linux,initrd-end", 2).End()
            .Finish());
        Assert.Equal("private", read.CommandLine);
        Assert.Equal((7UL, 8UL), (read.Info.InitrdStart, read.Info.InitrdSize));
    }

    [Fact]
    public void WithoutItsOwnThoseOfChosenStay()
    {
        ReadMachine read = ReadMachine.FromBlob(Begin()
            .Cell("reg", 0, 9).Cell("page-offset", 0).Cell("dma-size", 1).End()
            .Begin("chosen").Text("bootargs", "public").Cell("linux,initrd-start", 1).Cell("linux,initrd-end", 3).End()
            .Finish());
        Assert.Equal("public", read.CommandLine);
        Assert.Equal((1UL, 2UL), (read.Info.InitrdStart, read.Info.InitrdSize));
    }

    [Fact]
    public void ADisabledNodeIsNone() =>
        Assert.False(Read(Begin().Text("status", "disabled")).Info.Private.IsPresent);

    [Fact]
    public void SaysWhatIsWrong()
    {
        Assert.EndsWith("/mm: reg is missing, expected it here", Read(Begin()).Error);
        Assert.EndsWith("/mm: page-offset is missing, expected it here", Read(Begin().Cell("reg", 0, 1)).Error);
        Assert.EndsWith("/mm: reg has 16 bytes, expected 8", Read(Begin().Cell("reg", 0, 1, 2, 3)).Error);
        Assert.EndsWith(
            "/mm: memory-region is 0x5, expected the phandle of a node with reg",
            Read(Begin().Cell("memory-region", 5)).Error);
        Assert.EndsWith(
            "/mm: the zones take 0x0 bytes, expected at least a byte and at most the range's 0x1",
            Read(Begin().Cell("reg", 0, 1).Cell("page-offset", 0)).Error);
        Assert.EndsWith(
            "/mm: the zones take 0x11 bytes, expected at least a byte and at most the range's 0x10",
            Read(Begin().Cell("reg", 0, 16).Cell("page-offset", 0).Cell("dma-size", 8).Cell("high-size", 9)).Error);
        Assert.EndsWith(
            "/mm: the zones take 0x7 bytes, expected at least a byte and at most the range's 0x10",
            Read(Begin().Cell("reg", 0, 16).Cell("page-offset", 0).Cell("dma-size", 8)
                .Cell("high-size", uint.MaxValue, uint.MaxValue)).Error);
        Assert.EndsWith(
            "/mm: dma-size has 0 bytes, expected 4 or 8",
            Read(Begin().Cell("reg", 0, 1).Cell("page-offset", 0).Cell("dma-size")).Error);
        Assert.EndsWith(
            "/mm: kernel-text has 4 bytes, expected 8 or 16",
            Read(Begin().Cell("reg", 0, 1).Cell("page-offset", 0).Cell("dma-size", 1).Cell("kernel-text", 1)).Error);
        Assert.EndsWith(
            "/mm/n: there is a second BiscuitOS,Memory-Manager, expected one",
            Read(Begin().Begin("n").Text("compatible", "BiscuitOS,Memory-Manager").End()).Error);
    }
}
