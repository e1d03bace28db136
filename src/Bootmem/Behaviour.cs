namespace Bootmem;

/// <summary>
/// What differs between the kernels, as named behaviours: the allocator asks for these and never for a version.
/// </summary>
public readonly struct Behaviour
{
    /// <summary>Which kernel this is the behaviour of.</summary>
    public readonly KernelVersion Version;

    /// <summary>2.6.13 and later: the memory map may come from alloc_remap() (6f167ec7).</summary>
    public readonly bool AsksRemap;

    /// <summary>2.6.13 and later: saved_max_pfn is kept where crash dumps are configured (92aa63a5).</summary>
    public readonly bool KeepsSavedMaxPfn;

    /// <summary>2.6.14 and later: allocation has a limit, and the <c>_limit</c> calls exist (281dd25c).</summary>
    public readonly bool HasLimit;

    /// <summary>2.6.15 and later: the search leaves at the node's end before it looks at the bit (66d43e98).</summary>
    public readonly bool StopsAtNodeEnd;

    /// <summary>2.6.15 and later: the hand-over sets the count of a block's tail pages to 0 (b5810039).</summary>
    public readonly bool ZeroesTailCounts;

    /// <summary>2.6.12 alone: says so where a zone does not begin at a multiple of the largest block.</summary>
    public readonly bool ChecksZoneAlignment;

    /// <summary>2.6.15 and later: per-cpu lists take batches of half the pages, up to twice the bound.</summary>
    public readonly bool HasShortBatch;

    /// <summary>The behaviour of one kernel.</summary>
    /// <param name="version">One of the eleven kernels.</param>
    public Behaviour(KernelVersion version)
    {
        Version = version;
        AsksRemap = version >= KernelVersion.V2_6_13;
        KeepsSavedMaxPfn = version >= KernelVersion.V2_6_13;
        HasLimit = version >= KernelVersion.V2_6_14;
        StopsAtNodeEnd = version >= KernelVersion.V2_6_15;
        ZeroesTailCounts = version >= KernelVersion.V2_6_15;
        ChecksZoneAlignment = version < KernelVersion.V2_6_13;
        HasShortBatch = version >= KernelVersion.V2_6_15;
    }
}

/// <summary>
/// How an architecture's find_next_zero_bit() treats the end of what it searches: the one place where bootmem differs
/// by architecture. From 2.6.15 on the index is tested before the bit and all three agree.
/// </summary>
public enum SearchKind : byte
{
    /// <summary>The first 0 bit below the end, else exactly the end (ppc64, ia64, mips, sparc64,
    /// lib/find_next_bit.c).</summary>
    Generic,

    /// <summary>Whole words, not cut: a 0 bit beyond the end in its last word is returned as found; with none, the end
    /// rounded up to a word (i386, x86-64).</summary>
    X86,

    /// <summary>Bytes: a 0 bit beyond the end in its last byte is returned as found; with none, the end
    /// (ARM).</summary>
    Arm,
}
