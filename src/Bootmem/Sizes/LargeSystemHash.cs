namespace Bootmem;

/// <summary>Hash tables that grow with the machine: alloc_large_system_hash(), the same in all versions.</summary>
public static unsafe class LargeSystemHash
{
    // MAX_ORDER - 1.
    private const int MostOrder = 10;

    /// <summary>log2 of the number of entries that is tried first: 0 .. 63.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="request">The table; its bucket size is not 0.</param>
    /// <param name="sources">The machine's memory.</param>
    public static int FirstShift(KernelWord word, in HashRequest request, in HashSources sources)
    {
        ulong entries = word.Wrap(request.EntryCount);
        if (entries == 0)
        {
            bool countsAll = (request.Flags & HashFlags.HighMem) != 0;
            entries = ByMemory(word, countsAll ? sources.AllPages : sources.KernelPages, request.Scale);
        }

        // The kernel's comment says "rounded up to a power of two"; one that is a power of two already is doubled.
        // From 2.6.17 on it is not.
        bool stays = sources.RoundsPlainly && entries != 0 && (entries & (entries - 1)) == 0;
        entries = stays ? entries : word.Wrap(ShiftLeft(1, Bits.Log2(entries) + 1));

        // This bound has 64 bits on every machine.
        ulong most = word.Wrap(request.Limit);
        if (most == 0)
        {
            ulong sixteenth = (word.Wrap(sources.AllPages) << word.PageShift) >> 4;
            most = Division.Divide(sixteenth, word.Wrap(request.BucketSize));
        }

        return Bits.Log2(entries < most ? entries : most);
    }

    /// <summary>Allocates a table, halving it until it can be had, and prints its line.</summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="request">The table.</param>
    /// <param name="sources">The machine's memory, and where late tables come from.</param>
    /// <param name="table">What was allocated.</param>
    /// <param name="fault">Why not, if not: bootmem's own fault for an early table, else
    /// <see cref="FaultReason.HashTable"/>, the kernel's panic "Failed to allocate NAME hash table".</param>
    public static bool TryAllocate(
        ref BootMemory memory, in HashRequest request, in HashSources sources, out HashTable table, out Fault fault)
    {
        KernelWord word = memory.Word;
        ulong bucketSize = word.Wrap(request.BucketSize);
        table = default;
        fault = new Fault { Call = Call.alloc_large_system_hash, Node = -1, Pfn = Fault.NoPage };
        if (bucketSize == 0)
        {
            // The kernel divides by it.
            fault.Kind = FaultKind.Undefined;
            fault.Reason = FaultReason.ZeroSize;
            return false;
        }

        int shift = FirstShift(word, request, sources);
        while (true)
        {
            ulong size = word.Wrap(bucketSize << shift);
            fault.Size = size;
            ulong address;
            if ((request.Flags & HashFlags.Early) != 0)
            {
                AllocationRequest early = new(
                    Call.alloc_bootmem, size, memory.Options.CacheLine, memory.Options.DmaGoal);
                if (!memory.TryAllocate(early, out address, out fault))
                {
                    return false;
                }
            }
            else
            {
                address = AllocateLate(word, sources, size);
            }

            if (address != 0 || (request.Flags & HashFlags.Early) != 0)
            {
                table = new HashTable { Address = address, Bytes = size, Shift = shift, Mask = (1U << shift) - 1 };
                Say(memory.Log, word, request, table);
                return true;
            }

            if (size <= word.PageSize || shift <= 1)
            {
                fault.Kind = FaultKind.Panic;
                fault.Reason = FaultReason.HashTable;
                return false;
            }

            shift--;
        }
    }

    private static ulong ByMemory(KernelWord word, ulong pages, int scale)
    {
        // Up to a whole megabyte of pages.
        int megabyteShift = word.PageShift < 20 ? 20 - word.PageShift : 0;
        ulong rounded = word.RoundUp(word.Wrap(pages), 1UL << megabyteShift);
        return scale > word.PageShift
            ? ShiftRight(rounded, scale - word.PageShift)
            : word.Wrap(ShiftLeft(rounded, word.PageShift - scale));
    }

    private static ulong AllocateLate(KernelWord word, in HashSources sources, ulong size)
    {
        if (sources.IsDistributed)
        {
            return sources.Vmalloc == null ? 0 : sources.Vmalloc(sources.Context, size);
        }

        int order = 0;
        while (order <= MostOrder && (word.PageSize << order) < size)
        {
            order++;
        }

        return order > MostOrder || sources.Pages == null ? 0 : sources.Pages(sources.Context, order);
    }

    // "NAME hash table entries: %d (order: %d, %lu bytes)": the order is that of the size's highest bit, less
    // PAGE_SHIFT.
    private static void Say(Log log, KernelWord word, in HashRequest request, in HashTable table)
    {
        log.Text(request.Name).Text(" hash table entries: "u8).Signed((int)(1U << table.Shift));
        log.Text(" (order: "u8).Signed(Bits.Log2(table.Bytes) - word.PageShift);
        log.Text(", "u8).Decimal(table.Bytes).Text(" bytes)\n"u8);
    }

    // C# takes a shift's count modulo 64.
    private static ulong ShiftLeft(ulong x, int count) => count > 63 ? 0 : x << count;

    private static ulong ShiftRight(ulong x, int count) => count > 63 ? 0 : x >> count;
}
