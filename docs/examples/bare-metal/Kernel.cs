using System.Runtime;
using Bootmem;
using Bootmem.Kernel;

// A kernel that takes only src/Bootmem: 16 MiB of RAM at 0x60000000, which the entry code has mapped at 0xc0000000.
internal static unsafe class Kernel
{
    private const ulong RamStart = 0x6000_0000;
    private const ulong RamSize = 16 << 20;

    [RuntimeExport("kernel_main")]
    public static void Main(uint machineNumber, uint tags, ImageHeader* header)
    {
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_15,
            Bits = 32,
            PageShift = 12,
            CacheLine = 32,
            DmaGoal = uint.MaxValue,
        };
        BootmemNode node;
        BootMemory mem = new(options, &node, 1)
        {
            Memory = new Memory { Resolve = &Resolve, Clear = &Clear },
            Log = Printer.Kernel,
            FaultHandler = Panic.Handler,
        };

        // All pages reserved; the RAM freed; this image and what lies below it, and the bitmap, reserved.
        ulong imageEnd = header->End - 0xc000_0000 + RamStart;
        ulong mapPfn = (imageEnd + 0xfff) >> 12;
        KernelApi.init_bootmem_node(ref mem, 0, mapPfn, RamStart >> 12, (RamStart + RamSize) >> 12);
        KernelApi.free_bootmem(ref mem, RamStart, RamSize);
        KernelApi.reserve_bootmem(ref mem, RamStart, imageEnd - RamStart);
        KernelApi.reserve_bootmem(ref mem, mapPfn << 12, KernelApi.bootmem_bootmap_pages(ref mem, RamSize >> 12) << 12);

        for (int i = 0; i < 3; i++)
        {
            ulong address = KernelApi.alloc_bootmem(ref mem, 100);
            mem.Log.Text("100 bytes at 0x"u8).Hex(address).Text("\n"u8);
        }

        ulong pages = KernelApi.free_all_bootmem(ref mem, new PageSink { Take = &Take });
        mem.Log.Text("handed over "u8).Decimal(pages).Text(" pages\n"u8);
        Board.PowerOff();
    }

    private static byte* Resolve(void* context, ulong address, ulong size) =>
        (byte*)(uint)(address - RamStart + 0xc000_0000);

    private static void Clear(void* context, ulong address, ulong size) =>
        Memory.Fill(Resolve(context, address, size), 0, size);

    private static void Take(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        // Your page allocator.
    }
}
