using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Bootmem.Lab;

/// <summary>
/// The boot-memory allocator for .NET: nodes of RAM that this process maps, ranges that are reserved, freed and
/// allocated, and blocks that are handed over at the end. The kernel's own rules and names are in
/// <see cref="BootMemory"/> and <see cref="KernelApi"/>; this class adds memory, exceptions and the usual .NET shapes.
/// </summary>
/// <remarks>It is not safe for use by several threads at once; neither is the kernel's.</remarks>
/// <example>
/// <code>
/// using BootAllocator memory = new(new BootAllocatorOptions());
/// memory.AddNode(0, new MemoryRange(0x4000_0000, 64 &lt;&lt; 20));
/// ulong table = memory.Allocate(4096, align: 4096);
/// memory.Bytes(table, 4096).Fill(1);
/// </code>
/// </example>
public sealed unsafe class BootAllocator : IDisposable
{
    private readonly NativeArena _arena = new();
    private readonly HostMemory _host = new();
    private readonly BootMemory* _memory;
    private GCHandle _self;

    /// <summary>An allocator without memory.</summary>
    /// <param name="options">What is fixed about it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public BootAllocator(BootAllocatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Bits is 32 or 64, options.Bits, "a width of 32 or 64 bits");
        Check(
            BitOperations.IsPow2(options.PageSize) && options.PageSize is >= 64 and <= 1 << 24, options.PageSize,
            "a page size that is a power of two from 64 to 16777216");
        Check(BitOperations.IsPow2(options.CacheLine) && options.CacheLine > 0, options.CacheLine, "a power of two");
        Check(options.NodeCapacity is >= 1 and <= BootMemory.MaxNodes, options.NodeCapacity, "1 to 1024 nodes");
        BootMemoryOptions fixedOptions = new()
        {
            Version = options.Version,
            Bits = options.Bits,
            PageShift = BitOperations.Log2((uint)options.PageSize),
            CacheLine = (ulong)options.CacheLine,
            DmaGoal = options.DefaultGoal,
        };
        _self = GCHandle.Alloc(this);
        _memory = _arena.Take<BootMemory>(1);
        *_memory = new BootMemory(fixedOptions, _arena.Take<BootmemNode>(options.NodeCapacity), options.NodeCapacity)
        {
            Memory = _host.ToMemory(),
            FaultHandler = BootmemException.Handler,
            Observer = new Observer { Context = (void*)GCHandle.ToIntPtr(_self), Notify = &Notify },
        };
    }

    /// <summary>Sees every change, after it happened.</summary>
    public event Action<BootEvent>? Changed;

    /// <summary>The allocator itself, for the kernel's own calls. It lives as long as this object.</summary>
    public ref BootMemory Core => ref *_memory;

    /// <summary>On whose behalf the next calls are; observers see it.</summary>
    public Owner Owner
    {
        get => _memory->Owner;
        set => _memory->Owner = value;
    }

    /// <summary>
    /// Adds a node: its RAM is mapped, all of it is free but for the pages of the bitmap, which lie at its start.
    /// </summary>
    /// <param name="node">The node's number.</param>
    /// <param name="ram">Its RAM; only whole pages count.</param>
    /// <exception cref="BootmemException">The range has no whole page, or the node is there already.</exception>
    /// <exception cref="HostMemoryException">The host has not enough memory.</exception>
    public void AddNode(int node, MemoryRange ram)
    {
        KernelWord word = _memory->Word;
        ulong start = word.PagesOf(ram.Start);
        ulong end = word.PfnOf(ram.End);
        if (start >= end || ram.End < ram.Start || ram.End > word.Max)
        {
            throw new BootmemException($"{ram} has no whole page below 2^{word.Bits}");
        }

        if ((uint)node < (uint)_memory->NodeCapacity && !_memory->Node(node).IsListed)
        {
            _host.Back(ram.Start, ram.Size);
        }

        Owner owner = Owner;
        Owner = Owner.Bitmap;
        ulong mapBytes = KernelApi.init_bootmem_node(ref *_memory, node, start, start, end);
        KernelApi.free_bootmem_node(ref *_memory, node, word.AddressOf(start), (end - start) << word.PageShift);
        KernelApi.reserve_bootmem_node(ref *_memory, node, word.AddressOf(start), mapBytes);
        Owner = owner;
    }

    /// <summary>Allocates cleared memory.</summary>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="align">A power of two in bytes; 0 is a cache line.</param>
    /// <param name="goal">The address to look from first; null is the default goal.</param>
    /// <param name="limit">The address that nothing may reach; 0 is none. Kernels before 2.6.14 have none.</param>
    /// <param name="node">The node to try first; null is any.</param>
    /// <returns>Its physical address.</returns>
    /// <exception cref="BootmemException">No node has the memory, or an argument is one that the kernel stops
    /// at.</exception>
    public ulong Allocate(ulong size, ulong align = 0, ulong? goal = null, ulong limit = 0, int? node = null) =>
        TryAllocate(size, out ulong address, out Fault fault, align, goal, limit, node)
            ? address : throw new BootmemException(fault);

    /// <summary>Allocates cleared memory, if there is some.</summary>
    /// <param name="size">Bytes, at least 1.</param>
    /// <param name="address">Its physical address.</param>
    /// <param name="align">A power of two in bytes; 0 is a cache line.</param>
    /// <param name="goal">The address to look from first; null is the default goal.</param>
    /// <param name="limit">The address that nothing may reach; 0 is none. Kernels before 2.6.14 have none.</param>
    /// <param name="node">The node to try first; null is any.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    public bool TryAllocate(
        ulong size, out ulong address, ulong align = 0, ulong? goal = null, ulong limit = 0, int? node = null) =>
        TryAllocate(size, out address, out _, align, goal, limit, node);

    /// <summary>Reserves a range, rounded outwards to pages.</summary>
    /// <param name="range">The range.</param>
    /// <param name="node">Its node.</param>
    /// <exception cref="BootmemException">The range does not lie in the node.</exception>
    public void Reserve(MemoryRange range, int node = 0) =>
        KernelApi.reserve_bootmem_node(ref *_memory, node, range.Start, range.Size);

    /// <summary>Frees a range, rounded inwards to whole pages.</summary>
    /// <param name="range">The range.</param>
    /// <param name="node">Its node.</param>
    /// <exception cref="BootmemException">The range reaches beyond the node, or a page in it is free
    /// already.</exception>
    public void Free(MemoryRange range, int node = 0) =>
        KernelApi.free_bootmem_node(ref *_memory, node, range.Start, range.Size);

    /// <summary>Hands a node's free pages over, its bitmap's own pages too. The node gives nothing after
    /// that.</summary>
    /// <param name="node">The node.</param>
    /// <param name="take">Gets the blocks: first page number, order, and how many of them lie side by side.</param>
    /// <returns>The number of pages.</returns>
    /// <exception cref="BootmemException">The node has no bitmap.</exception>
    public ulong HandOver(int node, Action<ulong, int, ulong> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        GCHandle handle = GCHandle.Alloc(take);
        try
        {
            PageSink sink = new() { Context = (void*)GCHandle.ToIntPtr(handle), Take = &Take };
            return KernelApi.free_all_bootmem_node(ref *_memory, node, sink);
        }
        finally
        {
            handle.Free();
        }
    }

    /// <summary>The bytes of a piece of RAM, to be read and written.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="MachineException">There is no RAM there.</exception>
    public Span<byte> Bytes(ulong address, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        byte* bytes = _host.Resolve(address, (ulong)size);
        return bytes != null ? new Span<byte>(bytes, size)
            : throw new MachineException($"no RAM at {new MemoryRange(address, (ulong)size)}");
    }

    /// <summary>The number of pages of a node that are free.</summary>
    /// <param name="node">The node.</param>
    public ulong FreePages(int node)
    {
        ref readonly BootmemNode state = ref _memory->Node(node);
        ulong pages = state.PageCount(_memory->Word);
        return state.HasMap ? pages - state.Map.CountSet(pages) : 0;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _host.Dispose();
        _arena.Dispose();
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private bool TryAllocate(
        ulong size, out ulong address, out Fault fault, ulong align, ulong? goal, ulong limit, int? node)
    {
        KernelWord word = _memory->Word;
        AllocationRequest request = new(
            limit == 0 ? Call.__alloc_bootmem : Call.__alloc_bootmem_limit,
            word.Wrap(size), align == 0 ? _memory->Options.CacheLine : word.Wrap(align),
            word.Wrap(goal ?? _memory->Options.DmaGoal), word.Wrap(limit));
        return node is int first
            ? _memory->TryAllocateOnNode(first, request, out address, out fault)
            : _memory->TryAllocate(request, out address, out fault);
    }

    private static void Notify(void* context, in BootEvent change) =>
        ((BootAllocator)GCHandle.FromIntPtr((nint)context).Target!).Changed?.Invoke(change);

    private static void Take(void* context, ulong firstPfn, int order, ulong blockCount) =>
        ((Action<ulong, int, ulong>)GCHandle.FromIntPtr((nint)context).Target!)(firstPfn, order, blockCount);

    private static void Check(bool isGood, int found, string expected)
    {
        if (!isGood)
        {
            throw new ArgumentOutOfRangeException(nameof(found), found, $"expected {expected}");
        }
    }
}
