using CsCheck;

namespace Bootmem.Tests.Allocator;

/// <summary>Random machines and calls: mostly such as a boot makes, with every number now and then at an
/// edge.</summary>
internal static class SequenceGenerator
{
    /// <summary>Room for nodes on each machine.</summary>
    public const int NodeCount = 4;

    private static readonly Gen<ulong> StartPages = Gen.Frequency(
        (3, Gen.Const(0UL)),
        (3, Gen.ULong[0, 70]),
        (3, Gen.ULong[0, 40].Select(x => x * 32)),
        (1, Gen.ULong[1, 3].Select(x => x << 32)),
        (1, Gen.ULong[0, 300].Select(x => 0UL - x)));

    private static readonly Gen<ulong> PageCounts = Gen.Frequency(
        (1, Gen.Const(0UL)),
        (4, Gen.ULong[1, 40]),
        (3, Gen.ULong[1, 6].Select(x => x * 32)),
        (2, Gen.ULong[1, 400]),
        (1, Gen.ULong[1000, 9000]));

    private static readonly Gen<Bank[]> Banks =
        (from start in StartPages
         from pages in PageCounts
         from isFreed in Gen.Frequency((5, true), (1, false))
         select new Bank(start, pages, isFreed)).Array[1, NodeCount];

    private static readonly Gen<Place> Places =
        from anchor in Gen.Int[0, 12]
        from pages in Gen.Frequency((4, Gen.Long[-3, 12]), (2, Gen.Long[-70, 400]))
        from bytes in Gen.Frequency((4, Gen.Const(0L)), (2, Gen.Long[-9, 9]), (1, Gen.Long[-5000, 5000]))
        select new Place(anchor, pages, bytes);

    private static readonly Gen<ulong> Aligns = Gen.Frequency(
        (2, Gen.Const(0UL)),
        (24, Gen.Int[0, 13].Select(x => 1UL << x)),
        (2, Gen.Int[14, 63].Select(x => 1UL << x)),
        (1, Gen.ULong[0, 100]));

    private static readonly Gen<Call> SomeCalls = Gen.Frequency(
        (2, Gen.Const(Call.bootmem_bootmap_pages)),
        (1, Gen.OneOf(Call.init_bootmem, Call.init_bootmem_node)),
        (6, Gen.OneOf(Call.reserve_bootmem, Call.reserve_bootmem_node)),
        (16, Gen.OneOf(Call.free_bootmem, Call.free_bootmem_node)),
        (1, Gen.OneOf(Call.free_all_bootmem, Call.free_all_bootmem_node)),
        (30, Gen.Int[(int)Call.__alloc_bootmem, (int)Call.alloc_bootmem_low_pages_node_limit].Select(x => (Call)x)),
        (16, Gen.Int[(int)Call.__alloc_bootmem, (int)Call.__alloc_bootmem_node_limit].Select(x => (Call)x)));

    private static readonly Gen<Step> Steps =
        from call in SomeCalls
        from node in Gen.Frequency((20, Gen.Int[0, NodeCount - 1]), (1, Gen.Const(NodeCount)))
        from address in Places
        from size in Places
        from limit in Places
        from align in Aligns
        from isTame in Gen.Frequency((12, true), (1, false))
        select new Step(call, node, address, size, limit, align, isTame);

    private static readonly Gen<BootMemoryOptions> Machines =
        from version in Gen.Frequency(
            (3, Gen.OneOf(KernelVersion.V2_6_12, KernelVersion.V2_6_13)),
            (3, Gen.OneOf(KernelVersion.V2_6_14, KernelVersion.V2_6_15)),
            (1, Gen.Int[0, KernelVersions.Count - 1].Select(x => (KernelVersion)x)))
        from isWide in Gen.Bool
        from search in Gen.OneOf(SearchKind.Generic, SearchKind.X86, SearchKind.Arm)
        from pageShift in Gen.OneOf(6, 7, 10, 12, 14)
        from cacheLine in Gen.OneOf(16UL, 32UL, 64UL, 128UL)
        from goal in Gen.Frequency((2, Gen.Const(0UL)), (3, Gen.ULong[0, 500]), (1, Gen.Const(ulong.MaxValue)))
        from speaks in Gen.Bool
        select new BootMemoryOptions
        {
            Version = version,
            Bits = isWide ? 64 : 32,
            Search = search,
            PageShift = pageShift,
            CacheLine = cacheLine,
            DmaGoal = (goal << pageShift) & (isWide ? ulong.MaxValue : uint.MaxValue),
            SaysReservedTwice = speaks,
        };

    /// <summary>Sequences of up to 60 calls.</summary>
    public static Gen<Sequence> Sequences =>
        from machine in Machines
        from banks in Banks
        from steps in Steps.Array[0, 60]
        select new Sequence(machine, banks, steps);

    /// <summary>The call of 2.6.12 that a call with a limit grew from; any other as it is.</summary>
    public static Call WithoutLimit(Call call) => call switch
    {
        Call.__alloc_bootmem_limit => Call.__alloc_bootmem,
        Call.__alloc_bootmem_node_limit => Call.__alloc_bootmem_node,
        >= Call.alloc_bootmem_limit and <= Call.alloc_bootmem_low_pages_node_limit =>
            call - (Call.alloc_bootmem_limit - Call.alloc_bootmem),
        _ => call,
    };
}
