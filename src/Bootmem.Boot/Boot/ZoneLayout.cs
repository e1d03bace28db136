namespace Bootmem.Boot;

/// <summary>Which pages of a node each zone spans, and how many of them are RAM.</summary>
internal unsafe struct ZoneLayout
{
    private fixed ulong _spanned[4];
    private fixed ulong _present[4];

    /// <summary>Pages that the zone spans, holes included.</summary>
    public readonly ulong Spanned(ZoneKind kind) => _spanned[(int)kind];

    /// <summary>Pages of RAM in it.</summary>
    public readonly ulong Present(ZoneKind kind) => _present[(int)kind];

    /// <summary>
    /// The zones of a node. ARM's are: all low memory in DMA, the rest in HighMem. The article's set-up says its own.
    /// </summary>
    public static ZoneLayout Of(Machine* machine, int node)
    {
        ZoneLayout layout = default;
        if (Architectures.IsPc(machine->Config.Architecture))
        {
            return X86Zones.Of(machine, node);
        }

        NodeExtent extent = machine->Extents[node];
        ref PrivateMemory own = ref machine->Info.Private;
        if (own.IsPresent)
        {
            KernelWord word = machine->Bootmem.Word;
            ulong dma = extent.StartPfn + word.PfnOf(own.DmaSize);
            ulong normal = dma + word.PfnOf(own.NormalSize);
            layout.Set(machine, node, ZoneKind.Dma, extent.StartPfn, dma);
            layout.Set(machine, node, ZoneKind.Normal, dma, normal);
            layout.Set(machine, node, ZoneKind.HighMem, normal, extent.EndPfn);
            return layout;
        }

        ulong lowEnd = extent.LowEndPfn;
        layout.Set(machine, node, ZoneKind.Dma, extent.StartPfn, lowEnd);
        layout.Set(machine, node, ZoneKind.HighMem, lowEnd, extent.EndPfn);
        return layout;
    }

    /// <summary>Says how many pages a zone spans, and how many of them it has.</summary>
    public void Set(ZoneKind kind, ulong spanned, ulong present)
    {
        _spanned[(int)kind] = spanned;
        _present[(int)kind] = present;
    }

    private void Set(Machine* machine, int node, ZoneKind kind, ulong startPfn, ulong endPfn)
    {
        KernelWord word = machine->Bootmem.Word;
        ulong present = 0;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            ulong first = BankTable.FirstPfn(bank, word);
            ulong end = BankTable.EndPfn(bank, word);
            first = first > startPfn ? first : startPfn;
            end = end < endPfn ? end : endPfn;
            present += bank.Node == node && bank.Size != 0 && first < end ? end - first : 0;
        }

        Set(kind, endPfn - startPfn, present);
    }
}
