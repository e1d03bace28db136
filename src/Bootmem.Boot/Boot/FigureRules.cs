namespace Bootmem.Boot;

/// <summary>
/// The N of the release 2.6.N, 9 .. 19, whose rules each family of figures follows; 0: that of the kernel. A release
/// candidate or a vendor's kernel can have the rules of its neighbour in one family and its own in another.
/// </summary>
public struct FigureLevels
{
    /// <summary>The batches of the per-CPU lists.</summary>
    public int Batches;

    /// <summary>The zones of x86-64, and its nodes.</summary>
    public int Zones;

    /// <summary>The hash tables.</summary>
    public int Tables;

    /// <summary>The place of PCI devices.</summary>
    public int Pci;
}

/// <summary>
/// How printed figures are computed, release by release: some rules changed in releases whose bootmem did not, and some in
/// releases before and after the eleven whose bootmem is modelled.
/// </summary>
public readonly struct FigureRules
{
    private readonly FigureLevels _levels;

    /// <summary>The rules that a configuration asks for.</summary>
    /// <param name="config">A configuration.</param>
    public FigureRules(in BootConfig config)
    {
        int level = config.Sublevel != 0 ? config.Sublevel : SublevelOf(config.Version);
        _levels.Batches = config.FigureLevels.Batches != 0 ? config.FigureLevels.Batches : level;
        _levels.Zones = config.FigureLevels.Zones != 0 ? config.FigureLevels.Zones : level;
        _levels.Tables = config.FigureLevels.Tables != 0 ? config.FigureLevels.Tables : level;
        _levels.Pci = config.FigureLevels.Pci != 0 ? config.FigureLevels.Pci : level;
    }

    /// <summary>The rules of a release.</summary>
    /// <param name="sublevel">The N of 2.6.N.</param>
    public FigureRules(int sublevel) =>
        _levels = new FigureLevels { Batches = sublevel, Zones = sublevel, Tables = sublevel, Pci = sublevel };

    /// <summary>2.6.12 and later: the LIFO batch is one less than a power of two.</summary>
    public bool HasPowerBatch => _levels.Batches >= 12;

    /// <summary>2.6.15 and later: the batch is one power of two less, its bound twice as large.</summary>
    public bool HasShortBatch => _levels.Batches >= 15;

    /// <summary>2.6.11 and later: the TCP established hash comes from alloc_large_system_hash().</summary>
    public bool HasTcpSystemHash => _levels.Tables >= 11;

    /// <summary>2.6.13 and later: the IP route cache does, too.</summary>
    public bool HasRouteSystemHash => _levels.Tables >= 13;

    /// <summary>2.6.14 and later: the place of PCI devices is rounded by the size of the gap.</summary>
    public bool RoundsPciStart => _levels.Pci >= 14;

    /// <summary>Up to 2.6.9: the mount cache's line has order and bytes.</summary>
    public bool SaysMountCacheBytes => _levels.Tables <= 9;

    /// <summary>Up to 2.6.12: x86-64 counts holes as pages.</summary>
    public bool CountsHoles => _levels.Zones <= 12;

    /// <summary>2.6.15 and later: x86-64 leaves what is reserved early out of the DMA zone.</summary>
    public bool LeavesOutDmaReserve => _levels.Zones >= 15;

    /// <summary>2.6.15 to 2.6.18: x86-64 takes the memory map for a hole of the zones.</summary>
    public bool TakesOwnPagesOut => _levels.Zones is >= 15 and <= 18;

    /// <summary>2.6.15 and later: x86-64 has the zone DMA32, below 4 GiB.</summary>
    public bool HasDma32 => _levels.Zones >= 15;

    /// <summary>Up to 2.6.14: the end of an x86-64 node is its last byte, which costs its last page.</summary>
    public bool HasInclusiveNodeEnd => _levels.Zones <= 14;

    /// <summary>Up to 2.6.13: NUMA kernels of x86-64 print no reserved pages.</summary>
    public bool HidesReserved => _levels.Zones <= 13;

    /// <summary>2.6.17 and later: one PID hash table instead of four.</summary>
    public int PidTableCount => _levels.Tables >= 17 ? 1 : 4;

    /// <summary>2.6.17 and later: a hash's size that is a power of two already is not doubled.</summary>
    public bool RoundsHashPlainly => _levels.Tables >= 17;

    /// <summary>2.6.18 and later: the sum of all zones' pages is printed.</summary>
    public bool SaysTotalPages => _levels.Zones >= 18;

    /// <summary>2.6.19 and later: zones are counted without their memory map, on every architecture.</summary>
    public bool TakesMemMapOut => _levels.Zones >= 19;

    private static int SublevelOf(KernelVersion version) =>
        version < KernelVersion.V2_6_13 ? 12 : version < KernelVersion.V2_6_14 ? 13 : version == KernelVersion.V2_6_14 ? 14 : 15;
}
