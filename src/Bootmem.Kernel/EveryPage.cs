using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>
/// Takes every page that the page allocator gives, writes its own address all over it, reads all of them, and gives
/// them back. A page that was given twice would hold the wrong link; one that is in use elsewhere would bring the
/// machine down.
/// </summary>
internal static unsafe class EveryPage
{
    private const ulong NoPage = ulong.MaxValue;

    public static bool Passes()
    {
        ref PageAllocator pages = ref Metal.Machine->Pages;
        ulong before = pages.FreePageCount + pages.PerCpuPageCount;
        ulong wrong = 0;
        ulong wrongPfn = 0;
        ulong count = 0;
        ulong high = 0;
        ulong last = NoPage;
        while (pages.TryAllocPages(GfpMask.Atomic | GfpMask.HighMem | GfpMask.NoWarn, 0, out ulong pfn))
        {
            if (IsForbidden(pfn))
            {
                wrong++;
                wrongPfn = pfn;
            }

            high += Metal.Machine->Space.IsLowmem(pfn << 12) ? 0u : 1u;
            Write(pfn, last, count);
            last = pfn;
            count++;
        }

        // From the last to the first, by the links that they hold.
        ulong rest = count;
        while (last != NoPage && rest != 0)
        {
            rest--;
            ulong pfn = last;
            if (!Holds(pfn, rest, out last))
            {
                wrong++;
                wrongPfn = pfn;
                break;
            }

            if (pages.FreePages(pfn, 0) != PageResult.Done)
            {
                wrong++;
                wrongPfn = pfn;
            }
        }

        wrong += rest;
        bool isSound = SelfTest.IsSound(before);
        Printer.Plain.Text("test: every page: "u8).Decimal(before).Text(" are free, "u8).Decimal(before - count)
            .Text(" are the allocator's reserve\ntest: every page: "u8).Decimal(high)
            .Text(" are high memory, reached through the kmap window\n"u8);
        return isSound
            & SelfTest.Say("every page"u8, count, " pages written with their address and read"u8, wrong, wrongPfn);
    }

    // The image, but for its init section, and the page tables: nobody may be given those. The bitmap is free memory by
    // now. In the article's set-up the image lies outside the private memory.
    private static bool IsForbidden(ulong pfn)
    {
        ImageHeader* header = Metal.Header;
        ulong address = (pfn << 12) - Board.RamStart + Mmu.PageOffset;
        bool isInit = address >= header->InitBegin && address < header->InitEnd;
        bool isImage = address >= header->Start && address < header->End;
        return (isImage && !isInit) || Metal.IsPageTable(pfn);
    }

    private static void Write(ulong pfn, ulong last, ulong number)
    {
        ulong* page = At(pfn);
        page[0] = last;
        page[1] = number;
        for (int i = 2; i < 512; i++)
        {
            page[i] = pfn << 12;
        }
    }

    private static bool Holds(ulong pfn, ulong number, out ulong last)
    {
        ulong* page = At(pfn);
        last = page[0];
        ulong differs = page[1] ^ number;
        for (int i = 2; i < 512; i++)
        {
            differs |= page[i] ^ (pfn << 12);
        }

        return differs == 0;
    }

    private static ulong* At(ulong pfn) => (ulong*)Metal.Resolve(null, pfn << 12, 4096);
}
