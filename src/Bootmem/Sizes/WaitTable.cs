namespace Bootmem;

/// <summary>A zone's table of wait queues for locked pages.</summary>
public static class WaitTable
{
    /// <summary>PAGES_PER_WAITQUEUE is 256.</summary>
    private const int PagesPerQueueShift = 8;

    private const ulong Fewest = 4;
    private const ulong Most = 4096;

    /// <summary>How many wait queues a zone gets: the kernel's wait_table_size(), the same in all versions.</summary>
    /// <param name="pages">The zone's pages, holes included.</param>
    /// <returns>A power of two, 4 .. 4096.</returns>
    public static ulong Entries(ulong pages)
    {
        ulong queues = pages >> PagesPerQueueShift;
        if (queues >= Most)
        {
            return Most;
        }

        ulong entries = Fewest;
        while (entries < queues)
        {
            entries <<= 1;
        }

        return entries;
    }

    /// <summary>The bytes that free_area_init_core() asks of bootmem for a zone.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="pages">The zone's pages, holes included.</param>
    /// <param name="isSmp">CONFIG_SMP.</param>
    public static ulong Bytes(KernelWord word, ulong pages, bool isSmp)
    {
        // The number of queues is a power of two: its product is a shift.
        return StructSizes.WaitQueueHead(word, isSmp) << Bits.Log2(Entries(pages));
    }
}
