namespace Bootmem.Boot;

/// <summary>
/// paging_init(): the zero page, what page tables are needed beside the sections of the page directory, and the zones
/// of each node with their memory map and wait tables.
/// </summary>
internal static unsafe class PagingInit
{
    public static void Run(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong page = mem.Word.PageSize;
        mem.Owner = Owner.ZeroPage;
        machine->ZeroPage = KernelApi.alloc_bootmem_low_pages(ref mem, page);
        bool isPrivate = machine->Info.Private.IsPresent;
        if (!isPrivate)
        {
            // Memory is mapped by sections. The exception vectors want a page, and a table to map it with.
            mem.Owner = Owner.PageTables;
            KernelApi.alloc_bootmem_low_pages(ref mem, page);
            KernelApi.alloc_bootmem_low_pages(ref mem, page);
        }

        machine->Pages = new PageAllocator(
            mem.Word, mem.Behaviour, machine->Config.IsNuma, machine->Room.Zones, machine->Room.ZoneCapacity,
            machine->Room.NodePages, machine->Room.NodeCapacity)
        {
            Memory = machine->Memory,
            Log = machine->Log,
            AddressSpace = machine->Space,
        };
        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (machine->Extents[node].HasMemory)
            {
                FreeAreaInit.Run(machine, node);
            }
        }

        if (isPrivate)
        {
            // kmap_init(): the tables of the kmap window and of the fixed mappings.
            mem.Owner = Owner.Kmap;
            KernelApi.alloc_bootmem(ref mem, page);
            mem.Owner = Owner.Fixmap;
            KernelApi.alloc_bootmem(ref mem, page);
        }

        machine->Pages.OrderNodesAs(mem);
        mem.Owner = Owner.Unnamed;
    }
}
