namespace Bootmem.Boot;

/// <summary>
/// All that the firmware told of a machine, whichever way it told it: the kernel's <c>meminfo</c>, and what goes with
/// it.
/// The arrays are the caller's; a reader that runs out of room refuses its input.
/// </summary>
public unsafe struct BootInfo
{
    /// <summary>The banks, in the firmware's order.</summary>
    public Bank* Banks;

    /// <summary>How many there are.</summary>
    public int BankCount;

    /// <summary>How many there is room for.</summary>
    public int BankCapacity;

    /// <summary>How many nodes the banks belong to; 0 if there is no bank.</summary>
    public int NodeCount;

    /// <summary>What the firmware wants kept, in its order.</summary>
    public FirmwareReservation* Reservations;

    /// <summary>How many there are.</summary>
    public int ReservationCount;

    /// <summary>How many there is room for.</summary>
    public int ReservationCapacity;

    /// <summary>
    /// How many children of <c>/reserved-memory</c> ask for a size and leave the place to the kernel. Bootmem's kernels
    /// know nothing of them, so they are only counted.
    /// </summary>
    public int DynamicReservationCount;

    /// <summary>The command line, in the firmware's data, without a closing 0; null if there is none.</summary>
    public byte* CommandLine;

    /// <summary>Its length in bytes.</summary>
    public int CommandLineLength;

    /// <summary>Physical address of the INITRD in bytes.</summary>
    public ulong InitrdStart;

    /// <summary>Size of the INITRD in bytes; 0 if there is none.</summary>
    public ulong InitrdSize;

    /// <summary>
    /// Whether <see cref="InitrdStart"/> is a virtual address: the old ATAG_INITRD, which the kernel takes with the
    /// warning <c>ATAG_INITRD is deprecated; please update your bootloader.</c>
    /// </summary>
    public bool IsInitrdVirtual;

    /// <summary>The board's revision (ATAG_REVISION); 0 if it is not told.</summary>
    public uint Revision;

    /// <summary>The board's serial number (ATAG_SERIAL); 0 if it is not told.</summary>
    public ulong Serial;

    /// <summary>
    /// Tags of an ATAG list that the kernel does not know, in the list's order: it says
    /// <c>Ignoring unrecognised tag 0x%08x</c> of each.
    /// </summary>
    public uint* UnknownTags;

    /// <summary>How many there are.</summary>
    public int UnknownTagCount;

    /// <summary>How many there is room for.</summary>
    public int UnknownTagCapacity;

    /// <summary>The machine's name (<c>model</c>), in the firmware's data; null if it has none.</summary>
    public byte* Model;

    /// <summary>Its length in bytes.</summary>
    public int ModelLength;

    /// <summary>A PC's memory map, in the firmware's order.</summary>
    public MapRange* MapRanges;

    /// <summary>How many ranges it has; 0 if the firmware told of banks only.</summary>
    public int MapRangeCount;

    /// <summary>How many there is room for. The boot of a PC wants three times as much as there are.</summary>
    public int MapRangeCapacity;

    /// <summary>The memory of a PC's NUMA nodes, in the firmware's order.</summary>
    public NodeRange* NodeRanges;

    /// <summary>How many there are; 0 if the firmware tells of no nodes.</summary>
    public int NodeRangeCount;

    /// <summary>How many there is room for.</summary>
    public int NodeRangeCapacity;

    /// <summary>What a PC's firmware keeps in low memory.</summary>
    public PcFirmware Pc;

    /// <summary>The private memory manager of the article's set-up, if the device tree has one.</summary>
    public PrivateMemory Private;

    /// <summary>The same arrays with nothing in them, and nothing else told.</summary>
    internal readonly BootInfo Emptied()
    {
        BootInfo empty = default;
        empty.Banks = Banks;
        empty.BankCapacity = BankCapacity;
        empty.Reservations = Reservations;
        empty.ReservationCapacity = ReservationCapacity;
        empty.UnknownTags = UnknownTags;
        empty.UnknownTagCapacity = UnknownTagCapacity;
        empty.MapRanges = MapRanges;
        empty.MapRangeCapacity = MapRangeCapacity;
        empty.NodeRanges = NodeRanges;
        empty.NodeRangeCapacity = NodeRangeCapacity;
        return empty;
    }

    /// <summary>Adds a bank.</summary>
    /// <param name="start">Physical address of its first byte.</param>
    /// <param name="size">Its size in bytes; 0 is kept.</param>
    /// <param name="numaId">What the firmware calls its node.</param>
    /// <returns>Whether there was room.</returns>
    internal bool TryAddBank(ulong start, ulong size, int numaId)
    {
        if (BankCount >= BankCapacity)
        {
            return false;
        }

        Bank* bank = Banks + BankCount++;
        bank->Start = start;
        bank->Size = size;
        bank->Node = 0;
        bank->NumaId = numaId;
        return true;
    }
}

/// <summary>
/// The binding <c>BiscuitOS,Memory-Manager</c>: a range of RAM kept for a private memory manager, and the layout of the
/// kernel that is pretended to be loaded there. docs/machines.md describes its properties.
/// </summary>
public struct PrivateMemory
{
    /// <summary>Whether there is such a node.</summary>
    public bool IsPresent;

    /// <summary>Physical address of the range in bytes (<c>reg</c>, or that of <c>memory-region</c>).</summary>
    public ulong Start;

    /// <summary>Its size in bytes.</summary>
    public ulong Size;

    /// <summary>Bytes of ZONE_DMA (<c>dma-size</c>).</summary>
    public ulong DmaSize;

    /// <summary>Bytes of ZONE_NORMAL (<c>normal-size</c>).</summary>
    public ulong NormalSize;

    /// <summary>Bytes of ZONE_HIGHMEM (<c>high-size</c>).</summary>
    public ulong HighSize;

    /// <summary>Virtual address of the range's first byte (<c>page-offset</c>).</summary>
    public ulong PageOffset;

    /// <summary>Bytes of the vmalloc area (<c>vmalloc-size</c>).</summary>
    public ulong VmallocSize;

    /// <summary>Bytes of the kmap window (<c>pkmap-size</c>).</summary>
    public ulong PkmapSize;

    /// <summary>Bytes of the fixed mappings (<c>fixmap-size</c>).</summary>
    public ulong FixmapSize;

    /// <summary>The image from _stext to _end (<c>kernel-image = &lt;start size&gt;</c>, virtual).</summary>
    public ImageRange Image;

    /// <summary>Its init section (<c>kernel-init</c>, virtual).</summary>
    public ImageRange Init;

    /// <summary>Its code (<c>kernel-text</c>, virtual).</summary>
    public ImageRange Text;

    /// <summary>Its data (<c>kernel-data</c>, virtual).</summary>
    public ImageRange Data;
}

/// <summary>A range of the kernel's image, at virtual addresses.</summary>
public struct ImageRange
{
    /// <summary>Virtual address of the first byte.</summary>
    public ulong Start;

    /// <summary>Size in bytes.</summary>
    public ulong Size;
}
