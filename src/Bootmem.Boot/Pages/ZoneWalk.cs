namespace Bootmem.Boot;

/// <summary>
/// Walks the zones that an allocation may use, in the order of build_zonelists(): of each node from the highest
/// allowed zone down, the node itself first, then the nodes behind it, then those before it. Zones without pages are
/// left out.
/// </summary>
public unsafe struct ZoneWalk
{
    private readonly int _startNode;
    private readonly int _highest;
    private int _node;
    private int _index;

    /// <summary>A walk that is about to begin.</summary>
    /// <param name="pages">The allocator.</param>
    /// <param name="node">The node that comes first.</param>
    /// <param name="gfp">What the allocation may use.</param>
    public ZoneWalk(in PageAllocator pages, int node, GfpMask gfp)
    {
        // As highest_zone() has it: DMA over DMA32 over HighMem.
        ZoneKind kind = ZoneKind.Normal;
        if ((gfp & GfpMask.HighMem) != 0)
        {
            kind = ZoneKind.HighMem;
        }

        // With 32 bits __GFP_DMA32 is 0: such an allocation comes from Normal.
        if ((gfp & GfpMask.Dma32) != 0 && pages.Behaviour.HasDma32 && pages.Word.Bits == 64)
        {
            kind = ZoneKind.Dma32;
        }

        if ((gfp & GfpMask.Dma) != 0)
        {
            kind = ZoneKind.Dma;
        }

        _startNode = node;
        _highest = Zones.IndexOf(kind, pages.ZonesPerNode);
        _node = node;
        _index = _highest;
    }

    /// <summary>The next zone; null at the end.</summary>
    /// <param name="pages">The allocator.</param>
    public Zone* Next(in PageAllocator pages)
    {
        while (_node >= 0)
        {
            while (_index >= 0 && pages.IsOnline(_node))
            {
                Zone* zone = pages.ZoneOf(_node, _index);
                _index--;
                if (zone->PresentPages != 0)
                {
                    return zone;
                }
            }

            _index = _highest;
            _node = _node + 1 == pages.NodeCapacity ? 0 : _node + 1;
            if (_node == _startNode)
            {
                _node = -1;
            }
        }

        return null;
    }
}
