using System;
using Bootmem.Lab.Reference;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>
/// A node of a few pages of 64 bytes, on the allocator and on the reference, that can be brought into a state by calls,
/// and back into it by copying.
/// </summary>
internal sealed unsafe class SmallNode : IDisposable
{
    public const int PageShift = 6;
    public const ulong Page = 1UL << PageShift;

    private readonly TestMachine _ours;
    private readonly NaiveCalls _naive;
    private readonly NaiveNode _naiveSaved = new();
    private BootmemNode _saved;
    private ulong _savedMap;

    public SmallNode(
        KernelVersion version, int bits, SearchKind search, ulong startPfn, int pages, bool isIndexed = false)
    {
        BootMemoryOptions options = new()
        {
            Version = version,
            Bits = bits,
            PageShift = PageShift,
            CacheLine = 32,
            Search = search,
        };
        _ours = new TestMachine(options, 1, 64, isIndexed);
        _naive = new NaiveCalls(options, 1, 64);
        StartPfn = startPfn;
        Pages = pages;
        Apply(new BootCall(Call.init_bootmem_node, 0, startPfn, startPfn, startPfn + (ulong)pages));
        Apply(new BootCall(Call.free_bootmem_node, 0, Start, (ulong)pages << PageShift));
        Save();
    }

    public ulong StartPfn { get; }

    public int Pages { get; }

    public ulong Start => StartPfn << PageShift;

    public ulong End => Start + ((ulong)Pages << PageShift);

    /// <summary>Makes a call of any outcome on both.</summary>
    public Outcome Apply(BootCall call)
    {
        Outcome expected = _naive.Run(call);
        Assert.Equal(expected, _ours.Run(call));
        return expected;
    }

    /// <summary>Brings the bitmap to a value by reserving and freeing single pages. A free may lower
    /// last_success.</summary>
    public void SetBitmap(int bitmap)
    {
        for (int k = 0; k < Pages; k++)
        {
            bool isWanted = ((bitmap >> k) & 1) != 0;
            if (_naive.Nodes[0].IsSet((ulong)k) != isWanted)
            {
                Call call = isWanted ? Call.reserve_bootmem_node : Call.free_bootmem_node;
                Apply(new BootCall(call, 0, Start + ((ulong)k << PageShift), Page));
            }
        }
    }

    /// <summary>Keeps the state, to come back to.</summary>
    public SmallNodeState Save()
    {
        _saved = _ours.Memory.Node(0);
        _savedMap = MapWord;
        _naiveSaved.CopyFrom(_naive.Nodes[0]);
        NaiveNode copy = new();
        copy.CopyFrom(_naiveSaved);
        return new SmallNodeState(_saved, _savedMap, copy);
    }

    /// <summary>Comes back to a state that was kept earlier, and keeps it.</summary>
    public void Load(SmallNodeState state)
    {
        _saved = state.Node;
        _savedMap = state.Map;
        _naiveSaved.CopyFrom(state.Naive);
        Restore();
    }

    /// <summary>Comes back to the state that was kept last.</summary>
    public void Restore()
    {
        _ours.NodeForWriting(0) = _saved;
        MapWord = _savedMap;
        _naive.Nodes[0].CopyFrom(_naiveSaved);
    }

    /// <summary>Makes an allocation on both in the kept state, compares all, and comes back.</summary>
    public void Try(BootCall call)
    {
        Outcome expected = _naive.Run(call);
        AllocationRequest request = new(call.Call, call.First, call.Second, call.Third, call.Limit);
        bool isDone = _ours.Memory.TryAllocateOnNode(0, request, out ulong address, out Fault fault);
        Compare(call, expected, isDone, address, fault);
    }

    /// <summary>Reserves or frees on both in the kept state, compares all, and comes back.</summary>
    public void TryRange(BootCall call)
    {
        Outcome expected = _naive.Run(call);
        bool isDone = call.Call == Call.reserve_bootmem_node
            ? _ours.Memory.TryReserve(call.Call, 0, call.First, call.Second, out Fault fault)
            : _ours.Memory.TryFree(call.Call, 0, call.First, call.Second, out fault);
        Compare(call, expected, isDone, 0, fault);
    }

    /// <summary>Hands over on both in the kept state, compares all, and comes back.</summary>
    public void TryHandOver()
    {
        _naive.Blocks.Clear();
        _ours.Blocks.Clear();
        Apply(new BootCall(Call.free_all_bootmem_node, 0, 0));
        Assert.Equal(_naive.Blocks, _ours.Blocks);
        Assert.Null(StateOf.Difference(_naive.Nodes[0], _ours.Memory.Node(0)));
        Restore();
    }

    public void Dispose()
    {
        _ours.Dispose();
        _naive.Dispose();
        _naiveSaved.Dispose();
    }

    private ulong MapWord
    {
        get => *(ulong*)_saved.Map.Bytes & MapMask;
        set
        {
            *(ulong*)_saved.Map.Bytes = value;
            _saved.Map.TakeBytes();
        }
    }

    private ulong MapMask => _saved.Map.BitCount == 64 ? ulong.MaxValue : (1UL << (int)_saved.Map.BitCount) - 1;

    private void Compare(BootCall call, Outcome expected, bool isDone, ulong address, in Fault fault)
    {
        Outcome actual = isDone ? Outcome.Of(address) : new Outcome(fault.Kind, 0);
        string? difference = expected != actual
            ? $"expected {expected}, got {actual} ({fault.Reason})"
            : isDone
                ? StateOf.Difference(_naive.Nodes[0], _ours.Memory.Node(0))
                : IsAsSaved() ? null : "a fault changed the state";
        if (difference is not null)
        {
            Assert.Fail(
                $"{call} at pages 0x{StartPfn:x}+{Pages}, map 0x{_savedMap:x}, last_pos {_saved.LastPos}, "
                + $"last_offset {_saved.LastOffset}, last_success 0x{_saved.LastSuccess:x}: {difference}");
        }

        _naive.Log.Clear();
        Restore();
    }

    private bool IsAsSaved()
    {
        ref readonly BootmemNode now = ref _ours.Memory.Node(0);
        return now.LastPos == _saved.LastPos && now.LastOffset == _saved.LastOffset
            && now.LastSuccess == _saved.LastSuccess && now.BootStart == _saved.BootStart
            && now.LowPfn == _saved.LowPfn && now.HasMap && MapWord == _savedMap;
    }
}

/// <summary>A state that was kept.</summary>
internal sealed record SmallNodeState(BootmemNode Node, ulong Map, NaiveNode Naive);
