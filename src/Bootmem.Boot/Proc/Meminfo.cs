using System;

namespace Bootmem.Boot;

/// <summary>/proc/meminfo: the machine's memory in KiB.</summary>
public static class Meminfo
{
    /// <summary>
    /// Writes the file: meminfo_read_proc() of fs/proc/proc_misc.c, the same rows in all versions. There is no
    /// cache, no slab, no swap and no process here: those rows are 0.
    /// </summary>
    /// <param name="log">Where to.</param>
    /// <param name="pages">The page allocator.</param>
    /// <param name="vmallocBytes">The size of the vmalloc area in bytes, of which nothing is used.</param>
    public static void Write(Log log, in PageAllocator pages, ulong vmallocBytes)
    {
        ulong total = pages.TotalPages;
        ulong free = pages.FreePageCount;
        ulong highTotal = pages.TotalHighPages;
        ulong highFree = pages.FreeHighPageCount;

        // sysctl_overcommit_ratio is 50 percent.
        ulong commitLimit = total >> 1;
        Row(log, "MemTotal:     "u8, pages.ToKbytes(total));
        Row(log, "MemFree:      "u8, pages.ToKbytes(free));
        Row(log, "Buffers:      "u8, 0);
        Row(log, "Cached:       "u8, 0);
        Row(log, "SwapCached:   "u8, 0);
        Row(log, "Active:       "u8, 0);
        Row(log, "Inactive:     "u8, 0);
        Row(log, "HighTotal:    "u8, pages.ToKbytes(highTotal));
        Row(log, "HighFree:     "u8, pages.ToKbytes(highFree));
        Row(log, "LowTotal:     "u8, pages.ToKbytes(total - highTotal));
        Row(log, "LowFree:      "u8, pages.ToKbytes(free - highFree));
        Row(log, "SwapTotal:    "u8, 0);
        Row(log, "SwapFree:     "u8, 0);
        Row(log, "Dirty:        "u8, 0);
        Row(log, "Writeback:    "u8, 0);
        Row(log, "Mapped:       "u8, 0);
        Row(log, "Slab:         "u8, 0);
        Row(log, "CommitLimit:  "u8, pages.ToKbytes(commitLimit));
        Row(log, "Committed_AS: "u8, 0);
        Row(log, "PageTables:   "u8, 0);
        Row(log, "VmallocTotal: "u8, vmallocBytes >> 10);
        Row(log, "VmallocUsed:  "u8, 0);
        Row(log, "VmallocChunk: "u8, vmallocBytes >> 10);
    }

    private static void Row(Log log, ReadOnlySpan<byte> name, ulong kbytes) =>
        log.Text(name).Decimal(kbytes, 8).Text(" kB\n"u8);
}
