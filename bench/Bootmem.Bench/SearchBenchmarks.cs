using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Bootmem.Bench;

/// <summary>One allocation of two pages and its free, behind reserved or fragmented memory.</summary>
[ShortRunJob]
public unsafe class SearchBenchmarks
{
    private const ulong Page = 4096;
    private BootMemory _memory;
    private BootmemNode* _nodes;
    private byte* _map;
    private byte* _index;

    /// <summary>What lies in front, in a node of 64 GiB.</summary>
    public enum Front
    {
        /// <summary>Nothing.</summary>
        Free,

        /// <summary>32 GiB that are reserved.</summary>
        Full,

        /// <summary>Every other page is reserved, in the first GiB.</summary>
        Comb,
    }

    [ParamsAllValues]
    public Front InFront { get; set; }

    [Params(false, true)]
    public bool IsIndexed { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        const ulong Pages = 16UL << 20;
        _nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)sizeof(BootmemNode));
        _map = (byte*)NativeMemory.AllocZeroed((nuint)Pages / 8);
        _index = IsIndexed ? (byte*)NativeMemory.AllocZeroed((nuint)Bitmap.IndexSize(Pages / 8)) : null;
        BootMemoryOptions options = new() { Version = KernelVersion.V2_6_15, Bits = 64, PageShift = 12, CacheLine = 64 };
        Room room = new() { Map = _map, Index = _index };
        _memory = new BootMemory(options, _nodes, 1);
        _memory.Memory = new Memory { Context = &room, Resolve = &ResolveMap, ResolveIndex = &ResolveIndex };
        _memory.TryInitialise(Call.init_bootmem_node, 0, 16, 0, Pages, out _, out _);
        _memory.TryFree(Call.free_bootmem_node, 0, 0, Pages * Page, out _);
        if (InFront == Front.Full)
        {
            _memory.TryReserve(Call.reserve_bootmem_node, 0, 0, Pages / 2 * Page, out _);
        }

        for (ulong i = 0; InFront == Front.Comb && i < 1 << 18; i += 2)
        {
            _memory.TryReserve(Call.reserve_bootmem_node, 0, i * Page, Page, out _);
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        NativeMemory.Free(_nodes);
        NativeMemory.Free(_map);
        NativeMemory.Free(_index);
    }

    [Benchmark]
    public ulong AllocateAndFree()
    {
        AllocationRequest request = new(Call.alloc_bootmem_low_pages, 2 * Page, Page, 0);
        _memory.TryAllocate(request, out ulong address, out _);
        _memory.TryFree(Call.free_bootmem_node, 0, address, 2 * Page, out _);
        return address;
    }

    private static byte* ResolveMap(void* context, ulong address, ulong size) => ((Room*)context)->Map;

    private static byte* ResolveIndex(void* context, ulong address, ulong size) => ((Room*)context)->Index;

    private struct Room
    {
        public byte* Map;
        public byte* Index;
    }
}
