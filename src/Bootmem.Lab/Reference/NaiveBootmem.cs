using System;
using System.Collections.Generic;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Reference;

/// <summary>
/// Bootmem a second time, from the rules alone: bit by bit, with nothing skipped and nothing clever. It shares no code
/// with the allocator, whose outcomes, state and speed are compared with it.
/// </summary>
public sealed partial class NaiveBootmem : IDisposable
{
    private readonly List<NaiveNode> _list = [];
    private readonly BootMemoryOptions _options;
    private readonly int _shift;
    private readonly ulong _page;
    private readonly ulong _mask;
    private readonly bool _hasLimit;
    private readonly bool _leavesAtEnd;

    /// <summary>A machine without a node.</summary>
    /// <param name="header">The machine and its kernel.</param>
    /// <param name="nodeCount">Room for how many nodes.</param>
    public NaiveBootmem(ScriptHeader header, int nodeCount)
        : this(header.ToOptions(), nodeCount)
    {
    }

    /// <summary>A machine without a node.</summary>
    /// <param name="options">The machine and its kernel.</param>
    /// <param name="nodeCount">Room for how many nodes.</param>
    public NaiveBootmem(BootMemoryOptions options, int nodeCount)
    {
        _options = options;
        _shift = options.PageShift;
        _page = 1UL << _shift;
        _mask = options.Bits == 32 ? uint.MaxValue : ulong.MaxValue;
        _hasLimit = options.Version >= KernelVersion.V2_6_14;
        _leavesAtEnd = options.Version >= KernelVersion.V2_6_15;
        Nodes = new NaiveNode[nodeCount];
        for (int i = 0; i < nodeCount; i++)
        {
            Nodes[i] = new NaiveNode();
        }
    }

    /// <summary>The longest bitmap that there is memory for, in bytes.</summary>
    public ulong LongestMap { get; init; } = ulong.MaxValue;

    /// <summary>Takes what the kernel prints, if anyone wants it.</summary>
    public Action<string>? Print { get; init; }

    /// <summary>Takes each block that goes to the page allocator, its pfn and order, if anyone wants it.</summary>
    public Action<ulong, int>? Take { get; init; }

    internal NaiveNode[] Nodes { get; }

    /// <summary>Starts over. Memory is kept.</summary>
    public void Reset()
    {
        _list.Clear();
        foreach (NaiveNode node in Nodes)
        {
            node.Reset();
        }
    }

    /// <summary>Runs one call; <c>state</c> and <c>handed</c> show nothing here.</summary>
    /// <param name="step">The call.</param>
    public ScriptOutcome Execute(in ScriptStep step) => step.Op switch
    {
        ScriptOp.BitmapPages => Number(Up(Wrap(step.A + 7) / 8, _page) >> _shift),
        ScriptOp.Initialise => Initialise(Nodes[step.Node], step.A, step.B, step.C),
        ScriptOp.Reserve => Reserve(Nodes[step.Node], step.A, step.B),
        ScriptOp.Free => Free(Nodes[step.Node], step.A, step.B),
        ScriptOp.Allocate => Allocate(step.A, step.B, step.C, step.D),
        ScriptOp.AllocateOnNode => Core(Nodes[step.Node], step.A, step.B, step.C, step.D)
            ?? Allocate(step.A, step.B, step.C, step.D),
        ScriptOp.HandOver => HandOver(Nodes[step.Node]),
        _ => default,
    };

    /// <summary>Frees the bitmaps.</summary>
    public void Dispose()
    {
        foreach (NaiveNode node in Nodes)
        {
            node.Dispose();
        }
    }

    private static ScriptOutcome Number(ulong value) => new(ScriptOutcomeKind.Number, value);

    private static ScriptOutcome Bug() => new(ScriptOutcomeKind.Bug);

    private static ScriptOutcome Undefined() => new(ScriptOutcomeKind.Undefined);

    private ScriptOutcome Initialise(NaiveNode node, ulong mapPfn, ulong startPfn, ulong endPfn)
    {
        ulong bytes = Up(Wrap(Wrap(endPfn - startPfn) + 7) / 8, (ulong)_options.Bits / 8);
        if (node.IsListed || bytes > LongestMap)
        {
            return Undefined();
        }

        _list.Insert(0, node);
        node.IsListed = true;
        node.MapPfn = Wrap(mapPfn << _shift) >> _shift;
        node.BootStart = Wrap(startPfn << _shift);
        node.LowPfn = endPfn;
        node.MakeMap(bytes);
        return Number(bytes);
    }

    private ulong Wrap(ulong x) => x & _mask;

    private ulong Up(ulong x, ulong a) => Wrap(x + a - 1) & ~Wrap(a - 1) & _mask;

    private ulong PagesOf(ulong bytes) => Wrap(bytes + _page - 1) / _page;
}
