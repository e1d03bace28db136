namespace Bootmem.Boot;

/// <summary>
/// How printed figures are computed, release by release: some rules changed in releases whose bootmem did not, and some in
/// releases before and after the eleven whose bootmem is modelled.
/// </summary>
public readonly struct FigureRules
{
    /// <summary>The N of 2.6.N, 9 .. 19.</summary>
    public readonly int Sublevel;

    /// <summary>The rules that a configuration asks for.</summary>
    /// <param name="config">A configuration.</param>
    public FigureRules(in BootConfig config) => Sublevel = config.Sublevel != 0 ? config.Sublevel : SublevelOf(config.Version);

    /// <summary>2.6.12 and later: the LIFO batch is one less than a power of two.</summary>
    public bool HasPowerBatch => Sublevel >= 12;

    /// <summary>2.6.11 and later: the TCP established hash comes from alloc_large_system_hash().</summary>
    public bool HasTcpSystemHash => Sublevel >= 11;

    /// <summary>2.6.13 and later: the IP route cache does, too.</summary>
    public bool HasRouteSystemHash => Sublevel >= 13;

    /// <summary>2.6.12 and later: the place where PCI resources begin is printed.</summary>
    public bool SaysPciStart => Sublevel >= 12;

    /// <summary>2.6.14 and later: that place is rounded by the size of the gap.</summary>
    public bool RoundsPciStart => Sublevel >= 14;

    /// <summary>Up to 2.6.9: the mount cache's line has order and bytes.</summary>
    public bool SaysMountCacheBytes => Sublevel <= 9;

    /// <summary>Up to 2.6.12: x86-64 counts holes as pages.</summary>
    public bool CountsHoles => Sublevel <= 12;

    /// <summary>2.6.15 and later: x86-64 leaves the memory map and what is reserved early out of the zones.</summary>
    public bool TakesOwnPagesOut => Sublevel >= 15;

    /// <summary>2.6.11 to 2.6.14: the end of an x86-64 node is its last byte, which costs its last page.</summary>
    public bool HasInclusiveNodeEnd => Sublevel <= 14;

    /// <summary>Up to 2.6.13: NUMA kernels of x86-64 print no reserved pages.</summary>
    public bool HidesReserved => Sublevel <= 13;

    /// <summary>2.6.17 and later: one PID hash table instead of four.</summary>
    public int PidTableCount => Sublevel >= 17 ? 1 : 4;

    /// <summary>2.6.17 and later: a hash's size that is a power of two already is not doubled.</summary>
    public bool RoundsHashPlainly => Sublevel >= 17;

    /// <summary>2.6.19 and later: zones are counted without their memory map, and the sum is printed.</summary>
    public bool TakesMemMapOut => Sublevel >= 19;

    private static int SublevelOf(KernelVersion version) =>
        version < KernelVersion.V2_6_13 ? 12 : version < KernelVersion.V2_6_14 ? 13 : version == KernelVersion.V2_6_14 ? 14 : 15;
}
