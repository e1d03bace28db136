using System.Linq;
using Bootmem.Lab.Checks;
using Xunit;

namespace Bootmem.Tests.Checks;

/// <summary>Regions that leave their place to the kernel.</summary>
public sealed class DynamicCheckTests
{
    // 0x80000000                     0x81000000
    // |...............CCCCCCCCAAAAAAAA|   a, the last 4 MiB; c, 2 MiB aligned to 2 MiB, as high as it fits
    // expect to find nothing, and c in the list
    [Fact]
    public void ARegionGoesAsHighAsItFits()
    {
        Board board = new() { Reserved =
            "a@80c00000 { reg = <0x80c00000 0x400000>; }; c { size = <0x200000>; alignment = <0x200000>; };" };
        Assert.Equal(
            new OwnedRange(RangeKind.Dynamic, "/reserved-memory/c", 0x80a00000, 0x80c00000),
            board.Check().Picture.Ranges.Single(range => range.Kind == RangeKind.Dynamic));
        Assert.Equal(0, board.Check().ProblemCount);
    }

    // |CCCCCCCCCCCCCCCCCCCCCCCC........|   c, 12 MiB
    // |........................DDDDDDDD  d, 8 MiB: there are only 4
    // expect to find d, and the longest run that is free
    [Fact]
    public void TheSecondOneDoesNotFit() => Assert.Equal(
        "problem dynamic-no-place: /reserved-memory/d finds no 8 MiB aligned to 0x1000 in RAM: "
        + "the longest free run there is [0x80000000, 0x80400000), 4 MiB.\n"
        + "  bootmem's kernels do not know such regions: nothing is reserved.\n",
        new Board { Reserved = "c { size = <0xc00000>; }; d { size = <0x800000>; };" }.Findings());

    // |.......AAAAAAAAAAAAAAAA.........|   a, 8 MiB at 4 MiB
    // |CCCCCCC........................|   c, 4 MiB, but only above 0x80c80000
    // expect to find c: the size would fit elsewhere, not within its alloc-ranges
    [Fact]
    public void OnlyWithinItsRanges() => Assert.Equal(
        "problem dynamic-no-place: /reserved-memory/c finds no 4 MiB aligned to 0x1000 in [0x80c80000, 0x90000000): "
        + "the longest free run there is [0x80c80000, 0x81000000), 3584 KiB.\n"
        + "  bootmem's kernels do not know such regions: nothing is reserved.\n",
        new Board
        {
            Reserved = "a@80400000 { reg = <0x80400000 0x800000>; };"
                + "c { size = <0x400000>; alloc-ranges = <0x80c80000 0xf380000>; };",
        }.Findings());

    // 0x80000000      +8 MiB   +12 MiB
    // |AAAAAAAAAAAAAAAAA.......|   a, 8 MiB and a page; RAM ends at 12 MiB
    // |................CCCC....|   c, 2 MiB aligned to 8 MiB: that is only at +8 MiB, where a's last page is
    // expect to find c, though 4 MiB less a page are free
    [Fact]
    public void NotAtItsAlignment() => Assert.Equal(
        "problem dynamic-no-place: /reserved-memory/c finds no 2 MiB aligned to 0x800000 in RAM: "
        + "the longest free run there is [0x80801000, 0x80c00000), 4092 KiB.\n"
        + "  bootmem's kernels do not know such regions: nothing is reserved.\n",
        new Board
        {
            Memory = "memory@80000000 { reg = <0x80000000 0xc00000>; };",
            Reserved = "a@80000000 { reg = <0x80000000 0x801000>; }; c { size = <0x200000>; alignment = <0x800000>; };",
        }.Findings());

    // expect to find what no kernel could do
    [Theory]
    [InlineData("size = <0x1000>; alignment = <0x3000>;", "alignment is 0x3000, expected a power of two")]
    [InlineData("size = <0>;", "size is 0, expected at least a byte")]
    [InlineData("size = <1 2 3>;", "size has 12 bytes, expected 4 or 8")]
    [InlineData("size = <0x1000>; alignment = [01];", "alignment has 1 bytes, expected 4 or 8")]
    [InlineData("size = <0x1000>; alloc-ranges = <1>;", "alloc-ranges has 4 bytes, expected a multiple of 8")]
    public void RegionsThatAskForWhatCannotBe(string asks, string wrong) => Assert.Equal(
        $"problem dynamic-bad: /reserved-memory/c: {wrong}.\n"
        + "  bootmem's kernels do not know such regions: nothing is reserved.\n",
        new Board { Reserved = $"c {{ {asks} }};" }.Findings());
}
