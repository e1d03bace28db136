namespace Bootmem.Boot;

/// <summary>mem_init() of PCs: the hand-over, and the line about it.</summary>
internal static unsafe class X86MemInit
{
    /// <summary>free_all_bootmem(), or on NUMA each node's own.</summary>
    public static void HandOver(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        if (machine->Config.Architecture == Architecture.I386 || !machine->Config.IsNuma)
        {
            machine->HandedOverPages += KernelApi.free_all_bootmem(ref mem, machine->HandOverSink);
            return;
        }

        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (machine->Extents[node].HasMemory)
            {
                machine->HandedOverPages += KernelApi.free_all_bootmem_node(ref mem, node, machine->HandOverSink);
            }
        }
    }

    /// <summary>The line "Memory: …". <paramref name="lowPages"/> are those that bootmem handed over.</summary>
    public static void Say(Machine* machine, ulong lowPages)
    {
        ref BootInfo info = ref machine->Info;
        ref KernelImage image = ref machine->Image;
        bool isI386 = machine->Config.Architecture == Architecture.I386;
        ulong lowEnd = machine->Bootmem.MaxLowPfn;
        ulong ram = MemoryMap.RamPages(info, 0, lowEnd);

        // Pages of RAM that are still reserved. On NUMA, 2.6.13 and before do not count them.
        bool isHidden = !isI386 && machine->Config.IsNuma && new FigureRules(machine->Config).HidesReserved;
        ulong reserved = isHidden || ram < lowPages ? 0 : ram - lowPages;
        machine->Log.Text("<6>Memory: "u8).Decimal(machine->Pages.FreePageCount << 2).Text("k/"u8)
            .Decimal(machine->Bootmem.MaxPfn << 2).Text("k available ("u8)
            .Decimal(image.Text.Size >> 10).Text("k kernel code, "u8)
            .Decimal(reserved << 2).Text("k reserved, "u8)
            .Decimal(image.Data.Size >> 10).Text("k data, "u8)
            .Decimal(image.Init.Size >> 10).Text("k init"u8);
        if (isI386)
        {
            machine->Log.Text(", "u8).Decimal((machine->HandedOverPages - lowPages) << 2).Text("k highmem"u8);
        }

        machine->Log.Text(")\n"u8);
    }
}
