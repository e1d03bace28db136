using System;
using System.Globalization;
using System.Linq;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>No call takes anything from the garbage collector's heap: not where it succeeds and not where it
/// fails.</summary>
public sealed unsafe class HeapTests
{
    private const ulong Page = 4096;
    private const ulong Pages = 512;

    // Every call, in an order in which each comes back.
    private static readonly BootCall[] Script =
    [
        new(Call.bootmem_bootmap_pages, 0, Pages),
        new(Call.init_bootmem, 0, 1, Pages),
        new(Call.init_bootmem_node, 1, 0x1001, 0x1000, 0x1000 + Pages),
        new(Call.free_bootmem, 0, 0, Pages * Page),
        new(Call.free_bootmem_node, 1, 0x1000 * Page, Pages * Page),
        new(Call.reserve_bootmem, 0, Page, Page),
        new(Call.reserve_bootmem, 0, Page, 2 * Page),
        new(Call.reserve_bootmem_node, 1, 0x1001 * Page, Page),
        .. Enumerable.Range((int)Call.__alloc_bootmem, Call.alloc_large_system_hash - Call.__alloc_bootmem)
            .Select(x => new BootCall((Call)x, x & 1, 100, 32, 0x8000, 0x1800000)),
        new(Call.__alloc_bootmem, 0, (3 * Page) + 1, 4 * Page, 0x9000),
        new(Call.free_all_bootmem, 0, 0),
        new(Call.free_all_bootmem_node, 1, 0),
    ];

    // Every kind of fault that a call can end in.
    private static readonly BootCall[] Faults =
    [
        new(Call.init_bootmem_node, 0, 1, 0, Pages),
        new(Call.init_bootmem_node, 9, 1, 0, Pages),
        new(Call.reserve_bootmem, 0, 0, 0),
        new(Call.reserve_bootmem_node, 1, 0, 1),
        new(Call.free_bootmem, 0, Pages * Page, Page),
        new(Call.free_bootmem_node, 0, 0, Page),
        new(Call.__alloc_bootmem, 0, 0, 32, 0),
        new(Call.__alloc_bootmem_node, 0, 1, 3, 0),
        new(Call.alloc_bootmem_pages, 0, 4 * Pages * Page),
        new(Call.free_all_bootmem_node, 2, 0),
    ];

    [Fact]
    public void NoCallAllocates()
    {
        long[] taken = new long[Calls.Count];
        PlayAll(taken);
        Array.Fill(taken, -1);
        PlayAll(taken);
        for (Call call = 0; (int)call < Calls.Count; call++)
        {
            string bytes = taken[(int)call].ToString(CultureInfo.InvariantCulture);
            Assert.True(taken[(int)call] == 0, $"{call} took {bytes} bytes of the heap (-1: it was not called)");
        }
    }

    [Fact]
    public void NoFaultAllocates()
    {
        PlayFaults();
        Assert.Equal(0, PlayFaults());
    }

    private static TestMachine NewMachine()
    {
        TestMachine machine = new(
            new BootMemoryOptions
            {
                Version = KernelVersion.V2_6_15,
                Bits = 32,
                PageShift = 12,
                CacheLine = 32,
                DmaGoal = 0x40000,
                SaysReservedTwice = true,
            },
            3,
            1024);
        machine.Memory.Log = new Log { Write = &Discard };
        return machine;
    }

    private static void PlayAll(long[] taken)
    {
        using TestMachine machine = NewMachine();
        PageSink sink = new() { Take = &Discard };
        foreach (BootCall call in Script)
        {
            if (call.Call == Call.free_all_bootmem)
            {
                PlaySizes(ref machine.Memory, taken);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            KernelCalls.Run(ref machine.Memory, call, sink);
            Note(taken, call.Call, before);
        }
    }

    private static void PlaySizes(ref BootMemory memory, long[] taken)
    {
        RemapArea* areas = stackalloc RemapArea[3];
        areas[0] = new RemapArea(0x1000, 0x2000);
        memory.RemapAreas = areas;
        HashSources sources = new() { KernelPages = Pages, AllPages = Pages };

        long before = GC.GetAllocatedBytesForCurrentThread();
        KernelApi.alloc_large_system_hash(
            ref memory, "Dentry cache"u8, 12, 0, 13, HashFlags.Early, out _, out _, 0, sources);
        Note(taken, Call.alloc_large_system_hash, before);

        before = GC.GetAllocatedBytesForCurrentThread();
        KernelApi.alloc_remap(ref memory, 0, 100);
        Note(taken, Call.alloc_remap, before);
    }

    private static long PlayFaults()
    {
        using TestMachine machine = NewMachine();
        KernelApi.init_bootmem(ref machine.Memory, 1, Pages);
        KernelApi.free_bootmem(ref machine.Memory, 0, Pages * Page);
        int faults = 0;
        machine.Memory.FaultHandler = new FaultHandler { Context = &faults, Raise = &Count };
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Faults.Length; i++)
        {
            KernelCalls.Run(ref machine.Memory, Faults[i], default);
        }

        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Faults.Length, faults);
        return taken;
    }

    private static void Note(long[] taken, Call call, long before)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        taken[(int)call] = Math.Max(taken[(int)call], 0) + bytes;
    }

    // An exception would be on the heap: this handler comes back, and the call ends right behind it.
    private static void Count(void* context, in Fault fault) => ++*(int*)context;

    private static void Discard(void* context, byte* text, int length)
    {
    }

    private static void Discard(void* context, ulong first, int order, ulong count)
    {
    }
}
