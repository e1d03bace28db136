namespace Bootmem.Boot;

/// <summary>setup_bootmem_allocator() of arch/i386: one node from page 0, and what must not be given away.</summary>
internal static unsafe class I386Bootmem
{
    /// <summary>INIT_MAP_BEYOND_END: the boot page tables map this many bytes beyond themselves.</summary>
    private const ulong MapBeyondEnd = 128UL << 10;

    /// <summary>What one boot page table maps.</summary>
    private const ulong TableSpan = 4UL << 20;

    private const ulong PageSize = 1UL << MemoryMap.PageShift;
    private const ulong AmdPage = 0x9f000;

    public static bool Run(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong startPfn = mem.Word.PagesOf(TablesEnd(machine));
        ulong lowEnd = mem.MaxLowPfn;
        ulong bitmapPages = KernelApi.bootmem_bootmap_pages(ref mem, lowEnd);
        ulong end = (startPfn + bitmapPages) << MemoryMap.PageShift;
        if (startPfn + bitmapPages > lowEnd || !X86Parts.IsInRam(machine->Info, X86Setup.HighMemory, end))
        {
            return machine->Error.Set(BootErrorKind.ImageOutsideMemory, 0, X86Setup.HighMemory, end);
        }

        mem.Owner = Owner.Bitmap;
        machine->BitmapPfn = startPfn;
        ulong bitmapSize = KernelApi.init_bootmem(ref mem, startPfn, lowEnd);
        FreeLowPages(machine);
        mem.Owner = Owner.KernelImage;
        KernelApi.reserve_bootmem(
            ref mem, X86Setup.HighMemory,
            (startPfn << MemoryMap.PageShift) + bitmapSize + PageSize - 1 - X86Setup.HighMemory);
        ReserveForFirmware(machine);
        if (X86Parts.CheckInitrd(machine, lowEnd))
        {
            mem.Owner = Owner.Initrd;
            KernelApi.reserve_bootmem(ref mem, machine->InitrdStart, machine->InitrdSize);
        }

        if (machine->Config.IsSmp)
        {
            // smp_alloc_memory(): the page in which other CPUs begin.
            mem.Owner = Owner.Firmware;
            KernelApi.alloc_bootmem_low_pages(ref mem, PageSize);
        }

        mem.Owner = Owner.Unnamed;
        return true;
    }

    // head.S: as many boot page tables behind the image as it takes to map image, tables and a little more.
    private static ulong TablesEnd(Machine* machine)
    {
        ulong tables = machine->Bootmem.Word.PagesOf(X86Parts.ImageEnd(machine)) << MemoryMap.PageShift;
        ulong mapped = 0;
        do
        {
            mapped += TableSpan;
            tables += PageSize;
        }
        while (mapped < tables + MapBeyondEnd);
        return tables;
    }

    // register_bootmem_low_pages().
    private static void FreeLowPages(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.Unnamed;
        for (int i = 0; i < machine->Info.MapRangeCount; i++)
        {
            if (!MemoryMap.IsRam(machine->Info.MapRanges[i], out ulong first, out ulong end))
            {
                continue;
            }

            end = end < mem.MaxLowPfn ? end : mem.MaxLowPfn;
            if (first < end)
            {
                KernelApi.free_bootmem(ref mem, first << MemoryMap.PageShift, (end - first) << MemoryMap.PageShift);
            }
        }
    }

    private static void ReserveForFirmware(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ref PcFirmware pc = ref machine->Info.Pc;
        mem.Owner = Owner.Firmware;

        // The BIOS's own page, which is also what a null pointer means.
        KernelApi.reserve_bootmem(ref mem, 0, PageSize);
        ReservePage(machine, X86Parts.Ebda(machine->Info));
        if (pc.IsAmdFamily6)
        {
            ReservePage(machine, AmdPage);
        }

        if (machine->Config.IsSmp)
        {
            KernelApi.reserve_bootmem(ref mem, PageSize, PageSize);
        }

        if (machine->Config.HasAcpiSleep)
        {
            KernelApi.alloc_bootmem_low(ref mem, PageSize);
        }

        ReservePage(machine, pc.MpTable);
        ReservePage(machine, pc.MpTable == 0 ? 0 : pc.MpConfig);
        for (int i = 0; i < machine->Info.ReservationCount; i++)
        {
            ReserveWanted(machine, machine->Info.Reservations[i]);
        }
    }

    private static void ReservePage(Machine* machine, ulong address)
    {
        ulong end = machine->Bootmem.MaxLowPfn << MemoryMap.PageShift;
        if (address != 0 && address <= end - PageSize)
        {
            KernelApi.reserve_bootmem(ref machine->Bootmem, address, PageSize);
        }
    }

    // What a device tree wants kept, as far as bootmem manages it.
    private static void ReserveWanted(Machine* machine, in FirmwareReservation wanted)
    {
        ulong most = machine->Bootmem.MaxLowPfn << MemoryMap.PageShift;
        ulong end = wanted.Start + wanted.Size < most ? wanted.Start + wanted.Size : most;
        if (wanted.Start < end)
        {
            KernelApi.reserve_bootmem(ref machine->Bootmem, wanted.Start, end - wanted.Start);
        }
    }
}
