using System;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Tests.Reference;

/// <summary>
/// Bootmem a second time, from the description of the kernels alone: bit by bit, with nothing skipped and nothing
/// clever. What the allocator does is compared with this.
/// </summary>
internal sealed partial class NaiveBootmem
{
    private readonly BootMemoryOptions _options;
    private readonly int _shift;
    private readonly ulong _page;
    private readonly ulong _mask;
    private readonly ulong _mapLimit;
    private readonly List<NaiveNode> _list = [];

    /// <summary>A machine without a node.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="nodeCount">How many nodes it can have.</param>
    /// <param name="mapLimit">The longest bitmap there is memory for, in bytes.</param>
    public NaiveBootmem(BootMemoryOptions options, int nodeCount, ulong mapLimit)
    {
        _options = options;
        _shift = options.PageShift;
        _page = 1UL << _shift;
        _mask = options.Bits == 32 ? uint.MaxValue : ulong.MaxValue;
        _mapLimit = mapLimit;
        Nodes = new NaiveNode[nodeCount];
        for (int i = 0; i < nodeCount; i++)
        {
            Nodes[i] = new NaiveNode();
        }
    }

    public NaiveNode[] Nodes { get; }

    public ulong MinLowPfn { get; private set; }

    public ulong MaxLowPfn { get; private set; }

    /// <summary>What was printed.</summary>
    public StringBuilder Log { get; } = new();

    /// <summary>What was handed over.</summary>
    public List<Block> Blocks { get; } = [];

    private bool HasLimit => _options.Version >= KernelVersion.V2_6_14;

    private bool LeavesAtEnd => _options.Version >= KernelVersion.V2_6_15;

    public Outcome Run(BootCall call)
    {
        ulong first = call.First & _mask;
        ulong second = call.Second & _mask;
        ulong third = call.Third & _mask;
        ulong limit = call.Limit & _mask;
        ulong cache = _options.CacheLine & _mask;
        ulong dma = _options.DmaGoal & _mask;
        switch (call.Call)
        {
            case Call.bootmem_bootmap_pages:
                return Outcome.Of(Up(Wrap(first + 7) / 8, _page) >> _shift);
            case Call.init_bootmem:
                Outcome outcome = Init(0, first, 0, second);
                if (outcome.Kind == FaultKind.None)
                {
                    MinLowPfn = first;
                    MaxLowPfn = second;
                }

                return outcome;
            case Call.init_bootmem_node:
                return Init(call.Node, first, second, third);
            case Call.reserve_bootmem:
                return Reserve(0, first, second);
            case Call.reserve_bootmem_node:
                return Reserve(call.Node, first, second);
            case Call.free_bootmem:
                return Free(0, first, second);
            case Call.free_bootmem_node:
                return Free(call.Node, first, second);
            case Call.free_all_bootmem:
                return FreeAll(0);
            case Call.free_all_bootmem_node:
                return FreeAll(call.Node);
            case Call.__alloc_bootmem:
                return Allocate(first, second, third, 0);
            case Call.__alloc_bootmem_limit:
                return HasLimit ? Allocate(first, second, third, limit) : Outcome.Undefined;
            case Call.__alloc_bootmem_node:
                return AllocateNode(call.Node, first, second, third, 0);
            case Call.__alloc_bootmem_node_limit:
                return HasLimit ? AllocateNode(call.Node, first, second, third, limit) : Outcome.Undefined;
            case Call.alloc_bootmem:
                return Allocate(first, cache, dma, 0);
            case Call.alloc_bootmem_low:
                return Allocate(first, cache, 0, 0);
            case Call.alloc_bootmem_pages:
                return Allocate(first, _page, dma, 0);
            case Call.alloc_bootmem_low_pages:
                return Allocate(first, _page, 0, 0);
            case Call.alloc_bootmem_node:
                return AllocateNode(call.Node, first, cache, dma, 0);
            case Call.alloc_bootmem_pages_node:
                return AllocateNode(call.Node, first, _page, dma, 0);
            case Call.alloc_bootmem_low_pages_node:
                return AllocateNode(call.Node, first, _page, 0, 0);
            default:
                return HasLimit ? RunLimited(call, first, limit, cache, dma) : Outcome.Undefined;
        }
    }

    private Outcome RunLimited(BootCall call, ulong size, ulong limit, ulong cache, ulong dma) => call.Call switch
    {
        Call.alloc_bootmem_limit => Allocate(size, cache, dma, limit),
        Call.alloc_bootmem_low_limit => Allocate(size, cache, 0, limit),
        Call.alloc_bootmem_pages_limit => Allocate(size, _page, dma, limit),
        Call.alloc_bootmem_low_pages_limit => Allocate(size, _page, 0, limit),
        Call.alloc_bootmem_node_limit => AllocateNode(call.Node, size, cache, dma, limit),
        Call.alloc_bootmem_pages_node_limit => AllocateNode(call.Node, size, _page, dma, limit),
        Call.alloc_bootmem_low_pages_node_limit => AllocateNode(call.Node, size, _page, 0, limit),
        _ => throw new ArgumentException($"{call.Call} is no call of bootmem.h"),
    };

    private Outcome Init(int number, ulong freePfn, ulong startPfn, ulong endPfn)
    {
        if (number >= Nodes.Length || Nodes[number].IsListed)
        {
            return Outcome.Undefined;
        }

        ulong bytes = Wrap(Wrap(endPfn - startPfn) + 7) / 8;
        bytes = Up(bytes, (ulong)_options.Bits / 8);
        if (bytes > _mapLimit)
        {
            return Outcome.Undefined;
        }

        NaiveNode node = Nodes[number];
        _list.Insert(0, node);
        node.IsListed = true;
        node.MapPfn = Wrap(freePfn << _shift) >> _shift;
        node.BootStart = Wrap(startPfn << _shift);
        node.LowPfn = endPfn;
        node.Map = new bool[bytes * 8];
        Array.Fill(node.Map, true);
        return Outcome.Of(bytes);
    }

    private ulong Wrap(ulong x) => x & _mask;

    private ulong Up(ulong x, ulong a) => Wrap(x + a - 1) & ~Wrap(a - 1) & _mask;

    private ulong PagesOf(ulong x) => Wrap(x + _page - 1) / _page;
}
