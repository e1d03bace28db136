namespace Bootmem.Boot;

/// <summary>Steps that both architectures of PCs take in the same way.</summary>
internal static unsafe class X86Parts
{
    /// <summary>__pa(MAX_DMA_ADDRESS): what the old DMA controller reaches.</summary>
    public const ulong DmaLimit = 16UL << 20;

    // Below this, memory is the BIOS's; an EBDA lies at its end.
    private const ulong ConventionalEnd = 0xa0000;
    private const ulong LeastEbda = 0x80000;

    public static void MakeBootmem(Machine* machine, KernelWord word)
    {
        ref BootConfig config = ref machine->Config;
        BootMemoryOptions options = new()
        {
            Version = config.Version,
            Bits = config.Bits,
            PageShift = config.PageShift,
            CacheLine = config.CacheLine,
            DmaGoal = DmaLimit,
            Search = SearchKind.X86,
            SaysReservedTwice = config.HasDebugBootmem,
        };
        machine->Bootmem = new BootMemory(options, machine->Room.BootmemNodes, machine->Room.NodeCapacity)
        {
            Memory = machine->Memory,
            Log = machine->Log,
            Observer = machine->Observer,
            FaultHandler = machine->FaultHandler,
        };
    }

    /// <summary>The first byte behind the image.</summary>
    public static ulong ImageEnd(Machine* machine) =>
        machine->Space.virt_to_phys(machine->Image.All.Start) + machine->Image.All.Size;

    /// <summary>Whether a range lies in one range of RAM.</summary>
    public static bool IsInRam(in BootInfo info, ulong start, ulong end)
    {
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            MapRange range = info.MapRanges[i];
            if (range.Type == MapRangeType.Usable && range.Start <= start && end <= range.End && start < end)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>get_bios_ebda(): as the firmware told, or where RAM below 640 KiB ends; 0 if there is none.</summary>
    public static ulong Ebda(in BootInfo info)
    {
        if (info.Pc.Ebda != 0)
        {
            return info.Pc.Ebda;
        }

        ulong found = 0;
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            MapRange range = info.MapRanges[i];
            if (range.Type == MapRangeType.Usable && range.End is > LeastEbda and < ConventionalEnd)
            {
                // The BIOS names it by a segment: a multiple of 16.
                found = range.End & ~0xfUL;
            }
        }

        return found;
    }

    /// <summary>
    /// register_memory(), e820_reserve_resources(): a struct resource for each range of the map. i386 has no words for
    /// ranges that end beyond 4 GiB.
    /// </summary>
    public static void AllocateResources(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.Resources;

        // Name, start, end, flags, and three links.
        ulong size = (mem.Word.Bytes << 3) - mem.Word.Bytes;
        for (int i = 0; i < machine->Info.MapRangeCount; i++)
        {
            if (mem.Word.Bits == 64 || machine->Info.MapRanges[i].End <= 1UL << 32)
            {
                KernelApi.alloc_bootmem_low(ref mem, size);
            }
        }

        mem.Owner = Owner.Unnamed;
    }

    /// <summary>
    /// The INITRD, if it lies below the end of memory; else it is refused, and the boot goes on without it.
    /// </summary>
    public static bool CheckInitrd(Machine* machine, ulong endPfn)
    {
        ulong start = machine->Info.InitrdStart;
        ulong size = machine->Info.InitrdSize;
        if (size == 0)
        {
            return false;
        }

        ulong end = start + size;
        ulong most = endPfn << MemoryMap.PageShift;
        if (end < start || end > most)
        {
            machine->Log.Text("<3>initrd extends beyond end of memory (0x"u8).Hex(end, 8).Text(" > 0x"u8).Hex(most, 8)
                .Text(")\ndisabling initrd\n"u8);
            return false;
        }

        machine->InitrdStart = start;
        machine->InitrdSize = size;
        return true;
    }

    /// <summary>A page allocator without a node yet.</summary>
    public static void MakePages(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        machine->Pages = new PageAllocator(
            mem.Word, mem.Behaviour, machine->Config.IsNuma, machine->Room.Zones, machine->Room.ZoneCapacity,
            machine->Room.NodePages, machine->Room.NodeCapacity)
        {
            Memory = machine->Memory,
            Log = machine->Log,
            AddressSpace = machine->Space,
        };
    }
}
