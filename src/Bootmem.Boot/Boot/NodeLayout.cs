namespace Bootmem.Boot;

/// <summary>find_memend_and_nodes() of arch/arm: each node's first and last page, and where low memory ends.</summary>
internal static unsafe class NodeLayout
{
    // A memory map has one entry more than its node has pages, and its lists count entries in 32 bits.
    public const ulong MostPages = uint.MaxValue - 2;

    public static bool Find(Machine* machine, KernelWord word)
    {
        ref BootInfo info = ref machine->Info;
        NodeExtent* extents = machine->Extents;
        machine->NodeCount = 0;
        for (int i = 0; i < machine->Room.NodeCapacity; i++)
        {
            extents[i] = default;
        }

        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            ulong start = BankTable.FirstPfn(bank, word);
            ulong end = BankTable.EndPfn(bank, word);
            if (bank.Size == 0 || start >= end)
            {
                continue;
            }

            ref NodeExtent extent = ref extents[bank.Node];
            if (!extent.HasMemory)
            {
                extent.StartPfn = start;
            }

            // Banks are sorted by address.
            extent.EndPfn = end;
            machine->Bootmem.MaxPfn = end;
            machine->NodeCount = bank.Node >= machine->NodeCount ? bank.Node + 1 : machine->NodeCount;
        }

        if (!DoNotInterleave(machine) || !AreSmallEnough(machine))
        {
            return false;
        }

        if (!extents[0].HasMemory)
        {
            return machine->Error.Set(BootErrorKind.FirstNodeEmpty, 0);
        }

        SplitHighMemory(machine, word);
        return true;
    }

    /// <summary>The first page number beyond all low memory.</summary>
    public static ulong LowMemoryEnd(Machine* machine)
    {
        // In the article's set-up the high zone is bootmem's too, but not mapped.
        if (machine->Info.Private.IsPresent)
        {
            return machine->Bootmem.Word.PfnOf(machine->Info.Banks[0].Start + machine->Info.Banks[0].Size);
        }

        ulong end = 0;
        for (int node = 0; node < machine->NodeCount; node++)
        {
            NodeExtent extent = machine->Extents[node];
            end = extent.HasLowMemory && extent.LowEndPfn > end ? extent.LowEndPfn : end;
        }

        return end;
    }

    private static bool DoNotInterleave(Machine* machine)
    {
        // A node's banks are sorted: nodes do not interleave if, bank after bank, a node that was left does not come
        // back.
        ref BootInfo info = ref machine->Info;
        NodeExtent* extents = machine->Extents;
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            ulong pfn = BankTable.FirstPfn(bank, machine->Bootmem.Word);
            bool hasPage = pfn < BankTable.EndPfn(bank, machine->Bootmem.Word);
            for (int node = 0; hasPage && node < machine->NodeCount; node++)
            {
                if (node != bank.Node && pfn >= extents[node].StartPfn && pfn < extents[node].EndPfn)
                {
                    return machine->Error.Set(BootErrorKind.NodesInterleave, bank.Node, pfn, extents[node].EndPfn);
                }
            }
        }

        return true;
    }

    private static bool AreSmallEnough(Machine* machine)
    {
        for (int node = 0; node < machine->NodeCount; node++)
        {
            ulong spanned = machine->Extents[node].EndPfn - machine->Extents[node].StartPfn;
            if (spanned > MostPages)
            {
                return machine->Error.Set(BootErrorKind.NodeTooLarge, node, spanned, MostPages);
            }
        }

        return true;
    }

    // P5 of every 32-bit kernel: what the linear map cannot reach is high memory, and none of bootmem's business.
    private static void SplitHighMemory(Machine* machine, KernelWord word)
    {
        NodeExtent* extents = machine->Extents;
        for (int node = 0; node < machine->NodeCount; node++)
        {
            extents[node].LowEndPfn = extents[node].EndPfn;
        }

        if (machine->Info.Private.IsPresent || word.Bits == 64)
        {
            return;
        }

        ulong mapped = word.Subtract(0, machine->Config.PageOffset);
        mapped = mapped > machine->Config.VmallocReserve ? mapped - machine->Config.VmallocReserve : word.PageSize;
        ulong firstPfn = word.PfnOf(machine->Space.PhysOffset);
        ulong limit = ChooseHighMemory(machine, firstPfn, firstPfn + word.PfnOf(mapped));
        for (int node = 0; node < machine->NodeCount; node++)
        {
            ref NodeExtent extent = ref extents[node];
            extent.LowEndPfn = extent.EndPfn < limit ? extent.EndPfn : limit > extent.StartPfn ? limit
                : extent.StartPfn;
            if (!machine->Config.HasHighMem)
            {
                extent.EndPfn = extent.LowEndPfn;
            }
        }

        if (!machine->Config.HasHighMem && machine->Bootmem.MaxPfn > limit)
        {
            machine->Bootmem.MaxPfn = limit;
        }
    }

    // find_max_low_pfn() of arch/i386, which is where the kernel's own words about high memory are from.
    private static ulong ChooseHighMemory(Machine* machine, ulong firstPfn, ulong limit)
    {
        int shift = machine->Bootmem.Word.PageShift;
        ulong maxPfn = machine->Bootmem.MaxPfn;
        if (!machine->Config.HasHighMem)
        {
            if (maxPfn > limit)
            {
                machine->Log.Text("<4>Warning only "u8).Decimal(((limit - firstPfn) << shift) >> 20)
                    .Text("MB will be used.\n"u8);
                machine->Log.Text("<4>Use a HIGHMEM enabled kernel.\n"u8);
            }

            return limit;
        }

        if (!machine->Options.HasHighMem)
        {
            return limit;
        }

        ulong wanted = machine->Bootmem.Word.PfnOf(machine->Options.HighMemSize);
        ulong lowEnd = maxPfn < limit ? maxPfn : limit;
        ulong least = firstPfn + machine->Bootmem.Word.PagesOf(64UL << 20);
        ulong forced = maxPfn - firstPfn > wanted ? maxPfn - wanted : 0;
        if (forced < least)
        {
            machine->Log.Text("<3>highmem size "u8).Decimal(machine->Options.HighMemSize >> 20)
                .Text("MB results in smaller than 64MB lowmem, ignoring it.\n"u8);
            return limit;
        }

        return forced < lowEnd ? forced : lowEnd;
    }
}
