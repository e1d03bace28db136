using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>Takes and gives back blocks of all orders at random; each holds its own address as long as it is taken.</summary>
internal static unsafe class RandomPages
{
    private const int Slots = 1024;
    private const int MostOrder = 5;

    private static Blocks s_blocks;

    public static bool Passes(int operations)
    {
        ref PageAllocator pages = ref Metal.Machine->Pages;
        ulong before = pages.FreePageCount + pages.PerCpuPageCount;
        ulong wrong = 0;
        ulong wrongPfn = 0;
        ulong random = 0x9091_9091_9091_9091;
        for (int i = 0; i < operations; i++)
        {
            // Marsaglia's xorshift.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            int slot = (int)(random >> 20) & (Slots - 1);
            int order = (int)(random >> 40) & 7;
            order = order > MostOrder ? 0 : order;
            if (!Toggle(slot, order, (random & 1) != 0 ? GfpMask.HighUser : GfpMask.Kernel))
            {
                wrong++;
                wrongPfn = s_blocks.Pfn[slot];
            }
        }

        for (int slot = 0; slot < Slots; slot++)
        {
            wrong += s_blocks.Pfn[slot] == 0 || Toggle(slot, 0, 0) ? 0u : 1u;
        }

        bool isSound = SelfTest.IsSound(before);
        return SelfTest.Say("random"u8, (ulong)operations, " calls of alloc_pages and free_pages"u8, wrong, wrongPfn) && isSound;
    }

    // A slot that is empty takes a block, if there is one; a full one gives it back.
    private static bool Toggle(int slot, int order, GfpMask gfp)
    {
        ref PageAllocator pages = ref Metal.Machine->Pages;
        ulong pfn = s_blocks.Pfn[slot];
        if (pfn == 0)
        {
            if (pages.TryAllocPages(gfp | GfpMask.NoWarn, order, out pfn))
            {
                s_blocks.Pfn[slot] = pfn;
                s_blocks.Order[slot] = (byte)order;
                Mark(pfn, order, pfn + 1);
            }

            return true;
        }

        order = s_blocks.Order[slot];
        bool holds = *First(pfn) == pfn + 1 && *First(pfn + (1UL << order) - 1) == (order == 0 ? pfn + 1 : ~(pfn + 1));
        Mark(pfn, order, 0);
        s_blocks.Pfn[slot] = 0;
        return pages.FreePages(pfn, order) == PageResult.Done && holds;
    }

    private static void Mark(ulong pfn, int order, ulong value)
    {
        *First(pfn + (1UL << order) - 1) = ~value;
        *First(pfn) = value;
    }

    private static ulong* First(ulong pfn) => (ulong*)Metal.Resolve(null, pfn << 12, 8);

    private struct Blocks
    {
        public fixed ulong Pfn[Slots];
        public fixed byte Order[Slots];
    }
}
