using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Lab.Checks;
using Xunit;

namespace Bootmem.Tests.Checks;

/// <summary>Two owners of one byte. The pictures show the RAM from 0x80000000 on; a character is as wide as it
/// says.</summary>
public sealed class OverlapCheckTests
{
    // 0x80000000 +0x100000     +0x200000     +0x300000
    // |..........AAAAAAAAAAAAAAAAAAAA..........|   a, 2 MiB
    // |....................BBBBBBBBBBBBBBBBBBBB|   b, 2 MiB
    // expect to find 1 MiB that both have
    [Fact]
    public void TwoReservations() => Assert.Equal(
        "problem overlap: /reserved-memory/a@80100000 [0x80100000, 0x80300000) and /reserved-memory/b@80200000 "
        + "[0x80200000, 0x80400000) share [0x80200000, 0x80300000), 1 MiB.\n"
        + "  bootmem reserves 256 pages twice and says nothing; both owners use the same bytes.\n",
        new Board
        {
            Reserved = "a@80100000 { reg = <0x80100000 0x200000>; }; b@80200000 { reg = <0x80200000 0x200000>; };",
        }.Findings());

    // |..AAAAAAAAAA..|   a, pages 1 to 4
    // |.....BB.......|   b, within a, less than a page
    // expect to find all of b, and that bootmem counts its page
    [Fact]
    public void OneWithinAnother() => Assert.Equal(
        "problem overlap: /reserved-memory/a@80001000 [0x80001000, 0x80005000) and /reserved-memory/b@80002000 "
        + "[0x80002000, 0x80002010) share [0x80002000, 0x80002010), 16 bytes.\n"
        + "  bootmem reserves 1 page twice and says nothing; both owners use the same bytes.\n"
        + "note misaligned: /reserved-memory/b@80002000 [0x80002000, 0x80002010) is not made of whole pages.\n"
        + "  reserve_bootmem() rounds outwards: [0x80002000, 0x80003000) is kept.\n",
        new Board
        {
            Reserved = "a@80001000 { reg = <0x80001000 0x4000>; }; b@80002000 { reg = <0x80002000 0x10>; };",
        }.Findings());

    // |..AAAAAABBBBBB..|
    // expect to find nothing: ranges that touch have no byte in common
    [Fact]
    public void RangesThatTouchDoNotOverlap() => Assert.Equal(
        "note no-kernel: nobody said where the kernel lies: neither it nor bootmem's bitmap was looked at.\n"
        + "  say it: --kernel-image SIZE@ADDR.\n",
        new Board
        {
            Reserved = "a@80001000 { reg = <0x80001000 0x1000>; }; b@80002000 { reg = <0x80002000 0x1000>; };",
        }.Findings());

    // 0x80004000 0x80008000                  0x80208000 0x80209000
    // |DDDDDDDDDDKKKKKKKKKKKKKKKKKKKKKKKKKKKKKBBBBBBBBBBB|   page directory, kernel, bitmap
    // |..................................IIIIII..........|   initrd, to the kernel's end
    // expect to find the INITRD over the kernel
    [Fact]
    public void TheInitrdOverTheKernel() => Assert.Equal(
        "problem initrd-over-kernel: kernel [0x80008000, 0x80208000) and initrd [0x80200000, 0x80208000) share "
        + "[0x80200000, 0x80208000), 32 KiB.\n"
        + "  bootmem reserves 8 pages twice and says nothing; the one that was loaded last has written over the "
        + "other.\n",
        new Board { Options = Loaded(initrd: new ByteRange(0x80200000, 0x80208000)) }.Findings());

    // |DDDDDDDDDDKKKKKK|   page directory at 0x80004000, kernel
    // |IIIIII..........|   initrd, below the kernel
    // expect to find the INITRD over the page directory, which is the kernel's
    [Fact]
    public void TheInitrdOverThePageDirectory() => Assert.Equal(
        "problem initrd-over-kernel: initrd [0x80000000, 0x80005000) and page directory [0x80004000, 0x80008000) share "
        + "[0x80004000, 0x80005000), 4 KiB.\n"
        + "  bootmem reserves 1 page twice and says nothing; the one that was loaded last has written over the "
        + "other.\n",
        new Board { Options = Loaded(initrd: new ByteRange(0x80000000, 0x80005000)) }.Findings());

    // |..........TT....|   device tree, 293 bytes at 0x80a00000
    // |......IIIIIIIIII|   initrd
    // expect to find the device tree within the INITRD
    [Fact]
    public void TheInitrdOverTheDeviceTree()
    {
        Board board = new() { Options = Loaded(new ByteRange(0x80900000, 0x80b00000), 0x80a00000) };
        CheckFinding finding = board.Check().Findings[0];
        ulong size = board.Check().Picture.Ranges.Single(range => range.Kind == RangeKind.DeviceTree).Size;
        string tree = $"[0x80a00000, 0x{0x80a00000 + size:x})";
        Assert.Equal(FindingKind.InitrdOverDeviceTree, finding.Kind);
        Assert.Equal(
            $"initrd [0x80900000, 0x80b00000) and device tree {tree} share {tree}, {size} bytes.", finding.Text);
        Assert.Equal(
            "these kernels do not reserve a device tree; the one that was loaded last has written over the other.",
            finding.Consequence);
    }

    // |KKKKKKKKKKKKKKKKBBBBB....|   kernel, bitmap of 1 page behind it at 0x80208000
    // |................IIIIIIIII|   initrd, right behind the kernel
    // expect to find that the bitmap is written over the INITRD's first page
    [Fact]
    public void TheBitmapOverTheInitrd() => Assert.Equal(
        "problem bitmap-hit: initrd [0x80208000, 0x80308000) and bitmap [0x80208000, 0x80209000) share "
        + "[0x80208000, 0x80209000), 4 KiB.\n"
        + "  init_bootmem() fills the bitmap with 0xff before anything is reserved: 4 KiB of initrd are lost "
        + "without a word.\n",
        new Board { Options = Loaded(initrd: new ByteRange(0x80208000, 0x80308000)) }.Findings());

    // |KKKKKKKKKKKKKKKKBBBBB....|   kernel, bitmap
    // |................AA.......|   a, half a page behind the kernel
    // expect to find that the bitmap is written over the reservation
    [Fact]
    public void TheBitmapOverAReservation() => Assert.Equal(
        "problem bitmap-hit: bitmap [0x80208000, 0x80209000) and /reserved-memory/a@80208000 [0x80208000, 0x80208800) "
        + "share [0x80208000, 0x80208800), 2 KiB.\n"
        + "  init_bootmem() fills the bitmap with 0xff before anything is reserved: "
        + "2 KiB of /reserved-memory/a@80208000 are lost without a word.\n"
        + "note misaligned: /reserved-memory/a@80208000 [0x80208000, 0x80208800) is not made of whole pages.\n"
        + "  reserve_bootmem() rounds outwards: [0x80208000, 0x80209000) is kept.\n",
        new Board { Reserved = "a@80208000 { reg = <0x80208000 0x800>; };", Options = Loaded() }.Findings());

    // |....HHHHHHHH....|   /memreserve/
    // |....AAAAAAAAAAAA|   a, the same start, longer
    // expect to find that header and tree disagree
    [Fact]
    public void AHeaderThatDisagrees() => Assert.Equal(
        "problem header-disagrees: /reserved-memory/a@80400000 [0x80400000, 0x80600000) and /memreserve/ 0 "
        + "[0x80400000, 0x80500000) share [0x80400000, 0x80500000), 1 MiB.\n"
        + "  bootmem reserves 256 pages twice and says nothing; all bytes of both are kept.\n",
        new Board
        {
            Header = "/memreserve/ 0x80400000 0x100000;",
            Reserved = "a@80400000 { reg = <0x80400000 0x200000>; };",
        }.Findings());

    // |....HHHHHHHH........|   /memreserve/ 0, the same as a
    // |....AAAAAAAA........|   a
    // |............HHHH....|   /memreserve/ 1, whole pages around the initrd
    // |............III.....|   initrd
    // expect two notes and no problem: that is how boot loaders work
    [Fact]
    public void AHeaderThatSaysTheSame() => Assert.Equal(
        "note same-range: /memreserve/ 0 [0x80400000, 0x80500000) and /reserved-memory/a@80400000 [0x80400000, "
            + "0x80500000) "
        + "tell of the same memory.\n  bootmem keeps it all the same.\n"
        + "note same-range: /memreserve/ 1 [0x80600000, 0x80601000) and initrd [0x80600000, 0x80600800) "
        + "tell of the same memory.\n  bootmem keeps it all the same.\n",
        Without("misaligned", new Board
        {
            Header = "/memreserve/ 0x80400000 0x100000; /memreserve/ 0x80600000 0x1000;",
            Reserved = "a@80400000 { reg = <0x80400000 0x100000>; };",
            Chosen = "linux,initrd-start = <0x80600000>; linux,initrd-end = <0x80600800>;",
        }.Findings()));

    // |AAAAAAAA|   50 reservations of the same page
    // expect to find no more than 1000 pairs, and a word that there are more
    [Fact]
    public void MoreThanCanBeShown()
    {
        StringBuilder many = new();
        for (int i = 0; i < 50; i++)
        {
            many.Append(CultureInfo.InvariantCulture, $"a{i}@80100000 {{ reg = <0x80100000 0x1000>; }}; ");
        }

        CheckResult result = new Board { Reserved = many.ToString() }.Check();
        Assert.Equal(1001, result.ProblemCount);
        Assert.Equal(
            "there are more than 1000 overlaps: the others are not shown.",
            Assert.Single(result.Findings, finding => finding.Kind == FindingKind.MoreOverlaps).Text);
    }

    // A kernel of 2 MiB at 0x80008000, as ARM kernels lie.
    private static CheckOptions Loaded(ByteRange? initrd = null, ulong? deviceTree = null) => new()
    {
        Kernel = new ByteRange(0x80008000, 0x80208000),
        Initrd = initrd,
        DeviceTreeAt = deviceTree,
    };

    private static string Without(string kind, string findings)
    {
        string[] lines = findings.Split('\n');
        int at = System.Array.FindIndex(
            lines, line => line.StartsWith($"note {kind}:", System.StringComparison.Ordinal));
        return at < 0 ? findings : string.Join('\n', lines.Where((_, i) => i != at && i != at + 1));
    }
}
