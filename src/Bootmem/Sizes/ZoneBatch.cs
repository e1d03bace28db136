namespace Bootmem;

/// <summary>How many pages a per-cpu list takes from its zone at a time.</summary>
public static class ZoneBatch
{
    /// <summary>
    /// The batch that boot prints as <c>LIFO batch</c>: free_area_init_core() of 2.6.12, zone_batchsize() from 2.6.13
    /// on. One less than a power of two; from 2.6.15 on 0 for the smallest zones.
    /// </summary>
    /// <param name="behaviour">The kernel.</param>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="pages">The zone's pages without its holes.</param>
    public static ulong Of(in Behaviour behaviour, KernelWord word, ulong pages) =>
        Of(word, pages, isPower: true, behaviour.HasShortBatch);

    /// <summary>The same for kernels of any release.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="pages">The zone's pages without its holes.</param>
    /// <param name="isPower">Whether it is made one less than a power of two: 2.6.12 and later.</param>
    /// <param name="isShort">Whether that power is halved, and the bound doubled: 2.6.15 and later.</param>
    public static ulong Of(KernelWord word, ulong pages, bool isPower, bool isShort)
    {
        // A thousandth of the zone, but no more than 256 KiB, or 512 KiB from 2.6.15 on.
        ulong mostBytes = isShort ? 512UL << 10 : 256UL << 10;
        ulong batch = pages >> 10;
        ulong most = mostBytes >> word.PageShift;
        if (batch > most)
        {
            batch = most;
        }

        batch >>= 2;
        if (batch == 0)
        {
            batch = 1;
        }

        if (!isPower)
        {
            return batch;
        }

        int power = Bits.FindLastSet(batch + (batch >> 1));
        return (1UL << (isShort ? power - 1 : power)) - 1;
    }
}
