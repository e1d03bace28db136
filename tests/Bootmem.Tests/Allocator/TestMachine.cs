using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Tests.Reference;

namespace Bootmem.Tests.Allocator;

/// <summary>
/// The allocator under test, called by the kernel's names. Bitmaps lie in an arena of their own; nothing else of the
/// physical memory exists.
/// </summary>
internal sealed unsafe class TestMachine : IDisposable
{
    private readonly BootmemNode* _nodes;
    private readonly byte* _arena;
    private readonly nuint _arenaSize;
    private readonly int _nodeCount;
    private readonly GCHandle _self;
    private readonly byte* _indexes;
    private nuint _arenaUsed;
    private nuint _indexUsed;

    /// <summary>A machine without a node.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="nodeCount">Room for so many nodes.</param>
    /// <param name="arenaSize">Room for all bitmaps, in bytes; a single one may have a <paramref name="nodeCount"/>th
    /// of it.</param>
    /// <param name="isIndexed">Whether bitmaps get an index.</param>
    public TestMachine(BootMemoryOptions options, int nodeCount, nuint arenaSize, bool isIndexed = false)
    {
        _nodeCount = nodeCount;
        _nodes = (BootmemNode*)NativeMemory.AllocZeroed((nuint)nodeCount, (nuint)sizeof(BootmemNode));
        _arena = (byte*)NativeMemory.AlignedAlloc(arenaSize + 8, 8);
        _arenaSize = arenaSize;
        nuint indexSize = (nuint)Bitmap.IndexSize((ulong)arenaSize / (ulong)nodeCount) * (nuint)nodeCount;
        _indexes = isIndexed ? (byte*)NativeMemory.AlignedAlloc(indexSize, 8) : null;
        _self = GCHandle.Alloc(this);
        TakesSingles = isIndexed;
        void* context = (void*)GCHandle.ToIntPtr(_self);
        Memory = new BootMemory(options, _nodes, nodeCount)
        {
            Memory =
                new Memory { Context = context, Resolve = &Resolve, ResolveIndex = isIndexed ? &ResolveIndex : null },
            FaultHandler = new FaultHandler { Context = context, Raise = &Throw },
            Log = new Log { Context = context, Write = &Append },
        };
    }

    /// <summary>The allocator.</summary>
    public BootMemory Memory;

    /// <summary>What was printed.</summary>
    public StringBuilder Log { get; } = new();

    /// <summary>What was handed over.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>Whether single pages are taken as words of the map; from the start with an index.</summary>
    public bool TakesSingles { get; set; }

    /// <summary>The last call's fault.</summary>
    public Fault Fault { get; private set; }

    public ulong LongestMap => (ulong)_arenaSize / (ulong)_nodeCount;

    public Outcome Run(BootCall call)
    {
        Fault = default;
        PageSink sink = new() { Context = (void*)GCHandle.ToIntPtr(_self), Take = &TakeBlocks };
        sink.TakeSingles = TakesSingles ? &TakeSingles : null;
        try
        {
            return Outcome.Of(KernelCalls.Run(ref Memory, call, sink));
        }
        catch (FaultException)
        {
            return new Outcome(Fault.Kind, 0);
        }
    }

    /// <summary>A node, to be put back as it was.</summary>
    public ref BootmemNode NodeForWriting(int node) => ref _nodes[node];

    /// <summary>All that a call could change, as bytes.</summary>
    public byte[] Snapshot()
    {
        int size = (_nodeCount * sizeof(BootmemNode)) + (int)_arenaUsed;
        byte[] bytes = new byte[size + (3 * sizeof(ulong))];
        new ReadOnlySpan<byte>(_nodes, _nodeCount * sizeof(BootmemNode)).CopyTo(bytes);
        new ReadOnlySpan<byte>(_arena, (int)_arenaUsed).CopyTo(bytes.AsSpan(_nodeCount * sizeof(BootmemNode)));
        MemoryMarshal.Write(bytes.AsSpan(size), Memory.FirstNode);
        MemoryMarshal.Write(bytes.AsSpan(size + sizeof(ulong)), Memory.MinLowPfn);
        MemoryMarshal.Write(bytes.AsSpan(size + (2 * sizeof(ulong))), Memory.MaxLowPfn);
        return bytes;
    }

    public void Dispose()
    {
        _self.Free();
        NativeMemory.Free(_nodes);
        NativeMemory.AlignedFree(_arena);
        NativeMemory.AlignedFree(_indexes);
    }

    private static void Throw(void* context, in Fault fault)
    {
        From(context).Fault = fault;
        throw new FaultException();
    }

    private static TestMachine From(void* context) => (TestMachine)GCHandle.FromIntPtr((nint)context).Target!;

    private static byte* Resolve(void* context, ulong address, ulong size)
    {
        TestMachine machine = From(context);
        if (size > machine.LongestMap || size + machine._arenaUsed > machine._arenaSize)
        {
            return null;
        }

        byte* bytes = machine._arena + machine._arenaUsed;
        machine._arenaUsed += ((nuint)size + 7) & ~(nuint)7;
        new Span<byte>(bytes, (int)size).Clear();
        return bytes;
    }

    private static byte* ResolveIndex(void* context, ulong address, ulong size)
    {
        TestMachine machine = From(context);
        byte* bytes = machine._indexes + machine._indexUsed;
        machine._indexUsed += (nuint)size;
        return bytes;
    }

    private static void Append(void* context, byte* text, int length) =>
        From(context).Log.Append(Encoding.ASCII.GetString(text, length));

    private static void TakeBlocks(void* context, ulong first, int order, ulong count)
    {
        TestMachine machine = From(context);
        for (ulong i = 0; i < count; i++)
        {
            machine.Blocks.Add(new Block(machine.Memory.Word.Wrap(first + (i << order)), order));
        }
    }

    private static void TakeSingles(void* context, ulong first, ulong* words, ulong count)
    {
        for (ulong k = 0; k < count << 6; k++)
        {
            if (((words[k >> 6] >> (int)(k & 63)) & 1) == 0)
            {
                TakeBlocks(context, first + k, 0, 1);
            }
        }
    }

    private sealed class FaultException : Exception;
}
