using System.Collections.Generic;
using Bootmem.Boot;
using CsCheck;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>
/// Random calls on one zone. Expect every list to hold the same pages in the same order as the model's, in every
/// version.
/// </summary>
public unsafe class ListOrderTests
{
    private static readonly KernelVersion[] Versions =
        [KernelVersion.V2_6_12, KernelVersion.V2_6_13, KernelVersion.V2_6_14, KernelVersion.V2_6_15];

    // (what, which, order): 0-3 allocate, 4-7 free, 8 get, 9 put.
    private static readonly Gen<(int What, int Which, int Order)[]> Calls =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1 << 20], Gen.Int[0, 14]).Array[1, 400];

    [Fact]
    public void Lists_have_the_order_of_the_model()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 9], Gen.Int[1, 5000], Gen.Int[0, 1 << 14], Calls)
            .Sample(
                (version, isWide, batch, pages, start, calls) =>
                    Compare(Versions[version], isWide ? 64 : 32, batch, (ulong)pages, (ulong)start, calls),
                iter: 400);
    }

    private static void Compare(
        KernelVersion version, int bits, int batch, ulong count, ulong start, (int What, int Which, int Order)[] calls)
    {
        // A batch of 0 is printed from 2.6.15 on only.
        batch = version < KernelVersion.V2_6_15 && batch == 0 ? 1 : batch;
        using PageMachine machine = new PageMachine(version, bits).Node(0, start, batch, (ZoneKind.Normal, count));
        PageAllocator* pages = machine.Pages;
        pages->BuildZonelists();
        ModelZone model = new(version, start, count, batch);
        GiveAll(pages, model, start, count);
        AssertEqual(machine, model);

        List<(ulong Pfn, int Order)> taken = [];
        foreach ((int what, int which, int orderSeed) in calls)
        {
            if (what < 4 || taken.Count == 0)
            {
                // Single pages are the most common; 14 in 15 calls stay below the greatest orders.
                int order = orderSeed < 7 ? 0 : orderSeed - 4;
                bool isCold = what == 3;
                ulong? expected = model.Take(order, isCold);
                GfpMask gfp = GfpMask.Kernel | GfpMask.NoWarn | (isCold ? GfpMask.Cold : 0);
                bool isDone = pages->TryAllocPages(gfp, order, out ulong pfn);
                Assert.Equal(expected, isDone ? pfn : null);
                if (isDone)
                {
                    taken.Add((pfn, order));
                }
            }
            else
            {
                int index = which % taken.Count;
                Release(pages, model, taken[index], what);
                taken.RemoveAt(index);
            }
        }

        AssertEqual(machine, model);
        machine.AssertSound();
    }

    // All pages: unaligned ends one by one, the words between as blocks, as the hand-over does.
    private static void GiveAll(PageAllocator* pages, ModelZone model, ulong start, ulong count)
    {
        ulong end = start + count;
        for (ulong pfn = start; pfn < end;)
        {
            int order = (pfn & 31) == 0 && end - pfn >= 32 ? 5 : 0;
            Assert.Equal(PageResult.Done, pages->FreeBootBlocks(pfn, order, 1));
            if (order == 0)
            {
                model.FreeSingle(pfn, isCold: false);
            }
            else
            {
                model.FreeBlock(pfn, order);
            }

            pfn += 1UL << order;
        }
    }

    private static void Release(PageAllocator* pages, ModelZone model, (ulong Pfn, int Order) block, int what)
    {
        if (what == 7 && block.Order == 0)
        {
            Assert.Equal(PageResult.Done, pages->FreeColdPage(block.Pfn));
            model.FreeSingle(block.Pfn, isCold: true);
            return;
        }

        if (what >= 8)
        {
            Assert.Equal(PageResult.Done, pages->GetPage(block.Pfn));
            Assert.Equal(2, pages->CountOf(block.Pfn));
            Assert.Equal(PageResult.StillInUse, pages->FreePages(block.Pfn, block.Order));
        }

        Assert.Equal(PageResult.Done, pages->FreePages(block.Pfn, block.Order));
        if (block.Order == 0)
        {
            model.FreeSingle(block.Pfn, isCold: false);
        }
        else
        {
            model.FreeBlock(block.Pfn, block.Order);
        }
    }

    private static void AssertEqual(PageMachine machine, ModelZone model)
    {
        Zone* zone = machine.ZoneOf(ZoneKind.Normal);
        for (int order = 0; order < Zone.MaxOrder; order++)
        {
            Assert.Equal(model.Free[order], PageMachine.FreeList(zone, order));
            Assert.Equal((ulong)model.Free[order].Count, zone->FreeCount(order));
        }

        Assert.Equal(model.Hot, PageMachine.CpuList(zone, isCold: false));
        Assert.Equal(model.Cold, PageMachine.CpuList(zone, isCold: true));
        Assert.Equal((ulong)model.FreePages, machine.Pages->FreePageCount);
        Assert.Equal((ulong)(model.Hot.Count + model.Cold.Count), machine.Pages->PerCpuPageCount);
    }
}
