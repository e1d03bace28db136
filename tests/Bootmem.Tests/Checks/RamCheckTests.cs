using Bootmem.Lab.Checks;
using Xunit;

namespace Bootmem.Tests.Checks;

/// <summary>The RAM, what is not in it, and what does not begin with a page.</summary>
public sealed class RamCheckTests
{
    private const string Note = "note no-memory: the file tells of no RAM, so nothing was held against it: "
        + "the boot loader fills that in.\n  say how much there is: --append mem=512M@0x80000000.\n";

    // |MMMMMMMMMMMM........|   16 MiB at 0x80000000
    // |..........NNNNNNNNNN|   16 MiB at 0x80c00000
    // expect to find 4 MiB that are in both
    [Fact]
    public void BanksThatOverlap() => Assert.Equal(
        "problem banks-overlap: /memory@80000000 [0x80000000, 0x81000000) and /memory@80c00000 [0x80c00000, "
            + "0x81c00000) "
        + "share [0x80c00000, 0x81000000), 4 MiB.\n"
        + "  the second one frees pages that are free: BUG(). Bootmem's boot refuses such banks.\n",
        new Board
        {
            Memory =
                "memory@80000000 { reg = <0x80000000 0x1000000>; }; memory@80c00000 { reg = <0x80c00000 0x1000000>; };",
        }.Findings());

    // |.mMMMMMMMMMMMMMMm.|   from the middle of a page to the middle of a page
    // |..FFFFFFFFFFFFFF..|   what is free
    // expect to find the two partial pages
    [Fact]
    public void ABankWithPartialPages() => Assert.Equal(
        "problem misaligned: /memory@80000800 [0x80000800, 0x80ffec00) is not made of whole pages.\n"
        + "  free_bootmem() rounds inwards and leaves [0x80001000, 0x80ffe000): 5 KiB are lost silently.\n",
        new Board { Memory = "memory@80000800 { reg = <0x80000800 0xffe400>; };" }.Findings());

    // 0           0x9fc00
    // |MMMMMMMMMMMm|   the low memory of nearly every PC
    // expect a note: the partial page is the BIOS's
    [Fact]
    public void ThePartialPageOfAPcIsANote()
    {
        OwnedRange low = new(RangeKind.Bank, "e820 usable", 0, 0x9fc00);
        CheckResult result = MachineCheck.Run(new MemoryPicture { Banks = [low], IsPc = true });
        Assert.Equal(0, result.ProblemCount);
        Assert.Contains(result.Findings, finding => finding.Kind == FindingKind.Misaligned
            && finding.Consequence == "free_bootmem() rounds inwards and leaves [0x0, 0x9f000): 3 KiB are lost "
                + "silently.");
    }

    // |MM|   less than a page
    // expect to find that nothing is left
    [Fact]
    public void ABankWithoutAWholePage() => Assert.Equal(
        "problem misaligned: /memory@80000800 [0x80000800, 0x80001000) is not made of whole pages.\n"
        + "  free_bootmem() rounds inwards and leaves nothing: 2 KiB are lost silently.\n",
        new Board { Memory = "memory@80000800 { reg = <0x80000800 0x800>; };" }.Findings());

    // |.|   a bank of size 0, as in the trees that kernels come with
    // expect two notes and no problem, and how to say what the boot loader would
    [Fact]
    public void NoRam()
    {
        Board board = new() { Memory = "memory@80000000 { device_type = \"memory\"; reg = <0x80000000 0>; };" };
        Assert.Equal(
            "note bank-empty: /memory@80000000 at 0x80000000 has size 0: the boot loader fills it in.\n" + Note,
            board.Findings());
        Assert.Equal(Note, new Board { Memory = "" }.Findings());
        Assert.Equal(
            "note no-kernel: nobody said where the kernel lies: neither it nor bootmem's bitmap was looked at.\n"
            + "  say it: --kernel-image SIZE@ADDR.\n",
            new Board { Memory = board.Memory,
                Options = new CheckOptions { AppendedCommandLine = "mem=16M@0x80000000" } }.Findings());
    }

    // 4 GiB - 1 GiB          4 GiB          4 GiB + 1 GiB
    // |MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM|
    // expect a note: the kernel is one of 64 bits; and a problem for one of 32 bits
    [Fact]
    public void RamBeyond32Bits()
    {
        const string Found =
            "beyond-32-bits: [0x100000000, 0x140000000) of /memory@c0000000 [0xc0000000, 0x140000000), 1 GiB, "
            + "lies beyond what 32 bits say.\n";
        Board board = new() { Cells = 2, Memory = "memory@c0000000 { reg = <0 0xc0000000 0 0x80000000>; };" };
        Assert.Equal("note " + Found + "  the kernel is taken for one of 64 bits.\n", board.Findings());
        Assert.Equal(
            "problem " + Found + "  an unsigned long wraps there: bootmem's boot refuses the bank.\n",
            new Board { Cells = 2, Memory = board.Memory, Options = new CheckOptions { Bits = 32 } }.Findings());
    }

    // 0x80000000                0x81000000
    // |MMMMMMMMMMMMMMMMMMMMMMMMMM|...........
    // A...............................|CCCC       a below, c beyond
    // expect to find both, and that bootmem does different things there
    [Theory]
    [InlineData("a@40000000 { reg = <0x40000000 0x1000>; };",
        "problem no-bank: /reserved-memory/a@40000000 [0x40000000, 0x40001000) lies in no bank.\n"
        + "  reserve_bootmem() below the node sets bits outside of its bitmap; bootmem's boot leaves the range out "
        + "and says so.\n")]
    [InlineData("c@90000000 { reg = <0x90000000 0x1000>; };",
        "problem no-bank: /reserved-memory/c@90000000 [0x90000000, 0x90001000) lies in no bank.\n"
        + "  reserve_bootmem() beyond the node is a BUG(); bootmem's boot leaves the range out and says so.\n")]
    [InlineData("c@90000000 { reg = <0x90000000 0x1000>; no-map; };",
        "note no-bank: /reserved-memory/c@90000000 [0x90000000, 0x90001000) lies in no bank: "
        + "with no-map that is memory of a device.\n"
        + "  reserve_bootmem() beyond the node is a BUG(); bootmem's boot leaves the range out and says so.\n")]
    [InlineData("d@80ff0000 { reg = <0x80ff0000 0x20000>; };",
        "problem outside-ram: 64 KiB of /reserved-memory/d@80ff0000 [0x80ff0000, 0x81010000) lie outside of RAM.\n"
        + "  reserve_bootmem() across the node's end is a BUG(); bootmem's boot keeps the part in RAM.\n")]
    [InlineData("e@80000000 { reg = <0x80000000 0>; };",
        "problem empty: /reserved-memory/e@80000000 at 0x80000000 has size 0.\n"
        + "  reserve_bootmem() of no byte is a BUG(); bootmem's boot leaves it out.\n")]
    public void ReservationsThatNoBankHolds(string reserved, string expected) =>
        Assert.Equal(expected, new Board { Reserved = reserved }.Findings());

    // |MMMMMMMM..........NNNNNNNN|   two banks of 1 MiB, a hole of 1 MiB
    // |........AAAA..............|   a, in the hole
    // |......BBBB................|   b, half in the hole
    // expect to find them, and that nothing comes of it
    [Theory]
    [InlineData("a@80100000 { reg = <0x80100000 0x1000>; };",
        "problem no-bank: /reserved-memory/a@80100000 [0x80100000, 0x80101000) lies in no bank.\n"
        + "  pages of a hole are reserved from the start: reserve_bootmem() changes nothing.\n")]
    [InlineData("b@800ff000 { reg = <0x800ff000 0x2000>; };",
        "problem outside-ram: 4 KiB of /reserved-memory/b@800ff000 [0x800ff000, 0x80101000) lie outside of RAM.\n"
        + "  pages of a hole are reserved from the start: reserve_bootmem() changes nothing there.\n")]
    public void ReservationsInAHole(string reserved, string expected) => Assert.Equal(
        expected,
        new Board { Memory = "memory@80000000 { reg = <0x80000000 0x100000 0x80200000 0x100000>; };",
            Reserved = reserved }
            .Findings());

    // |MMMMMMMMMMMMMMMM|....   RAM to 0x81000000
    // |..............IIIIII    initrd
    // expect to find that the kernel boots without it
    [Fact]
    public void AnInitrdThatReachesBeyondRam() => Assert.Equal(
        "problem outside-ram: 1 MiB of initrd [0x80f00000, 0x81100000) lie outside of RAM.\n"
        + "  the kernel says \"extends beyond physical memory - disabling initrd\" and boots without it.\n",
        new Board { Options = new CheckOptions { Initrd = new ByteRange(0x80f00000, 0x81100000) } }.Findings());

    // |KKKKKK|MMMMMMMMMMMM|   a kernel below the RAM
    // expect to find that it cannot be booted
    [Fact]
    public void AKernelOutsideOfRam() => Assert.Equal(
        "problem no-bank: page directory [0x7fff0000, 0x7fff4000) lies in no bank.\n"
        + "  bootmem's boot refuses such a kernel.\n"
        + "problem no-bank: kernel [0x7fff4000, 0x7fff5000) lies in no bank.\n"
        + "  bootmem's boot refuses such a kernel.\n",
        new Board { Options = new CheckOptions { Kernel = new ByteRange(0x7fff4000, 0x7fff5000) } }.Findings());

    // |MMMMMMMMMMMMMMMMMMMMMM|
    // |....DDDDKKKKKKKKKKKKKK|   a kernel to the last page
    // expect to find that the bitmap has no place
    [Fact]
    public void AKernelThatLeavesNoRoomForTheBitmap() => Assert.Equal(
        "problem bitmap-no-room: no bank of node 0 has 4 KiB for the bitmap behind kernel [0x80008000, 0x81000000).\n"
        + "  bootmem's boot refuses such a machine.\n",
        new Board { Options = new CheckOptions { Kernel = new ByteRange(0x80008000, 0x81000000) } }.Findings());

    // 0x80000000              0xb8000000       0xc0000000
    // |LLLLLLLLLLLLLLLLLLLLLLLLHHHHHHHHHHHHHHHH|   896 MiB of low memory, 128 MiB of high memory
    // |.................................AAAAAA|   a framebuffer at the top
    // expect to find that bootmem does not keep it
    [Fact]
    public void AReservationInHighMemory() => Assert.Equal(
        "problem high-memory: /reserved-memory/a@bf000000 [0xbf000000, 0xc0000000) reaches beyond 0xb8000000, "
        + "where low memory ends.\n"
        + "  reserve_bootmem() there is a BUG(); bootmem's boot leaves that part out, and the page allocator gives "
        + "it away.\n",
        new Board
        {
            Memory = "memory@80000000 { reg = <0x80000000 0x40000000>; };",
            Reserved = "a@bf000000 { reg = <0xbf000000 0x1000000>; };",
        }.Findings());
}
