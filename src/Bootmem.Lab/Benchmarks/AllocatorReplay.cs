using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The allocator itself, its bitmaps in the same memory each time. Pages that it hands over are
/// counted.</summary>
internal sealed unsafe class AllocatorReplay : IReplay
{
    private readonly ReplayList _list;
    private readonly int _nodeCount;
    private readonly Room* _room;
    private readonly BootMemory* _memory;

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
        _memory = (BootMemory*)NativeMemory.AllocZeroed((nuint)sizeof(BootMemory));
        *_memory = new BootMemory(header.ToOptions(), _room->Nodes, nodeCount)
        {
            Memory = new Memory
            {
                Context = _room,
                Resolve = &ResolveMap,
                ResolveIndex = &ResolveIndex,
                LeastIndexedMap = ScriptMachine.DefaultLeastIndexedMap,
            },
        };
    }

    public double Replay(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Once(_memory, _list, _room);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    public void Dispose()
    {
        for (int i = 0; i < _nodeCount; i++)
        {
            NativeMemory.Free(_room->Maps[i].Bytes);
        }

        _list.Dispose();
        NativeMemory.Free(_memory);
        NativeMemory.Free(_room->Maps);
        NativeMemory.Free(_room->Nodes);
        NativeMemory.Free(_room);
    }

    private static void Once(BootMemory* memory, ReplayList list, Room* room)
    {
        memory->ForgetNodes();
        ReplayRun* end = list.End;
        for (ReplayRun* run = list.First; run != end; run++)
        {
            if (!TryMake(memory, run, room))
            {
                return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryMake(BootMemory* memory, ReplayRun* run, Room* room)
    {
        switch (run->Op)
        {
            case ScriptOp.Reserve:
                return run->Count == 1 ? TryReserveOne(memory, run) : TryReserveMany(memory, run);

            case ScriptOp.Free:
                return run->Count == 1 ? TryFreeOne(memory, run) : TryFreeMany(memory, run);

            case ScriptOp.Allocate:
                return TryAllocate(memory, run);

            case ScriptOp.AllocateOnNode:
                return TryAllocateOnNode(memory, run);

            default:
                return TrySetUp(memory, run, room);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    private static bool TryReserveOne(BootMemory* memory, ReplayRun* run)
    {
        AddressRange* range = (AddressRange*)run->Data;
        return memory->TryReserve(run->Call, run->Node, range->Address, range->Size, out _);
    }

    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    private static bool TryReserveMany(BootMemory* memory, ReplayRun* run) => memory->TryReserve(
        run->Call, run->Node, new ReadOnlySpan<AddressRange>(run->Data, run->Count), out _, out _);

    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    private static bool TryFreeOne(BootMemory* memory, ReplayRun* run)
    {
        AddressRange* range = (AddressRange*)run->Data;
        return memory->TryFree(run->Call, run->Node, range->Address, range->Size, out _);
    }

    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    private static bool TryFreeMany(BootMemory* memory, ReplayRun* run)
    {
        AddressRange* freed = (AddressRange*)run->Data;
        AddressRange* freedEnd = freed + run->Count;
        while (freed != freedEnd && memory->TryFree(run->Call, run->Node, freed->Address, freed->Size, out _))
        {
            freed++;
        }

        return freed == freedEnd;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAllocate(BootMemory* memory, ReplayRun* run)
    {
        AllocationRequest* request = (AllocationRequest*)run->Data;
        int left = run->Count;
        while (left != 0 && memory->TryAllocate(in *request, out _, out _))
        {
            request += run->Stride;
            left--;
        }

        return left == 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAllocateOnNode(BootMemory* memory, ReplayRun* run)
    {
        AllocationRequest* request = (AllocationRequest*)run->Data;
        int left = run->Count;
        while (left != 0 && memory->TryAllocateOnNode(run->Node, in *request, out _, out _))
        {
            request += run->Stride;
            left--;
        }

        return left == 0;
    }

    private static bool TrySetUp(BootMemory* memory, ReplayRun* run, Room* room)
    {
        ReplayNode* node = (ReplayNode*)run->Data;
        for (int left = run->Count; left > 0; left--, node++)
        {
            bool isDone = true;
            switch (run->Op)
            {
                case ScriptOp.BitmapPages:
                    room->Pages = memory->BitmapPages(node->A);
                    break;

                case ScriptOp.Initialise:
                    room->Node = run->Node;
                    isDone = memory->TryInitialise(run->Call, run->Node, node->A, node->B, node->C, out _, out _);
                    break;

                default:
                    PageSink sink = new() { Context = room, Take = &TakeBlocks, TakeSingles = &TakeSingles };
                    isDone = memory->TryHandOver(run->Call, run->Node, sink, out _, out _);
                    break;
            }

            if (!isDone)
            {
                return false;
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
        return map.Bytes + map.Size;
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
