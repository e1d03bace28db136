using System;

namespace Bootmem.Boot;

/// <summary>The options of a PC's command line that concern memory: parse_cmdline_early() of both architectures.</summary>
internal static unsafe class X86Options
{
    public static bool Read(Machine* machine)
    {
        OptionWords words = new(machine->Info);
        while (words.Next())
        {
            if (!ReadOne(machine, words))
            {
                return false;
            }
        }

        if (!machine->X86.HasUserMap)
        {
            return true;
        }

        if (!MemoryMap.Sanitize(ref machine->Info, ref machine->Error))
        {
            return false;
        }

        machine->Log.Text("<6>user-defined physical RAM map:\n"u8);
        MemoryMap.Say(machine->Log, machine->Info, "user"u8);
        return true;
    }

    private static bool ReadOne(Machine* machine, in OptionWords words)
    {
        ref BootOptions options = ref machine->Options;
        if (words.Is("mem="u8, out ReadOnlySpan<byte> value))
        {
            ReadMem(machine, value);
        }
        else if (words.Is("memmap="u8, out value))
        {
            return ReadMemMap(machine, value);
        }
        else if (words.Is("highmem="u8, out value) && machine->Config.Architecture == Architecture.I386)
        {
            options.HasHighMem = true;
            options.HighMemSize = OptionWords.Number(ref value);
            machine->X86.HighMemPages = options.HighMemSize >> MemoryMap.PageShift;
        }
        else if (words.Is("vmalloc="u8, out value) && machine->Config.Architecture == Architecture.I386)
        {
            ulong reserve = OptionWords.Number(ref value);
            machine->Config.VmallocReserve = reserve == 0 ? machine->Config.VmallocReserve : reserve;
        }
        else if (words.Is("numa=off"u8, out _))
        {
            machine->X86.IsNumaOff = true;
        }
        else if (words.Is("numa=fake="u8, out value))
        {
            ulong count = OptionWords.Number(ref value);
            machine->X86.FakeNodeCount = count < (ulong)machine->Room.NodeCapacity ? (int)count : machine->Room.NodeCapacity;
        }
        else if (words.Is("hashdist="u8, out value))
        {
            options.IsHashDist = machine->Config.IsNuma && OptionWords.Number(ref value) != 0;
        }
        else if (words.Is("dhash_entries="u8, out value))
        {
            options.DentryEntries = OptionWords.Number(ref value);
        }
        else if (words.Is("ihash_entries="u8, out value))
        {
            options.InodeEntries = OptionWords.Number(ref value);
        }

        return true;
    }

    // mem=nopentium means something else. i386 changes its map; x86-64 only remembers where memory ends.
    private static void ReadMem(Machine* machine, ReadOnlySpan<byte> value)
    {
        if (Ascii.StartsWith(value, "nopentium"u8))
        {
            return;
        }

        ulong size = OptionWords.Number(ref value);
        if (machine->Config.Architecture == Architecture.X86_64)
        {
            machine->X86.EndUserPfn = size >> MemoryMap.PageShift;
            return;
        }

        MemoryMap.Limit(ref machine->Info, size);
        machine->X86.HasUserMap = true;
    }

    // memmap=exactmap empties the map; size@start adds RAM, size#start ACPI data, size$start a reserved range.
    private static bool ReadMemMap(Machine* machine, ReadOnlySpan<byte> value)
    {
        machine->X86.HasUserMap = true;
        if (Ascii.StartsWith(value, "exactmap"u8))
        {
            machine->X86.IsExactMap = true;
            machine->Info.MapRangeCount = 0;
            return true;
        }

        ulong size = OptionWords.Number(ref value);
        byte separator = value.Length == 0 ? (byte)0 : value[0];
        if (separator is not ((byte)'@' or (byte)'#' or (byte)'$'))
        {
            MemoryMap.Limit(ref machine->Info, size);
            return true;
        }

        value = value[1..];
        ulong start = OptionWords.Number(ref value);
        MapRangeType type = separator == '@' ? MapRangeType.Usable
            : separator == '#' ? MapRangeType.AcpiData : MapRangeType.Reserved;
        return MemoryMap.Add(ref machine->Info, start, start + size, type, ref machine->Error);
    }
}
