using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The allocator itself, its bitmaps in the same memory each time. Pages that it hands over are
/// counted.</summary>
[SkipLocalsInit]
internal sealed unsafe class AllocatorReplay : IReplay
{
    // Where calls of a kind leave what they give: a place that is known, so that none has to be made for each run.
    private static ulong s_lastAddress;
    private static Fault s_lastFault;

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
        for (ReplayRun* run = _list.First; run != _list.End; run++)
        {
            run->Make = MakerOf(*run);
        }

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
            Once(_memory, _list);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Once(BootMemory* memory, ReplayList list)
    {
        memory->ForgetNodes();
        ReplayRun* end = list.End;
        Fault fault;
        for (ReplayRun* run = list.First; run != end; run++)
        {
            // A call that is alone is made here, calls of one kind that follow each other by code of their own. Each
            // ends the loop itself: the compiler does not look through a common test behind them. What is frequent is
            // asked first, one by one: a table of jumps costs more than the call.
            SingleCall single = run->Single;
            if (single == SingleCall.Free)
            {
                if (!memory->TryFree(run->Call, run->Node, run->Range.Address, run->Range.Size, out fault))
                {
                    return;
                }
            }
            else if (single == SingleCall.Reserve)
            {
                if (!memory->TryReserve(run->Call, run->Node, run->Range.Address, run->Range.Size, out fault))
                {
                    return;
                }
            }
            else if (single == SingleCall.Allocate)
            {
                if (!memory->TryAllocate(in *run->Request, out s_lastAddress, out fault))
                {
                    return;
                }
            }
            else if (single == SingleCall.AllocateOnNode)
            {
                if (!memory->TryAllocateOnNode(run->Node, in *run->Request, out s_lastAddress, out fault))
                {
                    return;
                }
            }
            else if (!run->Make(memory, run))
            {
                return;
            }
        }
    }

    private static delegate*<BootMemory*, ReplayRun*, bool> MakerOf(in ReplayRun run) => run.Op switch
    {
        ScriptOp.BitmapPages => &BitmapPages,
        ScriptOp.Initialise => &Initialise,
        ScriptOp.HandOver => &HandOver,
        _ when run.Count == 1 => null,
        ScriptOp.Allocate => &AllocateMany,
        ScriptOp.AllocateOnNode => &AllocateOnNodeMany,
        _ => &ReserveMany,
    };

    private static bool ReserveMany(BootMemory* memory, ReplayRun* run) => memory->TryReserve(
        run->Call, run->Node, new ReadOnlySpan<AddressRange>(run->Data, run->Count), out _, out s_lastFault);

    private static bool AllocateMany(BootMemory* memory, ReplayRun* run)
    {
        AllocationRequest* request = run->Request;
        int left = run->Count;
        while (left != 0 && memory->TryAllocate(in *request, out s_lastAddress, out s_lastFault))
        {
            request += run->Stride;
            left--;
        }

        return left == 0;
    }

    private static bool AllocateOnNodeMany(BootMemory* memory, ReplayRun* run)
    {
        AllocationRequest* request = run->Request;
        int left = run->Count;
        while (left != 0 && memory->TryAllocateOnNode(run->Node, in *request, out s_lastAddress, out s_lastFault))
        {
            request += run->Stride;
            left--;
        }

        return left == 0;
    }

    private static bool BitmapPages(BootMemory* memory, ReplayRun* run)
    {
        for (int i = 0; i < run->Count; i++)
        {
            ((Room*)memory->Memory.Context)->Pages = memory->BitmapPages(((ReplayNode*)run->Data)[i].A);
        }

        return true;
    }

    private static bool Initialise(BootMemory* memory, ReplayRun* run)
    {
        ReplayNode* node = (ReplayNode*)run->Data;
        ((Room*)memory->Memory.Context)->Node = run->Node;
        return memory->TryInitialise(run->Call, run->Node, node->A, node->B, node->C, out _, out s_lastFault);
    }

    private static bool HandOver(BootMemory* memory, ReplayRun* run)
    {
        PageSink sink = new()
        {
            Context = memory->Memory.Context,
            Take = &TakeBlocks,
            TakeSingles = &TakeSingles,
        };
        return memory->TryHandOver(run->Call, run->Node, sink, out _, out s_lastFault);
    }

    private static byte* ResolveMap(void* context, ulong address, ulong size)
    {
        Room* room = (Room*)context;
        MapRoom* map = &room->Maps[room->Node];
        return size <= map->Size ? map->Bytes : Grow(map, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* Grow(MapRoom* map, ulong size)
    {
        ulong capacity = (size + 7) & ~7UL;
        NativeMemory.Free(map->Bytes);
        map->Bytes = (byte*)NativeMemory.AllocZeroed((nuint)(capacity + Bitmap.IndexSize(capacity)));
        map->Size = capacity;
        return map->Bytes;
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

    private static void TakeSingles(void* context, ulong pfn, ulong* words, ulong wordCount)
    {
        Room* room = (Room*)context;
        ulong count = 0;
        for (ulong i = 0; i < wordCount; i++)
        {
            count += (ulong)Bits.Count(~words[i]);
        }

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
