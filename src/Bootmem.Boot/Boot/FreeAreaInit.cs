namespace Bootmem.Boot;

/// <summary>free_area_init_node(): a node's memory map, and its zones with their wait tables.</summary>
internal static unsafe class FreeAreaInit
{
    /// <summary>2.6.12 wants zones to begin at a multiple of the largest block: 2^(MAX_ORDER-1) pages.</summary>
    private const ulong LargestBlock = 1024;

    public static void Run(Machine* machine, int node)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ZoneLayout layout = ZoneLayout.Of(machine, node);
        NodeExtent extent = machine->Extents[node];
        ulong spanned = extent.EndPfn - extent.StartPfn;
        ulong present = 0;
        for (ZoneKind kind = ZoneKind.Dma; kind <= ZoneKind.HighMem; kind++)
        {
            present += layout.Present(kind);
        }

        machine->Log.Text("<7>On node "u8).Decimal((ulong)node).Text(" totalpages: "u8).Decimal(present).Text("\n"u8);
        if (new FigureRules(machine->Config).TakesMemMapOut)
        {
            TakeMemMapOut(machine, ref layout);
        }

        AddMemMap(machine, node, extent.StartPfn, spanned);
        ulong startPfn = extent.StartPfn;
        for (ZoneKind kind = ZoneKind.Dma; kind <= ZoneKind.HighMem; kind++)
        {
            if (kind == ZoneKind.Dma32 && Zones.CountFor(mem.Behaviour) != Zones.MaxCount)
            {
                continue;
            }

            AddZone(machine, node, kind, startPfn, layout.Spanned(kind), layout.Present(kind));
            startPfn += layout.Spanned(kind);
        }
    }

    // From 2.6.19 a zone's memory map is none of its pages; nor, in the DMA zone of x86-64, what was reserved early.
    private static void TakeMemMapOut(Machine* machine, ref ZoneLayout layout)
    {
        KernelWord word = machine->Bootmem.Word;
        for (ZoneKind kind = ZoneKind.Dma; kind <= ZoneKind.HighMem; kind++)
        {
            ulong present = layout.Present(kind);
            ulong map = (layout.Spanned(kind) * StructSizes.Page(word)) >> word.PageShift;
            map += kind == ZoneKind.Dma ? machine->X86.DmaReservedPages : 0;
            layout.Set(kind, layout.Spanned(kind), present > map ? present - map : 0);
        }
    }

    // alloc_node_mem_map(): one page more than the node spans. From 2.6.13 the remap area is asked first.
    private static void AddMemMap(Machine* machine, int node, ulong startPfn, ulong spanned)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong stride = StructSizes.Page(mem.Word);
        ulong size = (spanned + 1) * stride;
        mem.Owner = Owner.MemMap;
        ulong address = mem.Behaviour.AsksRemap ? KernelApi.alloc_remap(ref mem, node, size) : 0;
        if (address == 0)
        {
            address = KernelApi.alloc_bootmem_node(ref mem, node, size);
        }

        byte* memMap = machine->IsLayoutOnly ? null : machine->Memory.Resolve(machine->Memory.Context, address, size);
        machine->Pages.AddNode(node, startPfn, spanned, memMap, (int)stride);
    }

    private static void AddZone(
        Machine* machine, int node, ZoneKind kind, ulong startPfn, ulong spanned, ulong present)
    {
        ref BootMemory mem = ref machine->Bootmem;
        machine->KernelPages += kind == ZoneKind.HighMem ? 0 : present;
        machine->AllPages += present;
        FigureRules rules = new(machine->Config);
        int batch = (int)ZoneBatch.Of(mem.Word, present, rules.HasPowerBatch, rules.HasShortBatch);
        machine->Log.Text("<7>  "u8).Text(Zones.Name(kind)).Text(" zone: "u8).Decimal(present)
            .Text(" pages, LIFO batch:"u8).Decimal((ulong)batch).Text("\n"u8);
        machine->Pages.AddZone(node, kind, startPfn, spanned, present, batch);
        if (spanned == 0)
        {
            return;
        }

        mem.Owner = Owner.WaitTable;
        KernelApi.alloc_bootmem_node(ref mem, node, WaitTable.Bytes(mem.Word, spanned, machine->Config.IsSmp));
        if (mem.Behaviour.ChecksZoneAlignment && (startPfn & (LargestBlock - 1)) != 0)
        {
            machine->Log.Text("<2>BUG: wrong zone alignment, it will crash\n"u8);
        }
    }
}
