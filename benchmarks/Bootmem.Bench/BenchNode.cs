using System;
using System.Runtime.InteropServices;

namespace Bootmem.Bench;

/// <summary>One node from address 0 on, of 2.6.15 with 64 bits, with memory for its bitmap and nothing behind
/// it.</summary>
internal sealed unsafe class BenchNode : IDisposable
{
    /// <summary>The size of a page in bytes.</summary>
    public const ulong Page = 4096;

    private readonly BootmemNode* _nodes;
    private readonly Room* _room;
    private BootMemory _memory;

    /// <summary>A machine; the node is not up yet.</summary>
    /// <param name="gigabytes">RAM in GiB; the bitmap has 32 KiB a GiB.</param>
    /// <param name="isIndexed">Whether the bitmap has an index, as on a host, or is plain bits, as on bare
    /// metal.</param>
    public BenchNode(int gigabytes, bool isIndexed)
    {
        PageCount = (ulong)gigabytes << 18;
        nuint bytes = (nuint)MapBytes;
        _nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)sizeof(BootmemNode));
        _room = (Room*)NativeMemory.AllocZeroed((nuint)sizeof(Room));
        _room->Map = (byte*)NativeMemory.AllocZeroed(bytes);
        _room->Index = isIndexed ? (byte*)NativeMemory.AllocZeroed((nuint)Bitmap.IndexSize(MapBytes)) : null;
        Reset();
    }

    /// <summary>Pages of the node.</summary>
    public ulong PageCount { get; }

    /// <summary>Bytes of its bitmap.</summary>
    public ulong MapBytes => PageCount / 8;

    /// <summary>The bitmap's bytes.</summary>
    public Span<byte> Map => new(_room->Map, (int)MapBytes);

    /// <summary>The allocator.</summary>
    public ref BootMemory Memory => ref _memory;

    /// <summary>How many pages the last hand-over gave.</summary>
    public ulong Handed { get; private set; }

    /// <summary>A machine without a node again.</summary>
    public void Reset()
    {
        *_nodes = default;
        BootMemoryOptions options =
            new() { Version = KernelVersion.V2_6_15, Bits = 64, PageShift = 12, CacheLine = 64 };
        _memory = new BootMemory(options, _nodes, 1);
        _memory.Memory = new Memory { Context = _room, Resolve = &ResolveMap, ResolveIndex = &ResolveIndex };
    }

    /// <summary>Brings the node up: every page is reserved, the bitmap is filled.</summary>
    public void Initialise() => _memory.TryInitialise(Call.init_bootmem_node, 0, 16, 0, PageCount, out _, out _);

    /// <summary>Frees all RAM.</summary>
    public void FreeAll() => Free(0, PageCount * Page);

    /// <summary>Frees a range.</summary>
    public void Free(ulong address, ulong size) =>
        _memory.TryFree(Call.free_bootmem_node, 0, address, size, out _);

    /// <summary>Reserves a range.</summary>
    public void Reserve(ulong address, ulong size) =>
        _memory.TryReserve(Call.reserve_bootmem_node, 0, address, size, out _);

    /// <summary>Hands the free pages over to nobody.</summary>
    public void HandOver()
    {
        _memory.TryHandOver(Call.free_all_bootmem_node, 0, new PageSink { Take = &Take }, out ulong pages, out _);
        Handed = pages;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_room->Map);
        NativeMemory.Free(_room->Index);
        NativeMemory.Free(_room);
        NativeMemory.Free(_nodes);
    }

    private static byte* ResolveMap(void* context, ulong address, ulong size) => ((Room*)context)->Map;

    private static byte* ResolveIndex(void* context, ulong address, ulong size) => ((Room*)context)->Index;

    private static void Take(void* context, ulong firstPfn, int order, ulong blockCount)
    {
    }

    private struct Room
    {
        public byte* Map;
        public byte* Index;
    }
}
