using System;
using System.Collections.Generic;
using System.Numerics;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Reference;

/// <summary>
/// Bootmem the plain way: bit by bit, as the rules read, with nothing skipped. It shares no code with the allocator. It
/// is what the allocator's speed is compared with, and its outcomes as well.
/// </summary>
public sealed partial class NaiveBootmem : IDisposable
{
    private readonly NaiveNode[] _nodes;
    private readonly List<NaiveNode> _list = [];
    private readonly ScriptHeader _header;
    private readonly int _shift;
    private readonly ulong _page;
    private readonly ulong _mask;
    private readonly bool _hasLimit;
    private readonly bool _leavesAtEnd;

    /// <summary>A machine without a node.</summary>
    /// <param name="header">The machine and its kernel.</param>
    /// <param name="nodeCount">Room for how many nodes.</param>
    public NaiveBootmem(ScriptHeader header, int nodeCount)
    {
        _header = header;
        _shift = header.PageShift;
        _page = 1UL << _shift;
        _mask = header.Bits == 32 ? uint.MaxValue : ulong.MaxValue;
        _hasLimit = header.Version >= KernelVersion.V2_6_14;
        _leavesAtEnd = header.Version >= KernelVersion.V2_6_15;
        _nodes = new NaiveNode[nodeCount];
        for (int i = 0; i < nodeCount; i++)
        {
            _nodes[i] = new NaiveNode();
        }
    }

    /// <summary>Frees memory that its owner forgot.</summary>
    ~NaiveBootmem() => FreeMemory();

    /// <summary>Starts over. Memory is kept.</summary>
    public void Reset()
    {
        _list.Clear();
        foreach (NaiveNode node in _nodes)
        {
            node.Reset();
        }
    }

    /// <summary>Runs one call; <c>state</c> and <c>handed</c> show nothing here.</summary>
    /// <param name="step">The call.</param>
    public ScriptOutcome Execute(in ScriptStep step) => step.Op switch
    {
        ScriptOp.BitmapPages => Number(Up(Wrap(step.A + 7) / 8, _page) >> _shift),
        ScriptOp.Initialise => Initialise(_nodes[step.Node], step.B, step.C),
        ScriptOp.Reserve => Reserve(_nodes[step.Node], step.A, step.B),
        ScriptOp.Free => Free(_nodes[step.Node], step.A, step.B),
        ScriptOp.Allocate => Allocate(step.A, step.B, step.C, step.D),
        ScriptOp.AllocateOnNode => Core(_nodes[step.Node], step.A, step.B, step.C, step.D)
            ?? Allocate(step.A, step.B, step.C, step.D),
        ScriptOp.HandOver => HandOver(_nodes[step.Node]),
        _ => default,
    };

    /// <summary>Frees the bitmaps.</summary>
    public void Dispose()
    {
        FreeMemory();
        GC.SuppressFinalize(this);
    }

    private void FreeMemory()
    {
        foreach (NaiveNode node in _nodes)
        {
            node.FreeMemory();
        }
    }

    private ScriptOutcome Initialise(NaiveNode node, ulong startPfn, ulong endPfn)
    {
        if (node.IsListed)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Undefined);
        }

        ulong bytes = Up(Wrap(Wrap(endPfn - startPfn) + 7) / 8, (ulong)_header.Bits / 8);
        _list.Insert(0, node);
        node.IsListed = true;
        node.BootStart = Wrap(startPfn << _shift);
        node.LowPfn = endPfn;
        node.MakeMap(bytes);
        return Number(bytes);
    }

    private ScriptOutcome Reserve(NaiveNode node, ulong addr, ulong size)
    {
        ulong sidx = Wrap(addr - node.BootStart) / _page;
        ulong eidx = Wrap(addr + size - node.BootStart + _page - 1) / _page;
        ulong end = Wrap(addr + size + _page - 1) / _page;
        if (size == 0 || sidx >= eidx || (addr >> _shift) >= node.LowPfn || end > node.LowPfn)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Bug);
        }

        if (!node.HasMap || eidx > node.BitCount)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Undefined);
        }

        for (ulong i = sidx; i < eidx; i++)
        {
            node.Set(i);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Ok);
    }

    private ScriptOutcome Free(NaiveNode node, ulong addr, ulong size)
    {
        ulong eidx = Wrap(addr + size - node.BootStart) / _page;
        if (size == 0 || Wrap(addr + size) / _page > node.LowPfn)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Bug);
        }

        node.LastSuccess = Math.Min(node.LastSuccess, addr);
        for (ulong i = Wrap((Wrap(addr + _page - 1) / _page) - (node.BootStart / _page)); i < eidx; i++)
        {
            if (!node.HasMap || i >= node.BitCount)
            {
                return new ScriptOutcome(ScriptOutcomeKind.Undefined);
            }

            if (!node.IsSet(i))
            {
                return new ScriptOutcome(ScriptOutcomeKind.Bug);
            }

            node.Clear(i);
        }

        return new ScriptOutcome(ScriptOutcomeKind.Ok);
    }

    private ScriptOutcome HandOver(NaiveNode node)
    {
        if (!node.HasMap)
        {
            return new ScriptOutcome(ScriptOutcomeKind.Bug);
        }

        ulong n = Wrap(node.LowPfn - (node.BootStart >> _shift));
        ulong width = (ulong)_header.Bits;
        uint start = (uint)node.BootStart;
        int lowest = start == 0 ? 0 : BitOperations.TrailingZeroCount(start) + 1;
        bool isFast = node.BootStart == 0 || lowest - _shift > (width == 32 ? 6 : 7);
        ulong pages = 0;
        for (ulong i = 0; i < n; i += width)
        {
            bool isAllFree = isFast;
            for (ulong k = i; k < i + width && isAllFree; k++)
            {
                isAllFree = !node.IsSet(k);
            }

            if (isAllFree)
            {
                pages += width;
                continue;
            }

            for (ulong k = i; k < i + width && k < n; k++)
            {
                pages += node.IsSet(k) ? 0UL : 1UL;
            }
        }

        node.HasMap = false;
        return Number(Wrap(pages + (Wrap((n / 8) + _page - 1) / _page)));
    }

    private static ScriptOutcome Number(ulong value) => new(ScriptOutcomeKind.Number, value);

    private ulong Wrap(ulong x) => x & _mask;

    private ulong Up(ulong x, ulong a) => Wrap(x + a - 1) & ~Wrap(a - 1) & _mask;
}
