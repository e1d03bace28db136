using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Lab.Reference;
using Bootmem.Lab.Scripts;

namespace Bootmem.Tests.Reference;

/// <summary>
/// The naive reference, called by the kernel's names: what a name implies (node, alignment, goal) is filled in here,
/// from the description of the kernels.
/// </summary>
internal sealed class NaiveCalls : IDisposable
{
    private readonly BootMemoryOptions _options;
    private readonly ulong _page;
    private readonly ulong _mask;
    private readonly NaiveBootmem _naive;

    /// <summary>A machine without a node.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="nodeCount">How many nodes it can have.</param>
    /// <param name="longestMap">The longest bitmap there is memory for, in bytes.</param>
    public NaiveCalls(BootMemoryOptions options, int nodeCount, ulong longestMap)
    {
        _options = options;
        _page = 1UL << options.PageShift;
        _mask = options.Bits == 32 ? uint.MaxValue : ulong.MaxValue;
        _naive = new NaiveBootmem(options, nodeCount)
        {
            LongestMap = longestMap,
            Print = text => Log.Append(text),
            Take = (pfn, order) => Blocks.Add(new Block(pfn, order)),
        };
    }

    public NaiveNode[] Nodes => _naive.Nodes;

    public ulong MinLowPfn { get; private set; }

    public ulong MaxLowPfn { get; private set; }

    /// <summary>What was printed.</summary>
    public StringBuilder Log { get; } = new();

    /// <summary>What was handed over.</summary>
    public List<Block> Blocks { get; } = [];

    private bool HasLimit => _options.Version >= KernelVersion.V2_6_14;

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
                return On(ScriptOp.BitmapPages, 0, first);
            case Call.init_bootmem:
                Outcome outcome = On(ScriptOp.Initialise, 0, first, 0, second);
                if (outcome.Kind == FaultKind.None)
                {
                    MinLowPfn = first;
                    MaxLowPfn = second;
                }

                return outcome;
            case Call.init_bootmem_node:
                return On(ScriptOp.Initialise, call.Node, first, second, third);
            case Call.reserve_bootmem:
                return On(ScriptOp.Reserve, 0, first, second);
            case Call.reserve_bootmem_node:
                return On(ScriptOp.Reserve, call.Node, first, second);
            case Call.free_bootmem:
                return On(ScriptOp.Free, 0, first, second);
            case Call.free_bootmem_node:
                return On(ScriptOp.Free, call.Node, first, second);
            case Call.free_all_bootmem:
                return On(ScriptOp.HandOver, 0, 0);
            case Call.free_all_bootmem_node:
                return On(ScriptOp.HandOver, call.Node, 0);
            case Call.__alloc_bootmem:
                return On(ScriptOp.Allocate, 0, first, second, third, 0);
            case Call.__alloc_bootmem_limit:
                return HasLimit ? On(ScriptOp.Allocate, 0, first, second, third, limit) : Outcome.Undefined;
            case Call.__alloc_bootmem_node:
                return On(ScriptOp.AllocateOnNode, call.Node, first, second, third, 0);
            case Call.__alloc_bootmem_node_limit:
                return HasLimit
                    ? On(ScriptOp.AllocateOnNode, call.Node, first, second, third, limit) : Outcome.Undefined;
            case Call.alloc_bootmem:
                return On(ScriptOp.Allocate, 0, first, cache, dma, 0);
            case Call.alloc_bootmem_low:
                return On(ScriptOp.Allocate, 0, first, cache, 0, 0);
            case Call.alloc_bootmem_pages:
                return On(ScriptOp.Allocate, 0, first, _page, dma, 0);
            case Call.alloc_bootmem_low_pages:
                return On(ScriptOp.Allocate, 0, first, _page, 0, 0);
            case Call.alloc_bootmem_node:
                return On(ScriptOp.AllocateOnNode, call.Node, first, cache, dma, 0);
            case Call.alloc_bootmem_pages_node:
                return On(ScriptOp.AllocateOnNode, call.Node, first, _page, dma, 0);
            case Call.alloc_bootmem_low_pages_node:
                return On(ScriptOp.AllocateOnNode, call.Node, first, _page, 0, 0);
            default:
                return HasLimit ? RunLimited(call, first, limit, cache, dma) : Outcome.Undefined;
        }
    }

    private Outcome RunLimited(BootCall call, ulong size, ulong limit, ulong cache, ulong dma) => call.Call switch
    {
        Call.alloc_bootmem_limit => On(ScriptOp.Allocate, 0, size, cache, dma, limit),
        Call.alloc_bootmem_low_limit => On(ScriptOp.Allocate, 0, size, cache, 0, limit),
        Call.alloc_bootmem_pages_limit => On(ScriptOp.Allocate, 0, size, _page, dma, limit),
        Call.alloc_bootmem_low_pages_limit => On(ScriptOp.Allocate, 0, size, _page, 0, limit),
        Call.alloc_bootmem_node_limit => On(ScriptOp.AllocateOnNode, call.Node, size, cache, dma, limit),
        Call.alloc_bootmem_pages_node_limit => On(ScriptOp.AllocateOnNode, call.Node, size, _page, dma, limit),
        Call.alloc_bootmem_low_pages_node_limit => On(ScriptOp.AllocateOnNode, call.Node, size, _page, 0, limit),
        _ => throw new ArgumentException($"{call.Call} is no call of bootmem.h"),
    };

    public void Dispose() => _naive.Dispose();

    private Outcome On(ScriptOp op, int node, ulong a, ulong b = 0, ulong c = 0, ulong d = 0)
    {
        if (node >= Nodes.Length)
        {
            return Outcome.Undefined;
        }

        ScriptOutcome outcome =
            _naive.Execute(new ScriptStep { Op = op, Node = node, A = a, B = b, C = c, D = d });
        return outcome.Kind switch
        {
            ScriptOutcomeKind.Bug => Outcome.Bug,
            ScriptOutcomeKind.Panic => Outcome.Panic,
            ScriptOutcomeKind.Undefined => Outcome.Undefined,
            _ => Outcome.Of(outcome.Value),
        };
    }
}
