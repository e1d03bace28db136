namespace Bootmem.Boot;

/// <summary>
/// The kernel's configuration macros, as far as the boot of memory depends on them. What is 0 is decided by the machine
/// (<see cref="Complete"/>).
/// </summary>
public struct BootConfig
{
    /// <summary>Which kernel.</summary>
    public KernelVersion Version;

    /// <summary>The architecture; <see cref="Architecture.Auto"/> is decided by what the firmware told.</summary>
    public Architecture Architecture;

    /// <summary>
    /// The N of the release 2.6.N whose printed figures are wanted, 9 .. 19; 0: that of <see cref="Version"/>. Some figures
    /// changed between releases whose bootmem is the same.
    /// </summary>
    public int Sublevel;

    /// <summary>Families of figures that follow another release's rules; all 0: none.</summary>
    public FigureLevels FigureLevels;

    /// <summary>BITS_PER_LONG: 32 or 64; 0: the architecture's; 64 on others only where a bank reaches beyond
    /// 4 GiB.</summary>
    public int Bits;

    /// <summary>PAGE_SHIFT: 6 .. 24; 0 is 12.</summary>
    public int PageShift;

    /// <summary>L1_CACHE_BYTES (SMP_CACHE_BYTES): a power of two; 0 is 32, or 128 on PCs.</summary>
    public ulong CacheLine;

    /// <summary>NR_CPUS: 1 .. <see cref="Zone.MaxCpus"/>; 0 is 1, or 8 in the article's set-up. More than 1 is an SMP kernel.</summary>
    public int CpuCount;

    /// <summary>NODES_SHIFT: at most 2^this nodes, 0 .. 10; -1: as many as the machine has.</summary>
    public int NodesShift;

    /// <summary>CONFIG_HIGHMEM: RAM beyond the linear map is used; without it, it is cut off.</summary>
    public bool HasHighMem;

    /// <summary>CONFIG_X86_PAE: i386 reaches RAM beyond 4 GiB.</summary>
    public bool HasPae;

    /// <summary>CONFIG_ACPI_SLEEP: i386 keeps a page to wake up in.</summary>
    public bool HasAcpiSleep;

    /// <summary>CONFIG_INET: the tables of IP and TCP are taken from the page allocator.</summary>
    public bool HasInet;

    /// <summary>CONFIG_QUOTA: there is a cache of quotas.</summary>
    public bool HasQuota;

    /// <summary>Bytes of a bucket of the IP route cache; 0: a pointer, or up to 2.6.12 two.</summary>
    public ulong RouteBucket;

    /// <summary>Bytes of a bucket of the TCP established hash; 0: two pointers.</summary>
    public ulong TcpBucket;

    /// <summary>Bytes of a bucket of the TCP bind hash; 0: a pointer.</summary>
    public ulong TcpBindBucket;

    /// <summary>CONFIG_NUMA: <c>hashdist=</c> is known, and the boot's per-CPU lists let every page through.</summary>
    public bool IsNuma;

    /// <summary>CONFIG_CRASH_DUMP: saved_max_pfn is kept (from 2.6.13).</summary>
    public bool HasCrashDump;

    /// <summary>CONFIG_HAVE_ARCH_ALLOC_REMAP: each node but the first has a remap area for its memory map (from 2.6.13).</summary>
    public bool HasAllocRemap;

    /// <summary>CONFIG_DEBUG_BOOTMEM: bootmem says which pages are reserved twice.</summary>
    public bool HasDebugBootmem;

    /// <summary>PAGE_OFFSET: the virtual address of the first byte of RAM; 0 is the architecture's.</summary>
    public ulong PageOffset;

    /// <summary>Bytes of virtual memory kept for vmalloc above the linear map; 0 is 128 MiB.</summary>
    public ulong VmallocReserve;

    /// <summary>The configuration before anybody has chosen: 2.6.12, the rest decided by the machine.</summary>
    public static BootConfig Default => new() { NodesShift = -1, HasHighMem = true };

    /// <summary>Whether the kernel is an SMP kernel.</summary>
    public readonly bool IsSmp => CpuCount > 1;

    /// <summary>Puts the machine's values where nothing was chosen.</summary>
    /// <param name="info">What the firmware told.</param>
    public void Complete(in BootInfo info)
    {
        if (Architecture == Architecture.Auto)
        {
            Architecture = Architectures.Of(info, Bits);
        }

        if (Architectures.BitsOf(Architecture) != 0)
        {
            Bits = Architectures.BitsOf(Architecture);
            PageShift = 12;
        }

        if (Bits == 0)
        {
            Bits = BankTable.ReachesBeyond4GiB(info) ? 64 : 32;
        }

        if (PageShift == 0)
        {
            PageShift = 12;
        }

        if (CacheLine == 0)
        {
            CacheLine = Architecture == Architecture.Arm ? 32UL : 128;
        }

        if (CpuCount == 0)
        {
            CpuCount = info.Private.IsPresent ? 8 : 1;
        }

        if (PageOffset == 0)
        {
            PageOffset = info.Private.IsPresent ? info.Private.PageOffset
                : Bits == 32 ? 0xc000_0000UL : 0xffff_8100_0000_0000UL;
        }

        if (VmallocReserve == 0)
        {
            VmallocReserve = info.Private.IsPresent && info.Private.VmallocSize != 0
                ? info.Private.VmallocSize : 128UL << 20;
        }
    }
}
