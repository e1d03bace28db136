namespace Bootmem.Boot;

/// <summary>find_max_pfn() and find_max_low_pfn() of arch/i386: where low memory ends and where all memory
/// does.</summary>
internal static unsafe class I386Memory
{
    /// <summary>Pages below 4 GiB: all that can be reached without PAE.</summary>
    private const ulong MaxNonPaePfn = 1UL << 20;

    /// <summary>No less than 64 MiB of low memory may be left.</summary>
    private const ulong LeastLowPages = 16384;

    private const int PagesToMega = 8;

    public static bool Find(Machine* machine)
    {
        KernelWord word = machine->Bootmem.Word;
        ulong mapped = word.Subtract(0, machine->Config.PageOffset);
        ulong reserve = machine->Config.VmallocReserve;
        ulong maxMemPfn = word.PfnOf(mapped > reserve ? mapped - reserve : word.PageSize);
        ulong maxPfn = machine->X86.EndPfn;
        ulong lowEnd = maxPfn > maxMemPfn
            ? FindWithHighMemory(machine, maxMemPfn, ref maxPfn) : FindWithout(machine, maxPfn);
        machine->Bootmem.MaxPfn = maxPfn;
        machine->Bootmem.MaxLowPfn = lowEnd;
        machine->NodeCount = 1;
        machine->Extents[0] = new NodeExtent { StartPfn = 0, LowEndPfn = lowEnd, EndPfn = maxPfn };
        if (machine->Config.HasHighMem)
        {
            Megabytes(machine, "<5>"u8, maxPfn - lowEnd).Text("MB HIGHMEM available.\n"u8);
        }

        Megabytes(machine, "<5>"u8, lowEnd).Text("MB LOWMEM available.\n"u8);
        return true;
    }

    private static ulong FindWithHighMemory(Machine* machine, ulong maxMemPfn, ref ulong maxPfn)
    {
        Log log = machine->Log;
        if (machine->Options.HasHighMem)
        {
            ulong wanted = machine->X86.HighMemPages;
            if (wanted > maxPfn - maxMemPfn)
            {
                Megabytes(machine, "only "u8, maxPfn - maxMemPfn).Text("MB highmem pages available, "u8);
                Megabytes(machine, "ignoring highmem size of "u8, wanted).Text("MB.\n"u8);
            }
            else
            {
                maxPfn = maxMemPfn + wanted;
            }
        }

        if (!machine->Config.HasHighMem)
        {
            Megabytes(machine, "<4>Warning only "u8, maxMemPfn).Text("MB will be used.\n"u8);
            log.Text(
                maxPfn > MaxNonPaePfn ? "<4>Use a PAE enabled kernel.\n"u8 : "<4>Use a HIGHMEM enabled kernel.\n"u8);
            maxPfn = maxMemPfn;
        }
        else if (!machine->Config.HasPae && maxPfn > MaxNonPaePfn)
        {
            maxPfn = MaxNonPaePfn;
            log.Text("<4>Warning only 4GB will be used.\n"u8).Text("<4>Use a PAE enabled kernel.\n"u8);
        }

        return maxMemPfn;
    }

    private static ulong FindWithout(Machine* machine, ulong maxPfn)
    {
        ulong wanted = machine->Options.HasHighMem ? machine->X86.HighMemPages : 0;
        if (wanted == 0)
        {
            return maxPfn;
        }

        if (!machine->Config.HasHighMem)
        {
            machine->Log.Text("<3>ignoring highmem size on non-highmem kernel!\n"u8);
            return maxPfn;
        }

        if (wanted >= maxPfn)
        {
            Megabytes(machine, "<3>highmem size specified ("u8, wanted).Text("MB) is bigger than pages available ("u8);
            Megabytes(machine, ""u8, maxPfn).Text("MB)!.\n"u8);
            return maxPfn;
        }

        if (maxPfn - wanted < LeastLowPages)
        {
            Megabytes(machine, "<3>highmem size "u8, wanted)
                .Text("MB results in smaller than 64MB lowmem, ignoring it.\n"u8);
            return maxPfn;
        }

        return maxPfn - wanted;
    }

    private static Log Megabytes(Machine* machine, System.ReadOnlySpan<byte> before, ulong pages) =>
        machine->Log.Text(before).Decimal(pages >> PagesToMega);
}
