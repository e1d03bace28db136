using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// The machine that runs a script: an allocator with bitmaps in native memory and nothing behind its addresses. Running
/// a call allocates nothing on the managed heap, but for <c>state</c> and <c>handed</c>, which are kept.
/// </summary>
public sealed unsafe partial class ScriptMachine : IDisposable
{
    /// <summary>The most bytes that all bitmaps of a machine may take, if nobody says otherwise: enough for
    /// 128 TiB in pages of 4 KiB. Memory is taken only where calls leave neither all reserved nor all free.</summary>
    public const ulong DefaultMaxMapBytes = 4UL << 30;

    private readonly BootmemNode* _nodes;
    private readonly MapRanges _maps = new();
    private readonly List<ScriptNodeState> _states = [];
    private readonly List<ScriptHanded> _handOvers = [];
    private readonly List<BootEvent> _events = [];
    private GCHandle _self;
    private BootMemory _memory;
    private Fault _fault;
    private bool _records;

    /// <summary>A machine without a node.</summary>
    /// <param name="header">The machine and its kernel.</param>
    /// <param name="nodeCapacity">Room for how many nodes: 1 .. 1024.</param>
    /// <param name="maxMapBytes">The most bytes that all bitmaps may take.</param>
    public ScriptMachine(ScriptHeader header, int nodeCapacity, ulong maxMapBytes = DefaultMaxMapBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodeCapacity, BootMemory.MaxNodes);
        Header = header;
        MaxMapBytes = maxMapBytes;
        _nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)nodeCapacity, (nuint)sizeof(BootmemNode));

        // Weak: a machine that its owner forgot must be collected. While a call runs, the call itself holds it.
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _mapBuffers = new MapBuffer[nodeCapacity];
        _handed = new HandedNode[nodeCapacity];
        LeastIndexedMap = DefaultLeastIndexedMap;
        Reset();
    }

    /// <summary>Frees native memory that its owner forgot.</summary>
    ~ScriptMachine() => FreeNative();

    /// <summary>The machine and its kernel.</summary>
    public ScriptHeader Header { get; }

    /// <summary>The most bytes that all bitmaps may take.</summary>
    public ulong MaxMapBytes { get; }

    /// <summary>The allocator, to be read.</summary>
    public ref readonly BootMemory Memory => ref _memory;

    /// <summary>Every state that was shown, in order.</summary>
    public IReadOnlyList<ScriptNodeState> States => _states;

    /// <summary>Every hand-over that was shown, in order.</summary>
    public IReadOnlyList<ScriptHanded> HandOvers => _handOvers;

    /// <summary>The fault of the last call, if its outcome was one.</summary>
    public ref readonly Fault Fault => ref _fault;

    /// <summary>Why the last call ended the run, in words; null if it did not.</summary>
    public string? EndReason { get; private set; }

    /// <summary>What the last call printed: bytes of lines, each with its end, without log levels.</summary>
    public ReadOnlySpan<byte> Printed => _printed.AsSpan(0, _printedLength);

    /// <summary>The allocator's events of the last call, while <see cref="Records"/>.</summary>
    public IReadOnlyList<BootEvent> Events => _events;

    /// <summary>Whether the allocator's events are kept.</summary>
    public bool Records
    {
        get => _records;
        set
        {
            _records = value;
            _memory.Observer = new Observer
            {
                Context = (void*)GCHandle.ToIntPtr(_self),
                Notify = value ? &TakeEvent : null,
            };
        }
    }

    /// <summary>Starts over: no node, nothing kept. Native memory is kept for the next run.</summary>
    public void Reset()
    {
        void* context = (void*)GCHandle.ToIntPtr(_self);
        _memory = new BootMemory(Header.ToOptions(), _nodes, _handed.Length)
        {
            Memory = new Memory
            {
                Context = context,
                Resolve = &ResolveMap,
                ResolveIndex = &ResolveIndex,
                LeastIndexedMap = LeastIndexedMap,
            },
            Log = new Log { Context = context, Write = &TakeText },
            Owner = Owner.Caller,
        };
        Records = _records;
        _maps.Clear();
        _states.Clear();
        _handOvers.Clear();
        _events.Clear();
        _printedLength = 0;
        EndReason = null;
        _fault = default;
        ResetHandOver();
        ResetMaps();
    }

    /// <summary>Runs calls until the end, or until one that nothing follows.</summary>
    /// <param name="steps">The calls.</param>
    /// <param name="outcomes">Takes the outcome of each; may be empty if nobody wants them.</param>
    /// <returns>How many were run.</returns>
    public int Run(ReadOnlySpan<ScriptStep> steps, Span<ScriptOutcome> outcomes)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            ScriptOutcome outcome = Execute(steps[i]);
            if (!outcomes.IsEmpty)
            {
                outcomes[i] = outcome;
            }

            if (outcome.IsEnd)
            {
                return i + 1;
            }
        }

        return steps.Length;
    }

    /// <summary>Runs one call. Nothing may be run behind an outcome that is an end.</summary>
    /// <param name="step">The call; its node is below the machine's capacity.</param>
    public ScriptOutcome Execute(in ScriptStep step)
    {
        _printedLength = 0;
        EndReason = null;
        if (_records)
        {
            _events.Clear();
        }

        switch (step.Op)
        {
            case ScriptOp.BitmapPages:
                return new ScriptOutcome(ScriptOutcomeKind.Number, _memory.BitmapPages(step.A));

            case ScriptOp.Initialise:
                return Initialise(step);

            case ScriptOp.Reserve:
                return _memory.TryReserve(step.Call, step.Node, step.A, step.B, out _fault)
                    ? new ScriptOutcome(ScriptOutcomeKind.Ok) : Faulted();

            case ScriptOp.Free:
                return _memory.TryFree(step.Call, step.Node, step.A, step.B, out _fault)
                    ? new ScriptOutcome(ScriptOutcomeKind.Ok) : Faulted();

            case ScriptOp.Allocate:
            case ScriptOp.AllocateOnNode:
                return Allocate(step);

            case ScriptOp.HandOver:
                return HandOver(step);

            case ScriptOp.State:
                return ShowState(step.Node);

            default:
                return ShowHanded(step.Node);
        }
    }

    /// <summary>Frees the bitmaps.</summary>
    public void Dispose()
    {
        FreeNative();
        GC.SuppressFinalize(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScriptOutcome Initialise(in ScriptStep step)
    {
        _nodeOfMap = step.Node;
        if (!_memory.TryInitialise(step.Call, step.Node, step.A, step.B, step.C, out ulong bytes, out _fault))
        {
            return Faulted();
        }

        if (step.Call == Call.init_bootmem)
        {
            _memory.MinLowPfn = step.A;
            _memory.MaxLowPfn = step.C;
        }

        ulong address = _memory.Node(step.Node).MapAddress;
        if (_maps.Overlaps(address, bytes))
        {
            return Undefined("the bitmap overlaps that of another node");
        }

        _maps.Add(address, bytes);
        return new ScriptOutcome(ScriptOutcomeKind.Number, bytes);
    }

    private ScriptOutcome Allocate(in ScriptStep step)
    {
        AllocationRequest request = new(step.Call, step.A, step.B, step.C, step.D);
        bool isDone = step.Op == ScriptOp.AllocateOnNode
            ? _memory.TryAllocateOnNode(step.Node, request, out ulong address, out _fault)
            : _memory.TryAllocate(request, out address, out _fault);
        if (!isDone)
        {
            return Faulted();
        }

        // The kernel clears what it hands out. A bitmap that nobody reserved would be cleared with it.
        return _maps.Overlaps(address, step.A)
            ? OverBitmap(address)
            : new ScriptOutcome(ScriptOutcomeKind.Address, address);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScriptOutcome OverBitmap(ulong address) =>
        Undefined($"the memory at 0x{address:x} holds a bitmap that is in use: it was not reserved");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScriptOutcome HandOver(in ScriptStep step)
    {
        // Counting needs only the numbers; the text of the blocks needs this machine.
        HandedNode handed = new() { IsWanted = _handed[step.Node].IsWanted, Machine = (void*)GCHandle.ToIntPtr(_self) };
        PageSink sink = handed.IsWanted
            ? new() { Context = &handed, Take = &TakePages }
            : new() { Context = &handed, Take = &CountPages, TakeSingles = &CountSingles };
        _blockLines.Reset();
        if (!_memory.TryHandOver(step.Call, step.Node, sink, out ulong pages, out _fault))
        {
            return Faulted();
        }

        handed.Crc = _blockLines.Value;
        _handed[step.Node] = handed;
        _maps.Remove(_memory.Node(step.Node).MapAddress);
        return new ScriptOutcome(ScriptOutcomeKind.Number, pages);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScriptOutcome ShowState(int number)
    {
        _states.Add(StateOf(_memory, number));
        return new ScriptOutcome(ScriptOutcomeKind.State, (ulong)_states.Count - 1);
    }

    internal static ScriptNodeState StateOf(in BootMemory memory, int number)
    {
        ref readonly BootmemNode node = ref memory.Node(number);
        ulong pages = node.PageCount(memory.Word);
        return new ScriptNodeState
        {
            BootStart = node.BootStart,
            LowPfn = node.LowPfn,
            LastPos = node.LastPos,
            LastOffset = node.LastOffset,
            LastSuccess = node.LastSuccess,
            HasMap = node.HasMap,
            Reserved = node.HasMap ? node.Map.CountSet(Math.Min(pages, node.Map.BitCount)) : 0,
            MapCrc = node.HasMap ? MapChecksum.Of(node.Map) : 0,
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ScriptOutcome Faulted()
    {
        if (_fault.Reason == FaultReason.MapNotBacked)
        {
            EndReason = "the bitmap is too large";
            return new ScriptOutcome(ScriptOutcomeKind.Refused);
        }

        _memory.SayBefore(_fault);
        EndReason = Encoding.ASCII.GetString(Fault.Describe(_fault.Reason));
        return new ScriptOutcome(_fault.Kind switch
        {
            FaultKind.Bug => ScriptOutcomeKind.Bug,
            FaultKind.Panic => ScriptOutcomeKind.Panic,
            _ => ScriptOutcomeKind.Undefined,
        });
    }

    private ScriptOutcome Undefined(string reason)
    {
        EndReason = reason;
        return new ScriptOutcome(ScriptOutcomeKind.Undefined);
    }
}
