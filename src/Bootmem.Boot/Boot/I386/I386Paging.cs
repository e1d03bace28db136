namespace Bootmem.Boot;

/// <summary>
/// paging_init() of arch/i386 with large pages, the zones, and the resources of the map. No page table is needed for
/// low memory itself.
/// </summary>
internal static unsafe class I386Paging
{
    private const ulong PageSize = 1UL << MemoryMap.PageShift;

    public static void Run(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.PageTables;
        if (machine->Config.HasPae)
        {
            // The middle directory of the last gigabyte.
            KernelApi.alloc_bootmem_low_pages(ref mem, PageSize);
        }

        mem.Owner = Owner.Fixmap;
        KernelApi.alloc_bootmem_low_pages(ref mem, PageSize);
        if (machine->Config.HasHighMem)
        {
            mem.Owner = Owner.Kmap;
            KernelApi.alloc_bootmem_low_pages(ref mem, PageSize);
        }

        X86Parts.MakePages(machine);
        FreeAreaInit.Run(machine, 0);
        machine->Pages.OrderNodesAs(mem);
        X86Parts.AllocateResources(machine);
        PciGap.Say(machine);
    }
}
