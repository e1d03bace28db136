namespace Bootmem.Kernel;

/// <summary>
/// The page directory, by sections of 1 MiB. RAM is mapped at PAGE_OFFSET, as far as it is low memory; the article's
/// private memory where its device tree says, besides. High memory is not mapped: its pages are reached through the
/// kmap window, whose table is a page of bootmem's, a longer stretch through another window.
/// </summary>
internal static unsafe class Mmu
{
    /// <summary>PAGE_OFFSET of the image itself: where RAM begins.</summary>
    public const uint PageOffset = 0xc000_0000;

    /// <summary>The first virtual address beyond the linear map: 128 MiB below the top are kept.</summary>
    public const uint LinearEnd = 0xf800_0000;

    private const uint Section = 1 << 20;
    private const uint SectionMemory = 0x1c0e;
    private const uint TableOfPages = 1;
    private const uint SmallPageMemory = 0x7e;

    // The kmap window: 256 pages, given one after the other, as the kernel's kmap() does.
    private const uint Kmap = 0xffe0_0000;
    private const uint KmapPages = 256;

    // 16 MiB through which high memory is reached that is no single page, or before there is a kmap window.
    private const uint Window = 0xfa00_0000;
    private const uint WindowSections = 16;

    private static uint* s_directory;
    private static uint s_windowSection;
    private static uint* s_kmapTable;
    private static uint s_kmapNext;

    /// <summary>Physical address of the page directory: 16 KiB.</summary>
    public static uint Directory { get; private set; }

    /// <summary>Begins with the directory that the entry code made.</summary>
    public static void Begin(uint* directory)
    {
        s_directory = directory;
        Directory = (uint)directory - PageOffset + Board.RamStart;
        s_windowSection = uint.MaxValue;
    }

    /// <summary>Maps RAM at PAGE_OFFSET, and nothing else there: whole sections.</summary>
    /// <param name="ramEnd">Physical address of the first byte beyond RAM.</param>
    public static void MapLinear(uint ramEnd)
    {
        uint end = (ramEnd + Section - 1) & ~(Section - 1);
        for (uint address = PageOffset; address < LinearEnd; address += Section)
        {
            uint physical = address - PageOffset + Board.RamStart;
            s_directory[address >> 20] = physical < end ? physical | SectionMemory : 0;
        }

        // The entry code ran there.
        s_directory[Board.RamStart >> 20] = 0;
        Cpu.FlushTlb();
    }

    /// <summary>Maps memory section by section.</summary>
    public static void Map(uint address, uint physical, uint size)
    {
        for (uint offset = 0; offset < size; offset += Section)
        {
            s_directory[(address + offset) >> 20] = ((physical + offset) & ~(Section - 1)) | SectionMemory;
        }

        Cpu.FlushTlb();
    }

    /// <summary>Moves the directory to other memory.</summary>
    /// <param name="physical">Where to: 16 KiB, at a multiple of that.</param>
    public static void MoveDirectory(uint physical)
    {
        const int Entries = 4096;
        uint* directory = (uint*)Reach(physical, Entries << 2);
        for (int i = 0; i < Entries; i++)
        {
            directory[i] = s_directory[i];
        }

        s_directory = directory;
        Directory = physical;
        Cpu.UseDirectory(physical);
    }

    /// <summary>
    /// Where RAM can be touched that is no low memory; null where it is not in one piece. A page stays for 255 more
    /// calls, a longer stretch until the next.
    /// </summary>
    public static byte* Reach(uint physical, uint size)
    {
        if (s_kmapTable != null && (physical & 0xfff) + size <= 4096)
        {
            return MapPage(physical);
        }

        uint offset = physical - Board.RamStart;
        if (offset < LinearEnd - PageOffset && size <= LinearEnd - PageOffset - offset)
        {
            return (byte*)(PageOffset + offset);
        }

        uint section = physical >> 20;
        if (size > (WindowSections * Section) - (physical & (Section - 1)))
        {
            return null;
        }

        if (section != s_windowSection)
        {
            Map(Window, physical, WindowSections * Section);
            s_windowSection = section;
        }

        return (byte*)(Window + (physical & (Section - 1)));
    }

    /// <summary>Begins with the kmap window.</summary>
    /// <param name="table">Physical address of its table: 1 KiB of low memory, clear, at a multiple of that.</param>
    public static void MapKmap(uint table)
    {
        s_kmapTable = (uint*)Reach(table, KmapPages << 2);
        s_directory[Kmap >> 20] = table | TableOfPages;
        Cpu.FlushTlb();
    }

    // Where the window starts over, what the processor remembers of it is forgotten.
    private static byte* MapPage(uint physical)
    {
        if (s_kmapNext == KmapPages)
        {
            s_kmapNext = 0;
            Memory.Fill((byte*)s_kmapTable, 0, KmapPages << 2);
            Cpu.FlushTlb();
        }

        uint slot = s_kmapNext++;
        s_kmapTable[slot] = (physical & ~0xfffu) | SmallPageMemory;
        Cpu.Synchronise();
        return (byte*)(Kmap + (slot << 12) + (physical & 0xfff));
    }

    /// <summary>Maps one page at 0xffff0000, where the processor looks for its vectors.</summary>
    /// <param name="table">Physical address of a clear page: the table.</param>
    /// <param name="page">Physical address of the page.</param>
    public static void MapVectors(uint table, uint page)
    {
        const uint Vectors = 0xffff_0000;
        uint* entries = (uint*)Reach(table, 1024);
        entries[(Vectors >> 12) & 0xff] = page | SmallPageMemory;
        s_directory[Vectors >> 20] = table | TableOfPages;
        Cpu.FlushTlb();
    }
}
