using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>
/// A script's calls, ready to be made: what calls of one kind take lies side by side in memory. Allocations of one kind
/// that follow each other are told apart once, and so are reservations that make a list; all other calls are alone.
/// </summary>
internal sealed unsafe class ReplayList : IDisposable
{
    // So many reservations in a row, of one node, are given as one list.
    private const int LeastList = 8;

    private readonly List<AddressRange> _ranges = [];
    private readonly List<AllocationRequest> _requests = [];
    private readonly List<ReplayNode> _nodes = [];
    private readonly AddressRange* _firstRange;
    private readonly AllocationRequest* _firstRequest;
    private readonly ReplayNode* _firstNode;

    /// <summary>The calls of a script.</summary>
    /// <param name="steps">The calls, without <c>state</c> and <c>handed</c>.</param>
    public ReplayList(ReadOnlySpan<ScriptStep> steps)
    {
        List<(ReplayRun Run, int First)> runs = [];
        for (int i = 0; i < steps.Length; i++)
        {
            // The same request over and over is kept once: what is raced is the calls, not the reading of their list.
            ref readonly ScriptStep step = ref steps[i];
            bool isSame = i > 0 && IsSameRequest(step, steps[i - 1]);
            bool isJoined = i > 0 && runs[^1].Run.IsLike(step)
                && (runs[^1].Run.Count == 1 || (runs[^1].Run.Stride == 0) == isSame);
            (ReplayRun run, int first) = isJoined
                ? runs[^1] : (new ReplayRun { Op = step.Op, Call = step.Call, Node = step.Node }, Keep(step));
            run.Count++;
            run.Stride = isJoined && isSame ? 0 : 1;
            if (!isJoined)
            {
                runs.Add((run, first));
                continue;
            }

            runs[^1] = (run, first);
            if (!isSame)
            {
                Keep(step);
            }
        }

        _firstRange = Copy(_ranges);
        _firstRequest = Copy(_requests);
        _firstNode = Copy(_nodes);
        List<ReplayRun> placed = [];
        foreach ((ReplayRun run, int first) in runs)
        {
            ReplayRun next = run;
            next.Data = run.Op switch
            {
                ScriptOp.Reserve or ScriptOp.Free => _firstRange + first,
                ScriptOp.Allocate or ScriptOp.AllocateOnNode => _firstRequest + first,
                _ => _firstNode + first,
            };
            bool isSplit = run.Op == ScriptOp.Free || (run.Op == ScriptOp.Reserve && run.Count < LeastList);
            next.Count = isSplit ? 1 : run.Count;
            next.Single = SingleOf(next);
            if (isSplit)
            {
                placed.AddRange(_ranges.Slice(first, run.Count).Select(range => next with { Range = range }));
            }
            else
            {
                placed.Add(next);
            }
        }

        First = Copy(placed);
        End = First + placed.Count;
    }

    /// <summary>The first run of calls.</summary>
    public ReplayRun* First { get; }

    /// <summary>Behind the last one.</summary>
    public ReplayRun* End { get; }

    public void Dispose()
    {
        NativeMemory.Free(_firstRange);
        NativeMemory.Free(_firstRequest);
        NativeMemory.Free(_firstNode);
        NativeMemory.Free(First);
    }

    private static SingleCall SingleOf(in ReplayRun run) => run.Op switch
    {
        _ when run.Count != 1 => SingleCall.None,
        ScriptOp.Reserve => SingleCall.Reserve,
        ScriptOp.Free => SingleCall.Free,
        ScriptOp.Allocate => SingleCall.Allocate,
        ScriptOp.AllocateOnNode => SingleCall.AllocateOnNode,
        _ => SingleCall.None,
    };

    private static bool IsSameRequest(in ScriptStep step, in ScriptStep other) =>
        step.IsAllocation && step.Op == other.Op && step.Call == other.Call && step.Node == other.Node
        && step.A == other.A && step.B == other.B && step.C == other.C && step.D == other.D;

    private int Keep(in ScriptStep step)
    {
        switch (step.Op)
        {
            case ScriptOp.Reserve or ScriptOp.Free:
                _ranges.Add(new AddressRange(step.A, step.B));
                return _ranges.Count - 1;
            case ScriptOp.Allocate or ScriptOp.AllocateOnNode:
                _requests.Add(new AllocationRequest(step.Call, step.A, step.B, step.C, step.D));
                return _requests.Count - 1;
            default:
                _nodes.Add(new ReplayNode(step.A, step.B, step.C));
                return _nodes.Count - 1;
        }
    }

    private static T* Copy<T>(List<T> items)
        where T : unmanaged
    {
        T* memory = (T*)NativeMemory.Alloc((nuint)(items.Count + 1), (nuint)sizeof(T));
        CollectionsMarshal.AsSpan(items).CopyTo(new Span<T>(memory, items.Count));
        return memory;
    }
}

/// <summary>A call that is alone.</summary>
internal enum SingleCall : byte
{
    None,
    Reserve,
    Free,
    Allocate,
    AllocateOnNode,
}

/// <summary>Calls of one kind on one node that follow each other.</summary>
internal unsafe struct ReplayRun
{
    /// <summary>What they do.</summary>
    public ScriptOp Op;

    /// <summary>The same of one call that is alone, if it is of a kind that there are many of.</summary>
    public SingleCall Single;

    /// <summary>The kernel's call; of allocations each request has its own.</summary>
    public Call Call;

    /// <summary>The node's number.</summary>
    public int Node;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>0 if all of them take the same, else 1.</summary>
    public int Stride;

    /// <summary>What the first of them takes, and behind it the others.</summary>
    public void* Data;

    /// <summary>The same, of allocations.</summary>
    public readonly AllocationRequest* Request => (AllocationRequest*)Data;

    /// <summary>The range of a call that reserves or frees, and is alone.</summary>
    public AddressRange Range;

    /// <summary>What makes them; false if the last that was made faulted. Null where
    /// <see cref="Single"/> says it.</summary>
    public delegate*<BootMemory*, ReplayRun*, bool> Make;

    /// <summary>Whether a call can be one of them.</summary>
    public readonly bool IsLike(in ScriptStep step) =>
        Op == step.Op && Node == step.Node && (Call == step.Call || step.IsAllocation)
        && Op is not (ScriptOp.Initialise or ScriptOp.HandOver);
}

/// <summary>What a call that sets up takes.</summary>
internal readonly record struct ReplayNode(ulong A, ulong B, ulong C);
