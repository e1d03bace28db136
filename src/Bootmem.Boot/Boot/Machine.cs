namespace Bootmem.Boot;

/// <summary>Room for what a boot has to remember before there is memory: the caller's, as big as the caller
/// likes.</summary>
public unsafe struct MachineRoom
{
    /// <summary>Room for bootmem's nodes.</summary>
    public BootmemNode* BootmemNodes;

    /// <summary>Room for the extents of the nodes.</summary>
    public NodeExtent* Extents;

    /// <summary>Room for the nodes' remap areas.</summary>
    public RemapArea* RemapAreas;

    /// <summary>Room for the page allocator's nodes.</summary>
    public NodePages* NodePages;

    /// <summary>How many nodes there is room for: 1 .. 1024.</summary>
    public int NodeCapacity;

    /// <summary>Room for the zones.</summary>
    public Zone* Zones;

    /// <summary>How many: four a node are always enough.</summary>
    public int ZoneCapacity;
}

/// <summary>The pages of one node, as its banks say.</summary>
public struct NodeExtent
{
    /// <summary>The first page; equal to <see cref="EndPfn"/> if the node has no RAM.</summary>
    public ulong StartPfn;

    /// <summary>The first page beyond the RAM that bootmem manages: node_low_pfn.</summary>
    public ulong LowEndPfn;

    /// <summary>The first page beyond all of the node's RAM.</summary>
    public ulong EndPfn;

    /// <summary>Whether the node has RAM.</summary>
    public readonly bool HasMemory => StartPfn < EndPfn;

    /// <summary>Whether bootmem manages some of it.</summary>
    public readonly bool HasLowMemory => StartPfn < LowEndPfn;
}

/// <summary>
/// One machine and its boot, from the firmware's map to the page allocator. It must not move in memory: the parts point
/// to each other.
/// </summary>
public unsafe struct Machine
{
    /// <summary>What the firmware told; after the first step, what the command line made of it.</summary>
    public BootInfo Info;

    /// <summary>The kernel's configuration.</summary>
    public BootConfig Config;

    /// <summary>Where the kernel image lies.</summary>
    public KernelImage Image;

    /// <summary>Physical and virtual addresses.</summary>
    public AddressSpace Space;

    /// <summary>What the command line chose.</summary>
    public BootOptions Options;

    /// <summary>What the boot of a PC remembers.</summary>
    public X86State X86;

    /// <summary>The boot-memory allocator.</summary>
    public BootMemory Bootmem;

    /// <summary>The page allocator that takes over from it.</summary>
    public PageAllocator Pages;

    /// <summary>Takes the pages that bootmem hands over: <see cref="Pages"/>, unless the caller wants them.</summary>
    public PageSink HandOverSink;

    /// <summary>Where the kernel's printk goes.</summary>
    public Log Log;

    /// <summary>Where physical addresses can be touched.</summary>
    public Memory Memory;

    /// <summary>Whether there is no memory behind the map: no mem_map is kept then.</summary>
    public bool IsLayoutOnly;

    /// <summary>Who sees every change of bootmem.</summary>
    public Observer Observer;

    /// <summary>Where faults go.</summary>
    public FaultHandler FaultHandler;

    /// <summary>The initcalls that are switched on, in the order of their registration; the caller's.</summary>
    public Initcall* Initcalls;

    /// <summary>How many there are.</summary>
    public int InitcallCount;

    /// <summary>How many of them have failed.</summary>
    public int FailedInitcallCount;

    /// <summary>Room for the tables below.</summary>
    public MachineRoom Room;

    /// <summary>The nodes' pages, by node number.</summary>
    public readonly NodeExtent* Extents => Room.Extents;

    /// <summary>Node numbers are 0 .. NodeCount-1; some may have no RAM.</summary>
    public int NodeCount;

    /// <summary>Physical address of the INITRD that was reserved, in bytes.</summary>
    public ulong InitrdStart;

    /// <summary>Its size in bytes; 0 if there is none.</summary>
    public ulong InitrdSize;

    /// <summary>Page number of the bitmaps, one node's behind the other's, from node NodeCount-1 down.</summary>
    public ulong BitmapPfn;

    /// <summary>nr_kernel_pages: pages of all zones but high memory.</summary>
    public ulong KernelPages;

    /// <summary>nr_all_pages: pages of all zones.</summary>
    public ulong AllPages;

    /// <summary>Pages that bootmem handed over.</summary>
    public ulong HandedOverPages;

    /// <summary>Physical address of the zero page.</summary>
    public ulong ZeroPage;

    /// <summary>Physical address of the first CPU's area; 0 if there is none.</summary>
    public ulong PerCpuAreas;

    /// <summary>The dentry hash.</summary>
    public HashTable DentryHash;

    /// <summary>The inode hash.</summary>
    public HashTable InodeHash;

    /// <summary>The next free virtual address of the vmalloc area; 0 while nothing was taken from it.</summary>
    public ulong VmallocNext;

    /// <summary>What the next call of <see cref="StartKernel.Step"/> does.</summary>
    public BootStep NextStep;

    /// <summary>Why the boot cannot go on, if it cannot.</summary>
    public BootError Error;
}

/// <summary>Where the kernel image lies, and its sections. Virtual addresses.</summary>
public struct KernelImage
{
    /// <summary>From _stext to _end.</summary>
    public ImageRange All;

    /// <summary>From __init_begin to __init_end: freed at the end of the boot.</summary>
    public ImageRange Init;

    /// <summary>From _text to _etext.</summary>
    public ImageRange Text;

    /// <summary>From _data to _end.</summary>
    public ImageRange Data;
}

/// <summary>What the command line chose for the boot of memory.</summary>
public struct BootOptions
{
    /// <summary><c>highmem=</c> in bytes, while <see cref="HasHighMem"/>.</summary>
    public ulong HighMemSize;

    /// <summary>Whether <c>highmem=</c> was given.</summary>
    public bool HasHighMem;

    /// <summary><c>hashdist=</c> is not 0, on a kernel that knows it.</summary>
    public bool IsHashDist;

    /// <summary><c>dhash_entries=</c>; 0 if not given.</summary>
    public ulong DentryEntries;

    /// <summary><c>ihash_entries=</c>; 0 if not given.</summary>
    public ulong InodeEntries;
}
