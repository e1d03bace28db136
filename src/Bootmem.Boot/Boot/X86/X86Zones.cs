namespace Bootmem.Boot;

/// <summary>The zones of a PC's node, as each architecture and release cuts and counts them.</summary>
internal static unsafe class X86Zones
{
    private const ulong DmaEnd = X86Parts.DmaLimit >> MemoryMap.PageShift;
    private const ulong Dma32End = 1UL << (32 - MemoryMap.PageShift);

    public static ZoneLayout Of(Machine* machine, int node)
    {
        ZoneLayout layout = default;
        NodeExtent extent = machine->Extents[node];
        bool hasDma32 = Zones.CountFor(machine->Bootmem.Behaviour) == Zones.MaxCount
            && new FigureRules(machine->Config).HasDma32;
        if (machine->Config.Architecture == Architecture.I386)
        {
            // Holes are pages like others here.
            ulong dmaEnd = extent.LowEndPfn < DmaEnd ? extent.LowEndPfn : DmaEnd;
            layout.Set(ZoneKind.Dma, dmaEnd, dmaEnd);
            layout.Set(ZoneKind.Normal, extent.LowEndPfn - dmaEnd, extent.LowEndPfn - dmaEnd);
            layout.Set(ZoneKind.HighMem, extent.EndPfn - extent.LowEndPfn, extent.EndPfn - extent.LowEndPfn);
            return layout;
        }

        ulong at = Add(machine, ref layout, ZoneKind.Dma, extent.StartPfn, DmaEnd, extent.EndPfn);
        at = Add(machine, ref layout, ZoneKind.Dma32, at, hasDma32 ? Dma32End : at, extent.EndPfn);
        Add(machine, ref layout, ZoneKind.Normal, at, ulong.MaxValue, extent.EndPfn);
        return layout;
    }

    // size_zones() of arch/x86_64: a zone from a page to a bound, if it lies in the node.
    private static ulong Add(
        Machine* machine, ref ZoneLayout layout, ZoneKind kind, ulong startPfn, ulong bound, ulong nodeEnd)
    {
        ulong endPfn = bound < nodeEnd ? bound : nodeEnd;
        endPfn = endPfn > startPfn ? endPfn : startPfn;
        ulong spanned = endPfn - startPfn;
        FigureRules rules = new(machine->Config);
        ulong present = rules.CountsHoles ? spanned : MemoryMap.RamPages(machine->Info, startPfn, endPfn);
        if (rules.TakesOwnPagesOut)
        {
            ulong own = (spanned * StructSizes.Page(machine->Bootmem.Word)) >> MemoryMap.PageShift;
            present = present > own ? present - own : 0;
        }

        if (rules.TakesOwnPagesOut && kind == ZoneKind.Dma)
        {
            present -= machine->X86.DmaReservedPages < present ? machine->X86.DmaReservedPages : present;
        }

        layout.Set(kind, spanned, present);
        return endPfn;
    }
}
