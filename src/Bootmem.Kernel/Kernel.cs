using System.Runtime;

namespace Bootmem.Kernel;

/// <summary>Where C# begins: the boot, what it left, and a prompt.</summary>
internal static unsafe class Kernel
{
    /// <summary>Called by the entry code, with the MMU on and the rest of RAM not mapped yet.</summary>
    /// <param name="machineNumber">The board's number, as the boot loader says; there is but one board.</param>
    /// <param name="tags">Physical address of the ATAGs or of the device tree.</param>
    /// <param name="header">The image's words.</param>
    [RuntimeExport("kernel_main")]
    public static void Main(uint machineNumber, uint tags, ImageHeader* header)
    {
        Panic.PowersOff = (header->Flags & (ImageFlags.Test | ImageFlags.PowerOff)) != 0;
        Mmu.Begin(header->PageDirectory);
        Metal.SetUp(tags, header);
        Metal.Boot();
        ProcFiles.PrintAll();
        if ((header->Flags & ImageFlags.Test) != 0)
        {
            SelfTest.Run();
        }

        if (Panic.PowersOff)
        {
            Board.PowerOff();
        }

        Shell.Run();
    }
}
