namespace Bootmem.Boot;

/// <summary>The hash tables of the boot: PIDs, dentries, inodes.</summary>
internal static unsafe class BootHashes
{
    /// <summary>Bytes of memory for each entry, as a power of two.</summary>
    private const int DentryScale = 13;
    private const int InodeScale = 14;

    /// <summary>pidhash_init(). The article's private memory manager has no PIDs.</summary>
    public static void AllocatePidHash(Machine* machine)
    {
        if (machine->Info.Private.IsPresent)
        {
            return;
        }

        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.PidHash;
        int count = new FigureRules(machine->Config).PidTableCount;
        if (!PidHash.TryInitialise(ref mem, machine->KernelPages, null, count, out Fault fault))
        {
            mem.Raise(fault);
        }

        mem.Owner = Owner.Unnamed;
    }

    /// <summary>vfs_caches_init_early(): from bootmem, unless hash tables are spread over the nodes.</summary>
    public static void AllocateEarly(Machine* machine)
    {
        if (!machine->Options.IsHashDist)
        {
            Allocate(machine, HashFlags.Early);
        }
    }

    /// <summary>
    /// vfs_caches_init(): what was not taken early, page by page from the page allocator (vmalloc()). Where there is no
    /// memory behind the map there are no pages to take, and the log says so.
    /// </summary>
    public static void AllocateLate(Machine* machine)
    {
        if (!machine->Options.IsHashDist)
        {
            return;
        }

        if (machine->IsLayoutOnly)
        {
            machine->Log.Text("hashdist: no memory behind the map, Dentry cache and Inode-cache are left out\n"u8);
            return;
        }

        Allocate(machine, HashFlags.None);
    }

    private static void Allocate(Machine* machine, HashFlags flags)
    {
        ref BootMemory mem = ref machine->Bootmem;
        HashSources sources = new()
        {
            KernelPages = machine->KernelPages,
            AllPages = machine->AllPages,
            IsDistributed = machine->Options.IsHashDist,
            RoundsPlainly = new FigureRules(machine->Config).RoundsHashPlainly,
            Context = machine,
            Vmalloc = &Vmalloc,
        };
        ulong bucket = StructSizes.Pointer(mem.Word);
        BootOptions options = machine->Options;
        HashRequest dentry = new("Dentry cache"u8, bucket, options.DentryEntries, DentryScale, flags, 0);
        HashRequest inode = new("Inode-cache"u8, bucket, options.InodeEntries, InodeScale, flags, 0);
        mem.Owner = Owner.DentryCache;
        machine->DentryHash = Allocate(ref mem, dentry, sources);
        mem.Owner = Owner.InodeCache;
        machine->InodeHash = Allocate(ref mem, inode, sources);
        mem.Owner = Owner.Unnamed;
    }

    private static HashTable Allocate(ref BootMemory mem, in HashRequest request, in HashSources sources)
    {
        if (!LargeSystemHash.TryAllocate(ref mem, request, sources, out HashTable table, out Fault fault))
        {
            mem.Raise(fault);
        }

        return table;
    }

    // vmalloc(): single pages, from high memory down, at the next free address of the vmalloc area. Where there are not
    // enough pages none is taken.
    private static ulong Vmalloc(void* context, ulong size)
    {
        Machine* machine = (Machine*)context;
        KernelWord word = machine->Bootmem.Word;
        ulong count = word.PagesOf(size);
        if (machine->VmallocNext == 0)
        {
            machine->VmallocNext = word.RoundUp(machine->Space.phys_to_virt(machine->Space.LowmemEnd), 8UL << 20);
        }

        if (count > machine->Pages.FreePageCount)
        {
            return 0;
        }

        for (ulong i = 0; i < count; i++)
        {
            if (!machine->Pages.TryAllocPages(GfpMask.HighUser, 0, out _))
            {
                return 0;
            }
        }

        ulong address = machine->VmallocNext;
        machine->VmallocNext = word.Add(address, (count + 1) << word.PageShift);
        return address;
    }
}
