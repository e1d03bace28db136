using System;
using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>The files of /proc.</summary>
internal static unsafe class ProcFiles
{
    private const int Count = 5;

    /// <summary>Prints all, each under its name.</summary>
    public static void PrintAll()
    {
        for (int i = 0; i < Count; i++)
        {
            Printer.Plain.Text("\n/proc/"u8).Text(NameOf(i)).Text(":\n"u8);
            Print(i);
        }
    }

    /// <summary>Prints the names.</summary>
    public static void List()
    {
        for (int i = 0; i < Count; i++)
        {
            Printer.Plain.Text("/proc/"u8).Text(NameOf(i)).Text("\n"u8);
        }
    }

    /// <summary>Prints a file.</summary>
    /// <param name="name">Its name, with or without <c>/proc/</c>, with or without <c>_bs</c>.</param>
    /// <returns>Whether there is one of that name.</returns>
    public static bool TryPrint(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> folder = "/proc/"u8;
        ReadOnlySpan<byte> bare = Ascii.StartsWith(name, folder) ? name[folder.Length..name.Length] : name;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> known = NameOf(i);
            if (Ascii.Equal(bare, known) || Ascii.Equal(bare, known[0..(known.Length - 3)]))
            {
                Print(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>Prints how much memory there is, in KiB, as <c>free</c> does.</summary>
    public static void PrintFree()
    {
        ref PageAllocator pages = ref Metal.Machine->Pages;
        int shift = pages.Word.PageShift - 10;
        ulong total = pages.TotalPages << shift;
        ulong free = (pages.FreePageCount + pages.PerCpuPageCount) << shift;
        Printer.Plain.Text("             total       used       free\nMem:    "u8).Decimal(total, 10)
            .Text(" "u8).Decimal(total - free, 10).Text(" "u8).Decimal(free, 10).Text("\n"u8);
    }

    private static ReadOnlySpan<byte> NameOf(int file) => file switch
    {
        0 => "buddyinfo_bs"u8,
        1 => "iomem_bs"u8,
        2 => "meminfo_bs"u8,
        3 => "vmstat_bs"u8,
        _ => "zoneinfo_bs"u8,
    };

    private static void Print(int file)
    {
        Machine* machine = Metal.Machine;
        Log log = Printer.Plain;
        switch (file)
        {
            case 0:
                Buddyinfo.Write(log, in machine->Pages);
                break;
            case 1:
                Iomem.Write(log, machine);
                break;
            case 2:
                Meminfo.Write(log, in machine->Pages, machine->Config.VmallocReserve);
                break;
            case 3:
                Vmstat.Write(log, in machine->Pages);
                break;
            default:
                Zoneinfo.Write(log, in machine->Pages);
                break;
        }
    }
}
