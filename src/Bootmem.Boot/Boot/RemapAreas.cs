namespace Bootmem.Boot;

/// <summary>
/// calculate_numa_remap_pages() of arch/i386 (2.6.13, CONFIG_HAVE_ARCH_ALLOC_REMAP): each node but the first sets the
/// end of its own memory aside, so that its memory map lies in the node itself and not in node 0.
/// </summary>
internal static unsafe class RemapAreas
{
    /// <summary>Areas come in pieces of 1024 pages: what one page table of i386 maps.</summary>
    private const ulong Piece = 1024;

    public static void Take(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        if (!machine->Config.HasAllocRemap || !mem.Behaviour.AsksRemap)
        {
            return;
        }

        for (int node = 0; node < machine->Room.NodeCapacity; node++)
        {
            machine->Room.RemapAreas[node] = default;
        }

        mem.RemapAreas = machine->Room.RemapAreas;
        for (int node = 1; node < machine->NodeCount; node++)
        {
            ref NodeExtent extent = ref machine->Extents[node];
            ulong spanned = extent.EndPfn - extent.StartPfn;
            ulong pages = mem.Word.PagesOf((spanned + 1) * StructSizes.Page(mem.Word));
            pages = (pages + Piece - 1) & ~(Piece - 1);

            // A node that ends in high memory, or would be left with nothing, keeps its map in bootmem.
            bool isLow = extent.HasLowMemory && extent.LowEndPfn == extent.EndPfn;
            ulong start = extent.EndPfn - pages;
            if (!isLow || pages >= spanned || !IsInOneBank(machine, start, extent.EndPfn))
            {
                continue;
            }

            machine->Log.Text("Reserving "u8).Decimal(pages).Text(" pages of KVA for lmem_map of node "u8)
                .Decimal((ulong)node).Text("\n"u8);
            int shift = mem.Word.PageShift;
            mem.RemapAreas[node] = new RemapArea(start << shift, extent.EndPfn << shift);
            extent.EndPfn = start;
            extent.LowEndPfn = start;
        }
    }

    private static bool IsInOneBank(Machine* machine, ulong startPfn, ulong endPfn)
    {
        int shift = machine->Bootmem.Word.PageShift;
        return BankTable.Holds(machine->Info, startPfn << shift, (endPfn - startPfn) << shift);
    }
}
