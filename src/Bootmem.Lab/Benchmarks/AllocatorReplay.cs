using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The allocator itself, its bitmaps in the same memory each time. Pages that it hands over are counted.</summary>
internal sealed unsafe class AllocatorReplay : IReplay
{
    private readonly ReplayList _list;
    private readonly int _nodeCount;
    private readonly Room* _room;
    private BootMemory _memory;

    /// <summary>An allocator for a script.</summary>
    /// <param name="header">The machine and its kernel.</param>
    /// <param name="nodeCount">Room for how many nodes.</param>
    /// <param name="steps">The calls; only the last may fault.</param>
    public AllocatorReplay(ScriptHeader header, int nodeCount, ReadOnlySpan<ScriptStep> steps)
    {
        _list = new ReplayList(steps);
        _nodeCount = nodeCount;
        _room = (Room*)NativeMemory.AllocZeroed((nuint)sizeof(Room));
        _room->Nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)nodeCount, (nuint)sizeof(BootmemNode));
        _room->Maps = (MapRoom*)NativeMemory.AllocZeroed((nuint)nodeCount, (nuint)sizeof(MapRoom));
        _memory = new BootMemory(header.ToOptions(), _room->Nodes, nodeCount)
        {
            Memory = new Memory { Context = _room, Resolve = &ResolveMap, ResolveIndex = &ResolveIndex },
        };
    }

    public double Replay(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Once();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    public void Dispose()
    {
        for (int i = 0; i < _nodeCount; i++)
        {
            NativeMemory.Free(_room->Maps[i].Bytes);
        }

        NativeMemory.Free(_room->Maps);
        NativeMemory.Free(_room->Nodes);
        NativeMemory.Free(_room);
    }

    private void Once()
    {
        _memory.ForgetNodes();
        foreach (ref readonly ReplayRun run in _list.Runs.AsSpan())
        {
            bool isDone = run.Op switch
            {
                ScriptOp.Reserve =>
                    _memory.TryReserve(run.Call, run.Node, _list.Ranges.AsSpan(run.First, run.Count), out _, out _),
                ScriptOp.Free => TryFree(run, _list.Ranges.AsSpan(run.First, run.Count)),
                ScriptOp.Allocate => TryAllocate(_list.Requests.AsSpan(run.First, run.Count)),
                ScriptOp.AllocateOnNode => TryAllocateOnNode(run.Node, _list.Requests.AsSpan(run.First, run.Count)),
                _ => TrySetUp(run, _list.Nodes.AsSpan(run.First, run.Count)),
            };
            if (!isDone)
            {
                return;
            }
        }
    }

    private bool TryFree(in ReplayRun run, ReadOnlySpan<AddressRange> ranges)
    {
        foreach (ref readonly AddressRange range in ranges)
        {
            if (!_memory.TryFree(run.Call, run.Node, range.Address, range.Size, out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAllocate(ReadOnlySpan<AllocationRequest> requests)
    {
        foreach (ref readonly AllocationRequest request in requests)
        {
            if (!_memory.TryAllocate(request, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAllocateOnNode(int node, ReadOnlySpan<AllocationRequest> requests)
    {
        foreach (ref readonly AllocationRequest request in requests)
        {
            if (!_memory.TryAllocateOnNode(node, request, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySetUp(in ReplayRun run, ReadOnlySpan<ReplayNode> nodes)
    {
        foreach (ref readonly ReplayNode node in nodes)
        {
            switch (run.Op)
            {
                case ScriptOp.BitmapPages:
                    _room->Pages = _memory.BitmapPages(node.A);
                    break;

                case ScriptOp.Initialise:
                    _room->Node = run.Node;
                    if (!_memory.TryInitialise(run.Call, run.Node, node.A, node.B, node.C, out _, out _))
                    {
                        return false;
                    }

                    break;

                default:
                    PageSink sink = new() { Context = _room, Take = &TakeBlocks, TakeSingles = &TakeSingles };
                    if (!_memory.TryHandOver(run.Call, run.Node, sink, out _, out _))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private static byte* ResolveMap(void* context, ulong address, ulong size)
    {
        Room* room = (Room*)context;
        ref MapRoom map = ref room->Maps[room->Node];
        ulong capacity = (size + 7) & ~7UL;
        if (map.Size < capacity)
        {
            NativeMemory.Free(map.Bytes);
            map.Bytes = (byte*)NativeMemory.AllocZeroed((nuint)(capacity + Bitmap.IndexSize(capacity)));
            map.Size = capacity;
        }

        return map.Bytes;
    }

    private static byte* ResolveIndex(void* context, ulong address, ulong size)
    {
        Room* room = (Room*)context;
        ref MapRoom map = ref room->Maps[room->Node];
        return map.Size < ScriptMachine.DefaultLeastIndexedMap ? null : map.Bytes + map.Size;
    }

    private static void TakeBlocks(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        Room* room = (Room*)context;
        room->Blocks += blockCount;
        room->Pages += blockCount << order;
    }

    private static void TakeSingles(void* context, ulong pfn, ulong free)
    {
        Room* room = (Room*)context;
        ulong count = (ulong)System.Numerics.BitOperations.PopCount(free);
        room->Blocks += count;
        room->Pages += count;
    }

    private struct MapRoom
    {
        public byte* Bytes;
        public ulong Size;
    }

    private struct Room
    {
        public BootmemNode* Nodes;
        public MapRoom* Maps;
        public int Node;
        public ulong Blocks;
        public ulong Pages;
    }
}
