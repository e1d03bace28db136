using System;
using System.Collections.Generic;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>
/// A script's calls, ready to be made: what a call takes lies side by side in memory, and calls of one kind on one node that
/// follow each other are told apart once.
/// </summary>
internal sealed class ReplayList
{
    private readonly List<ReplayRun> _runs = [];
    private readonly List<AddressRange> _ranges = [];
    private readonly List<AllocationRequest> _requests = [];
    private readonly List<ReplayNode> _nodes = [];

    /// <summary>The calls of a script.</summary>
    /// <param name="steps">The calls, without <c>state</c> and <c>handed</c>.</param>
    public ReplayList(ReadOnlySpan<ScriptStep> steps)
    {
        foreach (ref readonly ScriptStep step in steps)
        {
            Add(step);
        }

        Runs = [.. _runs];
        Ranges = [.. _ranges];
        Requests = [.. _requests];
        Nodes = [.. _nodes];
    }

    public ReplayRun[] Runs { get; }

    public AddressRange[] Ranges { get; }

    public AllocationRequest[] Requests { get; }

    public ReplayNode[] Nodes { get; }

    private void Add(in ScriptStep step)
    {
        int at;
        switch (step.Op)
        {
            case ScriptOp.Reserve or ScriptOp.Free:
                at = _ranges.Count;
                _ranges.Add(new AddressRange(step.A, step.B));
                break;
            case ScriptOp.Allocate or ScriptOp.AllocateOnNode:
                at = _requests.Count;
                _requests.Add(new AllocationRequest(step.Call, step.A, step.B, step.C, step.D));
                break;
            default:
                at = _nodes.Count;
                _nodes.Add(new ReplayNode(step.A, step.B, step.C));
                break;
        }

        if (_runs.Count > 0 && _runs[^1] is var last && last.Op == step.Op && last.Call == step.Call && last.Node == step.Node)
        {
            _runs[^1] = last with { Count = last.Count + 1 };
            return;
        }

        _runs.Add(new ReplayRun(step.Op, step.Call, step.Node, at, 1));
    }
}

/// <summary>Calls of one kind on one node that follow each other.</summary>
/// <param name="Op">What they do.</param>
/// <param name="Call">The kernel's call.</param>
/// <param name="Node">The node's number.</param>
/// <param name="First">The index of what the first of them takes.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ReplayRun(ScriptOp Op, Call Call, int Node, int First, int Count);

/// <summary>What a call that sets up takes.</summary>
internal readonly record struct ReplayNode(ulong A, ulong B, ulong C);
