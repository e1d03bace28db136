using System;

namespace Bootmem.Boot;

/// <summary>/proc/iomem: the banks as "System RAM", and in them the kernel's code and data.</summary>
public static unsafe class Iomem
{
    /// <summary>Writes the file. Ranges are inclusive, as the kernel writes them.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="machine">A machine whose banks are known.</param>
    public static void Write(Log log, Machine* machine)
    {
        KernelWord word = machine->Space.Word;
        int width = word.Bits == 64 && machine->Bootmem.MaxPfn >> (32 - word.PageShift) != 0 ? 16 : 8;
        ulong text = machine->Space.virt_to_phys(machine->Image.Text.Start);
        ulong data = machine->Space.virt_to_phys(machine->Image.Data.Start);
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            if (bank.Size == 0)
            {
                continue;
            }

            Range(log, width, bank.Start, bank.Size, ""u8, "System RAM"u8);
            Inside(log, width, bank, text, machine->Image.Text.Size, "Kernel text"u8);
            Inside(log, width, bank, data, machine->Image.Data.Size, "Kernel data"u8);
        }
    }

    private static void Inside(Log log, int width, in Bank bank, ulong start, ulong size, ReadOnlySpan<byte> name)
    {
        if (size != 0 && start >= bank.Start && start - bank.Start < bank.Size)
        {
            Range(log, width, start, size, "  "u8, name);
        }
    }

    private static void Range(
        Log log, int width, ulong start, ulong size, ReadOnlySpan<byte> indent, ReadOnlySpan<byte> name) =>
        log.Text(indent).Hex(start, width).Text("-"u8).Hex(start + size - 1, width)
            .Text(" : "u8).Text(name).Text("\n"u8);
}
