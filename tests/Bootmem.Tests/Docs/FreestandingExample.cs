// quote begin
using Bootmem;

namespace Example.Freestanding;

/// <summary>What the kernel keeps of its early memory. It lies where the kernel puts it, and must not move.</summary>
public unsafe struct EarlyMemory
{
    public BootMemory Bootmem;
    public BootmemNode Node;
    public ulong RamStart;
    public ulong RamEnd;
    public ulong FreePages;
    public FaultKind Stopped;
}

/// <summary>The early memory of a kernel: 64 bits, one range of RAM, mapped one to one.</summary>
public static unsafe class EarlyMemoryBoot
{
    private const int PageShift = 12;

    /// <summary>Brings bootmem up.</summary>
    /// <param name="early">The kernel's own memory, such as a symbol of its linker script.</param>
    /// <param name="ramStart">The first byte of RAM; a page begins there.</param>
    /// <param name="ramSize">Bytes: whole pages.</param>
    /// <param name="imageEnd">The first byte behind the kernel image, which lies at the beginning of RAM.</param>
    public static void Start(EarlyMemory* early, ulong ramStart, ulong ramSize, ulong imageEnd)
    {
        *early = default;
        early->RamStart = ramStart;
        early->RamEnd = ramStart + ramSize;
        BootMemoryOptions options = default;
        options.Version = KernelVersion.V2_6_15;
        options.Bits = 64;
        options.PageShift = PageShift;
        options.CacheLine = 64;
        early->Bootmem = new BootMemory(options, &early->Node, 1);
        early->Bootmem.Memory.Context = early;
        early->Bootmem.Memory.Resolve = &Resolve;
        early->Bootmem.Memory.Clear = &Clear;
        early->Bootmem.FaultHandler.Context = early;
        early->Bootmem.FaultHandler.Raise = &Halt;

        // The bitmap goes right behind the image. Then: all RAM free, image and bitmap kept.
        ulong mapPfn = (imageEnd + (1UL << PageShift) - 1) >> PageShift;
        ulong startPfn = ramStart >> PageShift;
        ulong endPfn = (ramStart + ramSize) >> PageShift;
        ulong mapBytes = KernelApi.init_bootmem_node(ref early->Bootmem, 0, mapPfn, startPfn, endPfn);
        KernelApi.free_bootmem_node(ref early->Bootmem, 0, ramStart, ramSize);
        early->Bootmem.Owner = Owner.KernelImage;
        KernelApi.reserve_bootmem_node(ref early->Bootmem, 0, ramStart, imageEnd - ramStart);
        early->Bootmem.Owner = Owner.Bitmap;
        KernelApi.reserve_bootmem_node(ref early->Bootmem, 0, mapPfn << PageShift, mapBytes);
        early->Bootmem.Owner = Owner.Unnamed;
    }

    /// <summary>Takes cleared pages; where they lie is where they can be touched.</summary>
    public static byte* TakePages(EarlyMemory* early, ulong size) =>
        (byte*)KernelApi.alloc_bootmem_low_pages(ref early->Bootmem, size);

    /// <summary>The end: the page allocator takes over.</summary>
    public static ulong Finish(EarlyMemory* early)
    {
        PageSink sink = default;
        sink.Context = early;
        sink.Take = &TakeBlocks;
        return KernelApi.free_all_bootmem_node(ref early->Bootmem, 0, sink);
    }

    // One to one: a physical address is a pointer.
    private static byte* Resolve(void* context, ulong address, ulong size)
    {
        EarlyMemory* early = (EarlyMemory*)context;
        bool isInside = address >= early->RamStart && address <= early->RamEnd && size <= early->RamEnd - address;
        return isInside ? (byte*)address : null;
    }

    private static void Clear(void* context, ulong address, ulong size) => Memory.Fill((byte*)address, 0, size);

    // Here the kernel's page allocator would take 2^order pages, blockCount times, from firstPfn on.
    private static void TakeBlocks(void* context, ulong firstPfn, int order, ulong blockCount) =>
        ((EarlyMemory*)context)->FreePages += blockCount << order;

    // A kernel prints the fault and does not come back. This one notes it.
    private static void Halt(void* context, in Fault fault) => ((EarlyMemory*)context)->Stopped = fault.Kind;
}
// quote end
