using System.Runtime;

namespace Bootmem.Kernel;

/// <summary>
/// A kernel of its own: the allocator and nothing of the boot path. It runs the scripts that the boot loader left as an
/// INITRD, each on bitmaps with an index and on bitmaps without, says how many outcomes differ, and switches the board
/// off.
/// </summary>
internal static unsafe class Kernel
{
    private const uint AtagMemory = 0x5441_0002;
    private const uint AtagInitrd = 0x5442_0005;

    /// <summary>Called by the entry code, with the MMU on and the rest of RAM not mapped yet.</summary>
    /// <param name="machineNumber">The board's number.</param>
    /// <param name="tags">Physical address of the ATAGs.</param>
    /// <param name="header">The image's words.</param>
    [RuntimeExport("kernel_main")]
    public static void Main(uint machineNumber, uint tags, ImageHeader* header)
    {
        Panic.PowersOff = true;
        Mmu.Begin(header->PageDirectory);
        uint ramEnd = Board.RamStart;
        byte* scripts = null;
        for (uint* tag = (uint*)ToVirtual(tags); tag[1] != 0; tag += tag[0])
        {
            if (tag[1] == AtagMemory)
            {
                ramEnd = tag[3] + tag[2];
            }

            if (tag[1] == AtagInitrd)
            {
                scripts = ToVirtual(tag[2]);
            }
        }

        // QEMU puts the INITRD into the middle of RAM: the bitmaps have what lies between it and the image.
        Mmu.MapLinear(ramEnd);
        byte* first = (byte*)((header->End + 7) & ~7u);
        if (scripts == null || *(uint*)scripts != ScriptBook.Magic || scripts <= first)
        {
            Panic.Halt("found no scripts in RAM behind the image, expected them as INITRD"u8);
        }

        new ScriptBook(scripts).Run(new Room(first, scripts));
        Board.PowerOff();
    }

    private static byte* ToVirtual(uint physical) => (byte*)(physical - Board.RamStart + Mmu.PageOffset);
}
