using System;
using System.Collections.Generic;
using Bootmem.Boot;
using CsCheck;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>Bootmem hands a node over. Expect the page allocator to have exactly the pages that were free.</summary>
public unsafe class HandOverToPagesTests
{
    private const ulong ZonePages = 4096;

    public static TheoryData<KernelVersion, int> Kernels => new()
    {
        { KernelVersion.V2_6_12, 32 },
        { KernelVersion.V2_6_12, 64 },
        { KernelVersion.V2_6_13, 32 },
        { KernelVersion.V2_6_14, 64 },
        { KernelVersion.V2_6_15, 32 },
        { KernelVersion.V2_6_15, 64 },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Free_pages_are_those_of_the_bitmap(KernelVersion version, int bits)
    {
        // Ranges that are reserved: (first page, count), cut to the node. The node may begin unaligned.
        Gen.Select(
                Gen.Int[0, 3],
                Gen.Int[1, 9000],
                Gen.Select(Gen.Int[0, 9000], Gen.Int[1, 700]).Array[0, 12],
                Gen.Int[0, 400].Array[0, 40])
            .Sample(
                (start, count, ranges, singles) => Check(version, bits, StartOf(start), (ulong)count, ranges, singles),
                iter: 60);
    }

    private static ulong StartOf(int index) => index switch
    {
        0 => 0,
        1 => 0x70000,
        2 => 0x70020,
        _ => 0x7003,
    };

    private static void Check(
        KernelVersion version, int bits, ulong start, ulong count, (int First, int Count)[] ranges, int[] singles)
    {
        using PageMachine machine = new(version, bits);
        ulong dma = Math.Min(ZonePages, count);
        machine.Node(0, start, 3, (ZoneKind.Dma, dma), (ZoneKind.Normal, count - dma));
        BootmemNode* node = (BootmemNode*)machine.Take((nuint)sizeof(BootmemNode));
        BootMemoryOptions options = new() { Version = version, Bits = bits, PageShift = 12 };
        BootMemory mem = new(options, node, 1)
        {
            Memory = new Memory { Context = machine.Take(1 << 16), Resolve = &Resolve },
        };
        ulong size = count << 12;
        ulong address = start << 12;
        Assert.True(mem.TryInitialise(Call.init_bootmem_node, 0, start, start, start + count, out ulong bytes, out _));
        Assert.True(mem.TryFree(Call.free_bootmem_node, 0, address, size, out _));
        Assert.True(mem.TryReserve(Call.reserve_bootmem_node, 0, address, bytes, out _));
        foreach ((int first, int length) in ranges)
        {
            ulong from = (ulong)first % count;
            ulong pages = Math.Min((ulong)length, count - from);
            Assert.True(mem.TryReserve(Call.reserve_bootmem_node, 0, address + (from << 12), pages << 12, out _));
        }

        foreach (int single in singles)
        {
            ulong from = ((ulong)single * 37) % count;
            Assert.True(mem.TryReserve(Call.reserve_bootmem_node, 0, address + (from << 12), 1, out _));
        }

        HashSet<ulong> expected = FreePagesOf(mem, start, count);
        Assert.True(mem.TryHandOver(
            Call.free_all_bootmem_node, 0, PageAllocator.SinkOf(machine.Pages), out ulong handed, out _));
        Compare(machine, expected, start, count, handed);
    }

    private static HashSet<ulong> FreePagesOf(in BootMemory mem, ulong start, ulong count)
    {
        HashSet<ulong> expected = [];
        for (ulong i = 0; i < count; i++)
        {
            if (!mem.Node(0).Map.IsSet(i))
            {
                expected.Add(start + i);
            }
        }

        // The map's own pages come too, and there their number is rounded down.
        for (ulong i = 0; i < ((count >> 3) + 4095) >> 12; i++)
        {
            expected.Add(start + i);
        }

        return expected;
    }

    private static void Compare(PageMachine machine, HashSet<ulong> expected, ulong start, ulong count, ulong handed)
    {
        PageAllocator* pages = machine.Pages;
        Assert.Equal((ulong)expected.Count, handed);
        Assert.Equal(handed, pages->TotalPages);
        Assert.Equal(0UL, pages->RefusedBlocks);
        Assert.Equal(handed, pages->FreePageCount + pages->PerCpuPageCount);
        Assert.Equal(handed, pages->Counters.PgFree);
        Assert.Equal(count - handed, pages->CountReserved(0, ulong.MaxValue));
        machine.AssertSound();
        for (ulong pfn = start; pfn < start + count; pfn++)
        {
            Assert.Equal(expected.Contains(pfn), pages->IsFree(pfn));
            Assert.Equal(!expected.Contains(pfn), pages->IsReserved(pfn));
        }

        pages->DrainPerCpuPages();
        Assert.Equal(handed, pages->FreePageCount);
        Assert.Equal(0UL, pages->PerCpuPageCount);
        machine.AssertSound();
    }

    private static byte* Resolve(void* context, ulong address, ulong size) => (byte*)context;
}
