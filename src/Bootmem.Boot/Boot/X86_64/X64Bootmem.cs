namespace Bootmem.Boot;

/// <summary>
/// init_memory_mapping(), the bitmaps of the nodes, and the early reservations of arch/x86_64. All three look for room
/// in the map itself, as there is no allocator yet.
/// </summary>
internal static unsafe class X64Bootmem
{
    private const ulong PageSize = 1UL << MemoryMap.PageShift;

    /// <summary>Below this lies what other CPUs start with.</summary>
    private const ulong LeastAddress = 0x8000;

    /// <summary>
    /// sizeof(pg_data_t), as whole pages. It goes with NR_CPUS and is not known from outside; this is that of 8 CPUs.
    /// </summary>
    private const ulong NodeDataSize = 4 * PageSize;

    public static bool Run(Machine* machine)
    {
        if (!FindImage(machine) || !FindTables(machine))
        {
            return false;
        }

        bool hasInitrd = X86Parts.CheckInitrd(machine, machine->X86.EndPfn);
        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (machine->Extents[node].HasMemory && !SetUpNode(machine, node))
            {
                return false;
            }
        }

        ReserveEarly(machine);
        if (hasInitrd)
        {
            machine->Bootmem.Owner = Owner.Initrd;
            Reserve(machine, machine->InitrdStart, machine->InitrdSize);
        }

        machine->Bootmem.Owner = Owner.Unnamed;
        return true;
    }

    private static bool FindImage(Machine* machine)
    {
        ulong end = X86Parts.ImageEnd(machine);
        return (X86Parts.IsInRam(machine->Info, X86Setup.HighMemory, end)
                && end <= machine->Extents[0].EndPfn << MemoryMap.PageShift)
            || machine->Error.Set(BootErrorKind.ImageOutsideMemory, 0, X86Setup.HighMemory, end);
    }

    // find_early_table_space(): a middle directory a gigabyte, an upper one for each 512 of them; below the image.
    private static bool FindTables(Machine* machine)
    {
        ulong end = machine->X86.EndPfn << MemoryMap.PageShift;
        ulong tables = ((end + (1UL << 30) - 1) >> 30) + ((end + (1UL << 39) - 1) >> 39);
        ulong size = tables << MemoryMap.PageShift;
        ulong start = FindArea(machine, LeastAddress, X86Setup.HighMemory, size);
        start = start != 0 ? start : FindArea(machine, X86Setup.HighMemory, end, size);
        machine->X86.TableStart = start;
        machine->X86.TableEnd = start + size;
        return start != 0 || machine->Error.Set(BootErrorKind.NoRoomForBitmap, 0, tables, LeastAddress >> 12);
    }

    // find_e820_area() with bad_addr(): the first room in RAM that is not the tables', the image's or the INITRD's.
    private static ulong FindArea(Machine* machine, ulong start, ulong end, ulong size)
    {
        for (int i = 0; i < machine->Info.MapRangeCount; i++)
        {
            MapRange range = machine->Info.MapRanges[i];
            if (range.Type != MapRangeType.Usable)
            {
                continue;
            }

            ulong stop = range.End < end ? range.End : end;
            ulong at = range.Start > start ? range.Start : start;
            at = at > LeastAddress ? at : LeastAddress;
            while (SkipTaken(machine, ref at, size))
            {
            }

            at = (at + PageSize - 1) & ~(PageSize - 1);
            if (at < stop && stop - at >= size)
            {
                return at;
            }
        }

        return 0;
    }

    private static bool SkipTaken(Machine* machine, ref ulong at, ulong size) =>
        Skip(ref at, size, machine->X86.TableStart, machine->X86.TableEnd)
        || Skip(ref at, size, X86Setup.HighMemory, X86Parts.ImageEnd(machine))
        || Skip(ref at, size, machine->Info.InitrdStart, machine->Info.InitrdStart + machine->Info.InitrdSize);

    private static bool Skip(ref ulong at, ulong size, ulong start, ulong end)
    {
        if (at >= end || at + size <= start)
        {
            return false;
        }

        at = end;
        return true;
    }

    // contig_initmem_init(), setup_node_bootmem().
    private static bool SetUpNode(Machine* machine, int node)
    {
        ref BootMemory mem = ref machine->Bootmem;
        NodeExtent extent = machine->Extents[node];
        ulong end = extent.EndPfn << MemoryMap.PageShift;
        ulong start = extent.StartPfn << MemoryMap.PageShift;
        ulong dataSize = machine->Config.IsNuma ? NodeDataSize : 0;
        ulong data = dataSize == 0 ? start : FindArea(machine, start, end, dataSize);
        ulong pages = KernelApi.bootmem_bootmap_pages(ref mem, extent.EndPfn - extent.StartPfn);
        ulong size = pages << MemoryMap.PageShift;
        ulong map = FindArea(machine, data + dataSize, end, size);
        if ((dataSize != 0 && data == 0) || map == 0)
        {
            return machine->Error.Set(BootErrorKind.NoRoomForBitmap, node, pages, extent.StartPfn);
        }

        mem.Owner = Owner.Bitmap;
        machine->BitmapPfn = node == 0 ? map >> MemoryMap.PageShift : machine->BitmapPfn;
        if (dataSize == 0)
        {
            KernelApi.init_bootmem(ref mem, map >> MemoryMap.PageShift, extent.EndPfn);
        }
        else
        {
            KernelApi.init_bootmem_node(ref mem, node, map >> MemoryMap.PageShift, extent.StartPfn, extent.EndPfn);
        }

        FreeRam(machine, node, extent);
        mem.Owner = Owner.Firmware;
        if (dataSize != 0)
        {
            KernelApi.reserve_bootmem_node(ref mem, node, data, dataSize);
        }

        mem.Owner = Owner.Bitmap;
        KernelApi.reserve_bootmem_node(ref mem, node, map, size);
        return true;
    }

    // e820_bootmem_free().
    private static void FreeRam(Machine* machine, int node, in NodeExtent extent)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.Unnamed;
        for (int i = 0; i < machine->Info.MapRangeCount; i++)
        {
            if (!MemoryMap.IsRam(machine->Info.MapRanges[i], out ulong first, out ulong end))
            {
                continue;
            }

            first = first > extent.StartPfn ? first : extent.StartPfn;
            end = end < extent.EndPfn ? end : extent.EndPfn;
            if (first < end)
            {
                KernelApi.free_bootmem_node(
                    ref mem, node, first << MemoryMap.PageShift, (end - first) << MemoryMap.PageShift);
            }
        }
    }

    private static void ReserveEarly(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.PageTables;
        Reserve(machine, machine->X86.TableStart, machine->X86.TableEnd - machine->X86.TableStart);
        mem.Owner = Owner.KernelImage;
        Reserve(machine, X86Setup.HighMemory, X86Parts.ImageEnd(machine) - X86Setup.HighMemory);
        mem.Owner = Owner.Firmware;
        Reserve(machine, 0, PageSize);
        ulong ebda = X86Parts.Ebda(machine->Info);
        if (ebda != 0)
        {
            Reserve(machine, ebda, PageSize);
        }

        if (machine->Config.IsSmp)
        {
            // What other CPUs start with.
            Reserve(machine, PageSize, PageSize);
            Reserve(machine, 6 * PageSize, PageSize);
        }

        if (machine->Config.HasAcpiSleep)
        {
            KernelApi.alloc_bootmem_low(ref mem, PageSize);
        }

        for (int i = 0; i < 2; i++)
        {
            ulong table = i == 0 ? machine->Info.Pc.MpTable : machine->Info.Pc.MpConfig;
            if (table != 0)
            {
                Reserve(machine, table, PageSize);
            }
        }
    }

    // reserve_bootmem_generic(): the node of the first byte. What lies below 16 MiB is counted, for the zones of
    // 2.6.15.
    private static void Reserve(Machine* machine, ulong start, ulong size)
    {
        int node = 0;
        for (int i = 0; i < machine->NodeCount; i++)
        {
            NodeExtent extent = machine->Extents[i];
            node = extent.HasMemory && extent.StartPfn <= start >> MemoryMap.PageShift ? i : node;
        }

        ulong end = machine->Extents[node].EndPfn << MemoryMap.PageShift;
        if (start >= end)
        {
            return;
        }

        size = size < end - start ? size : end - start;
        KernelApi.reserve_bootmem_node(ref machine->Bootmem, node, start, size);
        if (start + size <= X86Parts.DmaLimit)
        {
            machine->X86.DmaReservedPages += size >> MemoryMap.PageShift;
        }
    }
}
