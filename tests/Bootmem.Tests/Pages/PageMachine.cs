using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>A page allocator over native memory, which goes when the machine is disposed of.</summary>
internal sealed unsafe class PageMachine : IDisposable
{
    private const int MaxNodes = 4;

    private readonly List<nint> _memory = [];
    private readonly StringBuilder _text = new();
    private GCHandle _handle;

    public PageMachine(KernelVersion version, int bits = 32, bool isNuma = false)
    {
        Version = version;
        Bits = bits;
        Stride = bits == 32 ? 32 : 56;
        Zone* zones = (Zone*)Take((nuint)sizeof(Zone) * MaxNodes * Zones.MaxCount);
        NodePages* nodes = (NodePages*)Take((nuint)sizeof(NodePages) * MaxNodes);
        Pages = (PageAllocator*)Take((nuint)sizeof(PageAllocator));
        *Pages = new PageAllocator(
            new KernelWord(bits, 12),
            new Behaviour(version),
            isNuma,
            zones,
            MaxNodes * Zones.MaxCount,
            nodes,
            MaxNodes);
        _handle = GCHandle.Alloc(_text);
        Pages->Log = Log;
    }

    public KernelVersion Version { get; }

    public int Bits { get; }

    public int Stride { get; }

    public PageAllocator* Pages { get; }

    public Log Log => new() { Context = (void*)GCHandle.ToIntPtr(_handle), Write = &Append };

    public int ZoneCount => Pages->ZonesPerNode;

    // A node with zones side by side; each gets the batch.
    public PageMachine Node(int node, ulong startPfn, int batch, params (ZoneKind Kind, ulong Pages)[] zones)
    {
        ulong spanned = 0;
        foreach ((_, ulong pages) in zones)
        {
            spanned += pages;
        }

        byte* map = Take((nuint)spanned * (nuint)Stride);
        Assert.True(Pages->AddNode(node, startPfn, spanned, map, Stride));
        foreach ((ZoneKind kind, ulong pages) in zones)
        {
            Assert.True(Pages->AddZone(node, kind, startPfn, pages, pages, batch));
            startPfn += pages;
        }

        return this;
    }

    public Zone* ZoneOf(ZoneKind kind, int node = 0) => Pages->ZoneOf(node, Zones.IndexOf(kind, ZoneCount));

    public byte* Take(nuint bytes)
    {
        void* memory = NativeMemory.AllocZeroed(bytes == 0 ? 8 : bytes);
        _memory.Add((nint)memory);
        return (byte*)memory;
    }

    public string Printed()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    public void AssertSound()
    {
        VerifyResult result = Pages->Verify(out ulong pfn);
        Assert.True(result == VerifyResult.Sound, $"{result} at page 0x{pfn:x}");
    }

    public static List<ulong> FreeList(Zone* zone, int order)
    {
        List<ulong> pfns = [];
        for (uint link = zone->FreeHead(order); link != 0; link = zone->PageAt(link)->Next)
        {
            pfns.Add(zone->PfnOf(link));
        }

        return pfns;
    }

    public static List<ulong> CpuList(Zone* zone, bool isCold, int cpu = 0)
    {
        PageSet* set = Zone.PageSetOf(zone, cpu);
        List<ulong> pfns = [];
        for (uint link = isCold ? set->Cold.Head : set->Hot.Head; link != 0; link = zone->PageAt(link)->Next)
        {
            pfns.Add(zone->PfnOf(link));
        }

        return pfns;
    }

    public void Dispose()
    {
        foreach (nint memory in _memory)
        {
            NativeMemory.Free((void*)memory);
        }

        _memory.Clear();
        _handle.Free();
    }

    private static void Append(void* context, byte* text, int length)
    {
        StringBuilder builder = (StringBuilder)GCHandle.FromIntPtr((nint)context).Target!;
        builder.Append(Encoding.UTF8.GetString(text, length));
    }
}
