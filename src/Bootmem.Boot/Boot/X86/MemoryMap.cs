using System;

namespace Bootmem.Boot;

/// <summary>A PC's memory map: what the kernel makes of what the BIOS told, and what can be asked of it.</summary>
internal static unsafe class MemoryMap
{
    /// <summary>log2 of a page: both architectures of PCs have pages of 4 KiB.</summary>
    public const int PageShift = 12;

    private const ulong PageSize = 1UL << PageShift;

    /// <summary>The ranges of RAM as a map, for a machine that only told of banks.</summary>
    public static bool TakeBanks(ref BootInfo info, ref BootError error)
    {
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            if (!Add(ref info, bank.Start, bank.Start + bank.Size, MapRangeType.Usable, ref error))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds a range: add_memory_region(). An empty one is left out.</summary>
    public static bool Add(ref BootInfo info, ulong start, ulong end, MapRangeType type, ref BootError error)
    {
        if (end == start)
        {
            return true;
        }

        if (end < start)
        {
            return error.Set(BootErrorKind.BankBeyondAddresses, info.MapRangeCount, start, ulong.MaxValue);
        }

        if (info.MapRangeCount >= info.MapRangeCapacity)
        {
            return error.Set(BootErrorKind.TooManyBanks, info.MapRangeCount, 0, (ulong)info.MapRangeCapacity);
        }

        info.MapRanges[info.MapRangeCount++] = new MapRange { Start = start, End = end, Type = type };
        return true;
    }

    /// <summary>
    /// sanitize_e820_map(): ranges sorted, without overlap, as long as they can be. Where ranges overlap, the greater
    /// type holds.
    /// </summary>
    public static bool Sanitize(ref BootInfo info, ref BootError error)
    {
        // The new map is written behind the old one, and moved to the front at the end.
        MapRange* old = info.MapRanges;
        int oldCount = info.MapRangeCount;
        for (ulong at = NextEdge(old, oldCount, 0, isAfter: false); at != ulong.MaxValue;)
        {
            ulong next = NextEdge(old, oldCount, at, isAfter: true);
            MapRangeType type = TypeAt(old, oldCount, at);
            MapRange* last = old + info.MapRangeCount - 1;
            bool isMore = info.MapRangeCount > oldCount && last->End == at && last->Type == type;
            if (type != MapRangeType.None && isMore)
            {
                last->End = next;
            }
            else if (type != MapRangeType.None && !Add(ref info, at, next, type, ref error))
            {
                return false;
            }

            at = next;
        }

        int count = info.MapRangeCount - oldCount;
        for (int i = 0; i < count; i++)
        {
            old[i] = old[oldCount + i];
        }

        info.MapRangeCount = count;
        return true;
    }

    /// <summary>print_memory_map(): the map, line by line.</summary>
    public static void Say(Log log, in BootInfo info, ReadOnlySpan<byte> who)
    {
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            MapRange range = info.MapRanges[i];
            log.Text("<4> "u8).Text(who).Text(": "u8).Hex(range.Start, 16).Text(" - "u8).Hex(range.End, 16).Text(" ("u8)
                .Text(NameOf(range.Type)).Text(")\n"u8);
        }
    }

    /// <summary>What the kernel prints for a type.</summary>
    public static ReadOnlySpan<byte> NameOf(MapRangeType type) => type switch
    {
        MapRangeType.Usable => "usable"u8,
        MapRangeType.AcpiData => "ACPI data"u8,
        MapRangeType.AcpiNvs => "ACPI NVS"u8,
        MapRangeType.Unusable => "unusable"u8,
        _ => "reserved"u8,
    };

    /// <summary>limit_regions() of arch/i386: RAM beyond a size, and every range behind it, is cut off.</summary>
    public static void Limit(ref BootInfo info, ulong size)
    {
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            ref MapRange range = ref info.MapRanges[i];
            if (range.Type == MapRangeType.Usable && range.End > size)
            {
                range.End = size;
                info.MapRangeCount = range.Start < size ? i + 1 : i;
                return;
            }
        }
    }

    /// <summary>find_max_pfn(), e820_end_of_ram(): the page behind the last whole one of RAM; 0 if there is
    /// none.</summary>
    public static ulong EndPfn(in BootInfo info)
    {
        ulong most = 0;
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            if (IsRam(info.MapRanges[i], out _, out ulong end) && end > most)
            {
                most = end;
            }
        }

        return most;
    }

    /// <summary>How many whole pages of RAM there are from one page to another.</summary>
    public static ulong RamPages(in BootInfo info, ulong startPfn, ulong endPfn)
    {
        ulong count = 0;
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            if (IsRam(info.MapRanges[i], out ulong first, out ulong end))
            {
                first = first > startPfn ? first : startPfn;
                end = end < endPfn ? end : endPfn;
                count += first < end ? end - first : 0;
            }
        }

        return count;
    }

    /// <summary>Whether a range is RAM and has whole pages, and which.</summary>
    public static bool IsRam(in MapRange range, out ulong firstPfn, out ulong endPfn)
    {
        // Not rounded up before the shift: at the top of 64 bits that would wrap to page 0.
        firstPfn = (range.Start >> PageShift) + ((range.Start & (PageSize - 1)) == 0 ? 0UL : 1);
        endPfn = range.End >> PageShift;
        return range.Type == MapRangeType.Usable && firstPfn < endPfn;
    }

    /// <summary>
    /// The RAM as banks, cut at the ends of nodes, so that all that asks for banks finds them: /proc/iomem, the
    /// account.
    /// </summary>
    public static bool MakeBanks(Machine* machine, ulong endPfn)
    {
        ref BootInfo info = ref machine->Info;
        info.BankCount = 0;
        for (int i = 0; i < info.MapRangeCount; i++)
        {
            MapRange range = info.MapRanges[i];
            ulong end = range.End < endPfn << PageShift ? range.End : endPfn << PageShift;
            if (range.Type != MapRangeType.Usable || range.Start >= end)
            {
                continue;
            }

            for (ulong start = range.Start; start < end;)
            {
                int node = NodeOf(machine, start, out ulong nodeEnd);
                ulong stop = nodeEnd < end ? nodeEnd : end;
                if (!info.TryAddBank(start, stop - start, node))
                {
                    return machine->Error.Set(BootErrorKind.TooManyBanks, i, 0, (ulong)info.BankCapacity);
                }

                info.Banks[info.BankCount - 1].Node = node;
                start = stop;
            }
        }

        return true;
    }

    // The node of an address, or the one whose page is missing at its end; and where the next one begins.
    private static int NodeOf(Machine* machine, ulong address, out ulong end)
    {
        int found = 0;
        ulong foundStart = 0;
        end = ulong.MaxValue;
        for (int node = 0; node < machine->NodeCount; node++)
        {
            NodeExtent extent = machine->Extents[node];
            ulong start = extent.StartPfn << PageShift;
            if (!extent.HasMemory)
            {
                continue;
            }

            if (start <= address && start >= foundStart)
            {
                found = node;
                foundStart = start;
            }

            if (start > address && start < end)
            {
                end = start;
            }
        }

        return found;
    }

    private static ulong NextEdge(MapRange* ranges, int count, ulong at, bool isAfter)
    {
        ulong next = ulong.MaxValue;
        for (int i = 0; i < count; i++)
        {
            ulong start = ranges[i].Start;
            ulong end = ranges[i].End;
            next = (start > at || (!isAfter && start == at)) && start < next ? start : next;
            next = end > at && end < next ? end : next;
        }

        return next;
    }

    private static MapRangeType TypeAt(MapRange* ranges, int count, ulong at)
    {
        MapRangeType type = MapRangeType.None;
        for (int i = 0; i < count; i++)
        {
            if (ranges[i].Start <= at && at < ranges[i].End && ranges[i].Type > type)
            {
                type = ranges[i].Type;
            }
        }

        return type;
    }
}
