using System;
using System.Runtime.InteropServices;

namespace Bootmem.Lab.Scripts;

/// <content>What the allocator asks of its host: room for bitmaps, a place for text, pages and events.</content>
public sealed unsafe partial class ScriptMachine
{
    /// <summary>From here on an index costs less than it saves: 64 MiB of RAM in pages of 4 KiB.</summary>
    internal const ulong DefaultLeastIndexedMap = 2048;

    private const int TextCapacity = 4096;

    private readonly byte[] _printed = new byte[TextCapacity];
    private readonly MapBuffer[] _mapBuffers;
    private readonly HandedNode[] _handed;
    private readonly BlockLines _blockLines = new();
    private int _printedLength;
    private int _nodeOfMap;
    private ulong _mapBytes;

    /// <summary>Bitmaps from this size on, in bytes, are kept with an index. It changes no outcome.</summary>
    internal ulong LeastIndexedMap
    {
        get => _memory.Memory.LeastIndexedMap;
        set => _memory.Memory.LeastIndexedMap = value;
    }

    private static ScriptMachine Of(void* context) => (ScriptMachine)GCHandle.FromIntPtr((nint)context).Target!;

    private static byte* ResolveMap(void* context, ulong address, ulong size) => Of(context).MapOf(size);

    // Behind the bitmap that was resolved just before.
    private static byte* ResolveIndex(void* context, ulong address, ulong size)
    {
        ScriptMachine machine = Of(context);
        ref MapBuffer buffer = ref machine._mapBuffers[machine._nodeOfMap];
        return buffer.Bytes + buffer.Capacity;
    }

    // A node's bitmap. A buffer of an earlier run is used again if it is large enough.
    private byte* MapOf(ulong size)
    {
        if (size > MaxMapBytes - _mapBytes)
        {
            return null;
        }

        // Bitmaps are walked in words of 64 bits: the last one must be whole.
        ulong capacity = (size + 7) & ~7UL;
        ref MapBuffer buffer = ref _mapBuffers[_nodeOfMap];
        if (buffer.Capacity < capacity)
        {
            NativeMemory.Free(buffer.Bytes);
            buffer = default;
            try
            {
                buffer.Bytes = (byte*)NativeMemory.AllocZeroed((nuint)(capacity + Bitmap.IndexSize(capacity)));
            }
            catch (OutOfMemoryException)
            {
                return null;
            }

            buffer.Capacity = capacity;
        }

        _mapBytes += size;
        buffer.Size = size;
        return buffer.Bytes;
    }

    private void ResetMaps() => _mapBytes = 0;

    // Text without log levels: "<1>" at the start of a line. What does not fit is left out: no call prints that much.
    private static void TakeText(void* context, byte* text, int length)
    {
        ScriptMachine machine = Of(context);
        ReadOnlySpan<byte> bytes = new(text, length);
        bool isLineStart = machine._printedLength == 0 || machine._printed[machine._printedLength - 1] == '\n';
        if (isLineStart && length >= 3 && bytes[0] == '<' && bytes[2] == '>')
        {
            bytes = bytes[3..];
        }

        bytes = bytes[..Math.Min(bytes.Length, TextCapacity - machine._printedLength)];
        bytes.CopyTo(machine._printed.AsSpan(machine._printedLength));
        machine._printedLength += bytes.Length;
    }

    private static void TakeEvent(void* context, in BootEvent change) => Of(context)._events.Add(change);

    private static void CountPages(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        HandedNode* handed = (HandedNode*)context;
        if (order == 0)
        {
            handed->SinglePages += blockCount;
        }
        else
        {
            handed->Words += blockCount;
        }
    }

    private static void CountSingles(void* context, ulong pfn, ulong* words, ulong wordCount)
    {
        for (ulong i = 0; i < wordCount; i++)
        {
            ((HandedNode*)context)->SinglePages += (ulong)Bootmem.Bits.Count(~words[i]);
        }
    }

    private static void TakePages(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        CountPages(context, firstPfn, order, blockCount);
        Of(((HandedNode*)context)->Machine)._blockLines.Add(firstPfn, order, blockCount);
    }

    private void ResetHandOver()
    {
        for (int i = 0; i < _handed.Length; i++)
        {
            _handed[i] = new HandedNode { IsWanted = _handed[i].IsWanted };
        }

        _blockLines.Reset();
    }

    /// <summary>
    /// Says whose hand-over will be shown: the text of its blocks is only made where somebody asks for its checksum.
    /// </summary>
    /// <param name="steps">The calls that will be run.</param>
    public void Expect(ReadOnlySpan<ScriptStep> steps)
    {
        foreach (ref readonly ScriptStep step in steps)
        {
            if (step.Op == ScriptOp.Handed)
            {
                _handed[step.Node].IsWanted = true;
            }
        }
    }

    private ScriptOutcome ShowHanded(int node)
    {
        HandedNode handed = _handed[node];
        int order = Bootmem.Bits.Log2((ulong)Header.Bits);
        _handOvers.Add(new ScriptHanded
        {
            Blocks = handed.SinglePages + handed.Words,
            Pages = handed.SinglePages + (handed.Words << order),
            SinglePages = handed.SinglePages,
            Words = handed.Words,
            WordOrder = order,
            Crc = handed.Crc,
        });
        return new ScriptOutcome(ScriptOutcomeKind.Handed, (ulong)_handOvers.Count - 1);
    }

    private void FreeNative()
    {
        if (!_self.IsAllocated)
        {
            return;
        }

        foreach (MapBuffer buffer in _mapBuffers)
        {
            NativeMemory.Free(buffer.Bytes);
        }

        Array.Clear(_mapBuffers);
        NativeMemory.Free(_nodes);
        _self.Free();
    }

    private struct MapBuffer
    {
        public byte* Bytes;
        public ulong Capacity;
        public ulong Size;
    }

    private struct HandedNode
    {
        public ulong SinglePages;
        public ulong Words;
        public void* Machine;
        public uint Crc;
        public bool IsWanted;
    }
}
