namespace Bootmem.Boot;

/// <summary>
/// What differs between the kernels' page allocators, as named behaviours: the allocator asks for these and never
/// for a version.
/// </summary>
public readonly struct PageBehaviour
{
    /// <summary>2.6.15 and later: there is a ZONE_DMA32.</summary>
    public readonly bool HasDma32;

    /// <summary>2.6.12: a full per-CPU list is emptied before the page goes onto it; later, after.</summary>
    public readonly bool TrimsBeforeAdding;

    /// <summary>2.6.13 and later: on NUMA machines the boot runs on per-CPU lists made for a batch of 0.</summary>
    public readonly bool HasBootPageSets;

    /// <summary>2.6.13 and later: a list's batch is at least 1, whatever the zone's.</summary>
    public readonly bool RaisesBatch;

    /// <summary>Up to 2.6.14: a hot list is refilled at 2 batches; later, when it is empty.</summary>
    public readonly bool RefillsEarly;

    /// <summary>2.6.15 and later: a cold list moves half a batch at a time.</summary>
    public readonly bool HalvesColdBatch;

    /// <summary>Up to 2.6.14: freeing a reserved page does nothing at all; later it takes the count down
    /// (b5810039).</summary>
    public readonly bool IgnoresReserved;

    /// <summary>2.6.15 and later: a reserved page begins with count 1, and the hand-over zeroes tails
    /// (b5810039).</summary>
    public readonly bool ZeroesTailCounts;

    /// <summary>2.6.15 and later: low and high marks lie apart by the zone's share of all memory, in HighMem
    /// too.</summary>
    public readonly bool SpreadsMarksByShare;

    /// <summary>2.6.13 and later: there is a /proc/zoneinfo.</summary>
    public readonly bool HasZoneinfo;

    /// <summary>The behaviour of one kernel.</summary>
    /// <param name="behaviour">Its behaviour in bootmem.</param>
    public PageBehaviour(in Behaviour behaviour)
    {
        bool from13 = behaviour.Version >= KernelVersion.V2_6_13;
        bool from15 = behaviour.Version >= KernelVersion.V2_6_15;
        HasDma32 = from15;
        TrimsBeforeAdding = !from13;
        HasBootPageSets = from13;
        RaisesBatch = from13;
        RefillsEarly = !from15;
        HalvesColdBatch = from15;
        IgnoresReserved = !from15;
        ZeroesTailCounts = behaviour.ZeroesTailCounts;
        SpreadsMarksByShare = from15;
        HasZoneinfo = from13;
    }

    /// <summary>The count that a page's <c>struct page</c> begins with, as long as the page is reserved.</summary>
    public int FirstCount => ZeroesTailCounts ? 1 : 0;
}
