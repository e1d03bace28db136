namespace Bootmem.Boot;

/// <summary>e820_setup_gap(): the largest gap of the map below 4 GiB, where PCI devices get their addresses.</summary>
internal static unsafe class PciGap
{
    private const ulong Top = 1UL << 32;

    // Where nothing better is found, as the kernel has it.
    private const ulong DefaultStart = 0x10000000;
    private const ulong DefaultSize = 0x400000;
    private const ulong Megabyte = 1UL << 20;

    public static void Say(Machine* machine)
    {
        FigureRules rules = new(machine->Config);
        ulong start = DefaultStart;
        ulong size = DefaultSize;
        ulong last = Top;
        for (int i = machine->Info.MapRangeCount - 1; i >= 0; i--)
        {
            MapRange range = machine->Info.MapRanges[i];
            if (last > range.End && last - range.End > size)
            {
                size = last - range.End;
                start = range.End;
            }

            last = range.Start < last ? range.Start : last;
        }

        // Some way into the gap: up to the next megabyte; from 2.6.14 by as much as a sixteenth of the gap.
        ulong round = Megabyte;
        while (rules.RoundsPciStart && size >> 4 > round)
        {
            round <<= 1;
        }

        ulong pci = rules.RoundsPciStart ? (start + round) & ~(round - 1) : (start + round - 1) & ~(round - 1);
        machine->Log.Text("<6>Allocating PCI resources starting at "u8).Hex(pci, 8).Text(" (gap: "u8).Hex(start, 8)
            .Text(":"u8).Hex(size, 8).Text(")\n"u8);
    }
}
