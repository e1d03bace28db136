// quote begin
using System;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem;

namespace Example.Hosted;

/// <summary>16 MiB of RAM at 0x80000000, played on the host's memory.</summary>
public sealed unsafe class HostedMachine : IDisposable
{
    private const ulong RamStart = 0x8000_0000;
    private const ulong RamSize = 16 << 20;

    private readonly byte* _ram;
    private readonly BootmemNode* _nodes;
    private BootMemory _bootmem;

    public HostedMachine(KernelVersion version)
    {
        // One node. The bitmap and all that is allocated lies in the RAM itself.
        _ram = (byte*)NativeMemory.AlignedAlloc((nuint)RamSize, 4096);
        _nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)sizeof(BootmemNode));
        BootMemoryOptions options = new()
        {
            Version = version,
            Bits = 32,
            PageShift = 12,
            CacheLine = 64,
        };
        _bootmem = new BootMemory(options, _nodes, nodeCapacity: 1)
        {
            Memory = new Memory { Context = _ram, Resolve = &Resolve, Clear = &Clear },
            FaultHandler = new FaultHandler { Raise = &Throw },
        };

        // Node 0 with its bitmap in its first page; then its RAM is freed, and the bitmap kept.
        ulong startPfn = RamStart >> 12;
        ulong mapBytes = KernelApi.init_bootmem_node(ref _bootmem, 0, startPfn, startPfn, startPfn + (RamSize >> 12));
        KernelApi.free_bootmem_node(ref _bootmem, 0, RamStart, RamSize);
        KernelApi.reserve_bootmem_node(ref _bootmem, 0, RamStart, mapBytes);
    }

    /// <summary>Allocates; a fault of the kernel is an exception, and nothing has changed then.</summary>
    public ulong Allocate(ulong size) => KernelApi.alloc_bootmem(ref _bootmem, size);

    /// <summary>Allocates below a limit, or tells why not. No exception.</summary>
    public bool TryAllocate(ulong size, ulong limit, out ulong address, out FaultReason reason)
    {
        AllocationRequest request = new(Call.__alloc_bootmem_limit, size, align: 64, goal: 0, limit);
        bool isDone = _bootmem.TryAllocate(request, out address, out Fault fault);
        reason = fault.Reason;
        return isDone;
    }

    /// <summary>The bytes behind an address.</summary>
    public Span<byte> Bytes(ulong address, int size) => new(Resolve(_ram, address, (ulong)size), size);

    /// <summary>Hands all over and counts the pages.</summary>
    public ulong HandOver()
    {
        ulong taken = 0;
        PageSink sink = new() { Context = &taken, Take = &Count };
        KernelApi.free_all_bootmem_node(ref _bootmem, 0, sink);
        return taken;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_ram);
        NativeMemory.Free(_nodes);
    }

    private static byte* Resolve(void* ram, ulong address, ulong size) =>
        address >= RamStart && size <= RamSize && address - RamStart <= RamSize - size
            ? (byte*)ram + (address - RamStart) : null;

    private static void Clear(void* ram, ulong address, ulong size) =>
        new Span<byte>(Resolve(ram, address, size), (int)size).Clear();

    private static void Count(void* context, ulong firstPfn, int order, ulong blockCount) =>
        *(ulong*)context += blockCount << order;

    private static void Throw(void* context, in Fault fault) =>
        throw new InvalidOperationException($"{Text(Calls.Name(fault.Call))}: {Text(Fault.Describe(fault.Reason))}");

    private static string Text(ReadOnlySpan<byte> ascii) => Encoding.ASCII.GetString(ascii);
}
// quote end
