using System;
using System.Linq;
using Bootmem.Tests.Reference;

namespace Bootmem.Tests.Allocator;

/// <summary>The allocator and the naive reference, side by side: each call is made on both, and all is
/// compared.</summary>
internal sealed class Twins(BootMemoryOptions options, int nodeCount, bool isIndexed) : IDisposable
{
    private const int MapRoom = 8192;

    public TestMachine Ours { get; } = new(options, nodeCount, (nuint)(nodeCount * MapRoom), isIndexed);

    public NaiveCalls Naive { get; } = new(options, nodeCount, MapRoom);

    /// <summary>Makes a call on both; throws with a description where anything differs.</summary>
    /// <returns>What came of it on both.</returns>
    public Outcome Run(BootCall call)
    {
        byte[] before = Ours.Snapshot();
        Outcome expected = Naive.Run(call);

        // Millions of pages behind a map, one by one, take too long here: WrappedHandOverTests has that case. All other
        // hand-overs that are undefined are compared.
        if (expected.Kind == FaultKind.Undefined && IsHandOverBehindMap(call))
        {
            return expected;
        }

        Outcome actual = Ours.Run(call);
        if (expected != actual)
        {
            throw new MismatchException($"{call}: expected {expected}, got {actual} ({Ours.Fault.Reason})");
        }

        if (expected.Kind != FaultKind.None)
        {
            Require(before.AsSpan().SequenceEqual(Ours.Snapshot()), call, "a fault changed the state");
            Require(Ours.Fault.Call == call.Call, call, $"the fault names {Ours.Fault.Call}");
        }
        else
        {
            CompareState(call);
        }

        // Undefined has no text of the kernel's.
        bool isTextDefined = expected.Kind != FaultKind.Undefined;
        Require(
            !isTextDefined || Ours.Log.Equals(Naive.Log), call, $"printed '{Ours.Log}' in place of '{Naive.Log}'");
        return expected;
    }

    public void Dispose()
    {
        Ours.Dispose();
        Naive.Dispose();
    }

    private bool IsHandOverBehindMap(BootCall call)
    {
        bool isHandOver = call.Call is Call.free_all_bootmem or Call.free_all_bootmem_node;
        return isHandOver && (uint)call.Node < (uint)Naive.Nodes.Length && Naive.Nodes[call.Node].HasMap;
    }

    private static void Require(bool condition, BootCall call, string what)
    {
        if (!condition)
        {
            throw new MismatchException($"{call}: {what}");
        }
    }

    private void CompareState(BootCall call)
    {
        for (int i = 0; i < Naive.Nodes.Length; i++)
        {
            string? difference = StateOf.Difference(Naive.Nodes[i], Ours.Memory.Node(i));
            Require(difference is null, call, $"node {i}: {difference}");
        }

        Require(Naive.MinLowPfn == Ours.Memory.MinLowPfn, call, "min_low_pfn");
        Require(Naive.MaxLowPfn == Ours.Memory.MaxLowPfn, call, "max_low_pfn");
        Require(
            Naive.Blocks.Count == Ours.Blocks.Count && Naive.Blocks.SequenceEqual(Ours.Blocks), call,
            $"handed over {string.Join(' ', Ours.Blocks)} in place of {string.Join(' ', Naive.Blocks)}");
    }
}

/// <summary>The allocator and the reference disagree.</summary>
internal sealed class MismatchException(string message) : Exception(message);
