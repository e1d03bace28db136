namespace Bootmem;

/// <summary>The hash of process numbers: four tables, which pidhash_init() asks bootmem for. All versions.</summary>
public static unsafe class PidHash
{
    /// <summary>PIDTYPE_MAX: the number of tables.</summary>
    public const int TableCount = 4;

    private const int LeastShift = 4;
    private const int MostShift = 12;

    /// <summary>log2 of a table's entries: 4 .. 12.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="kernelPages">nr_kernel_pages: all pages but those of HighMem.</param>
    public static int Shift(KernelWord word, ulong kernelPages)
    {
        ulong megabytes = word.PageShift <= 20
            ? word.Wrap(kernelPages) >> (20 - word.PageShift)
            : word.Wrap(kernelPages << (word.PageShift - 20));
        int shift = Bits.FindLastSet(word.Wrap(megabytes << 2));
        return shift < LeastShift ? LeastShift : shift > MostShift ? MostShift : shift;
    }

    /// <summary>The size of one table in bytes.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="shift">log2 of its entries.</param>
    public static ulong TableBytes(KernelWord word, int shift) => StructSizes.Pointer(word) << shift;

    /// <summary>pidhash_init() of the eleven kernels, which have four tables.</summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="kernelPages">nr_kernel_pages.</param>
    /// <param name="tables">Room for four addresses; null if they are not wanted.</param>
    /// <param name="fault">Why not, if not.</param>
    public static bool TryInitialise(ref BootMemory memory, ulong kernelPages, ulong* tables, out Fault fault) =>
        TryInitialise(ref memory, kernelPages, tables, TableCount, out fault);

    /// <summary>pidhash_init(): prints its line, then allocates the four tables.</summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="kernelPages">nr_kernel_pages.</param>
    /// <param name="tables">Room for four addresses; null if they are not wanted.</param>
    /// <param name="count">How many tables: <see cref="TableCount"/>, or 1 from 2.6.17 on.</param>
    /// <param name="fault">Why not, if not. Tables before the one at fault stay allocated, as the kernel stops
    /// here.</param>
    public static bool TryInitialise(
        ref BootMemory memory, ulong kernelPages, ulong* tables, int count, out Fault fault)
    {
        int shift = Shift(memory.Word, kernelPages);
        ulong bytes = TableBytes(memory.Word, shift);
        memory.Log.Text("PID hash table entries: "u8).Decimal(1UL << shift).Text(" (order: "u8).Decimal((ulong)shift);
        memory.Log.Text(", "u8).Decimal(bytes * (ulong)count).Text(" bytes)\n"u8);

        AllocationRequest request = new(Call.alloc_bootmem, bytes, memory.Options.CacheLine, memory.Options.DmaGoal);
        fault = default;
        for (int i = 0; i < count; i++)
        {
            if (!memory.TryAllocate(request, out ulong address, out fault))
            {
                return false;
            }

            if (tables != null)
            {
                tables[i] = address;
            }
        }

        return true;
    }
}
