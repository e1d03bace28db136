using System.Collections.Generic;
using System.Runtime.InteropServices;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>Whoever watches sees each call from when he begins to until he ends, whatever way it goes.</summary>
public sealed unsafe class WatchedCallsTests
{
    private const ulong Page = 4096;

    /*
     * A node of 2048 pages is brought up with nobody watching. Then the same calls are made three times: watched, not
     * watched, and watched again. Each is one that a short way could answer.
     *
     * expect to: see all of them each time somebody watches, none while nobody does, and the same outcomes either way.
     */
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AreSeenFromTheFirstToTheLast(bool isIndexed)
    {
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_15, Bits = 64, PageShift = 12, CacheLine = 32,
        };
        using TestMachine machine = new(options, 1, 4096, isIndexed);
        ref BootMemory memory = ref machine.Memory;
        Assert.True(memory.TryInitialise(Call.init_bootmem_node, 0, 1, 0, 2048, out _, out _));
        Assert.True(memory.TryFree(Call.free_bootmem, 0, 0, 2048 * Page, out _));
        List<BootEventKind> seen = [];
        GCHandle handle = GCHandle.Alloc(seen);
        Observer observer = new() { Context = (void*)GCHandle.ToIntPtr(handle), Notify = &Note };
        for (ulong round = 0; round < 3; round++)
        {
            bool isWatched = round != 1;
            memory.Observer = isWatched ? observer : default;
            seen.Clear();
            MakeCalls(ref memory, round * 16);
            BootEventKind[] expected =
            [
                BootEventKind.Reserved, BootEventKind.Reserved, BootEventKind.Reserved, BootEventKind.Freed,
                BootEventKind.Allocated, BootEventKind.Allocated, BootEventKind.Allocated, BootEventKind.Allocated,
            ];
            seen.RemoveAll(kind => kind is not
                (BootEventKind.Reserved or BootEventKind.Freed or BootEventKind.Allocated));
            Assert.Equal(isWatched ? expected : [], seen);
        }

        memory.Observer = observer;
        seen.Clear();
        Assert.True(memory.TryHandOver(Call.free_all_bootmem, 0, default, out ulong pages, out _));
        Assert.Contains(BootEventKind.HandedOver, seen);
        Assert.Equal(BootEventKind.MapGone, seen[^1]);

        // 3 * (3 - 1) pages reserved, 1 + 1 + 512 allocated each time; the map's page is free, and comes once more.
        Assert.Equal(2048UL - (3 * (2 + 2 + 512)) + 1, pages);
        handle.Free();
    }

    // One page, a list of two, and one of them freed again; a page, bytes twice, and a huge page.
    private static void MakeCalls(ref BootMemory memory, ulong first)
    {
        AddressRange[] ranges = [new((first + 2) * Page, Page), new((first + 4) * Page, Page)];
        Assert.True(memory.TryReserve(Call.reserve_bootmem, 0, first * Page, Page, out _));
        Assert.True(memory.TryReserve(Call.reserve_bootmem, 0, ranges, out _, out _));
        Assert.True(memory.TryFree(Call.free_bootmem, 0, (first + 2) * Page, Page, out _));
        foreach (ulong size in new ulong[] { Page, 100, 100, 512 * Page })
        {
            AllocationRequest request = new(Call.__alloc_bootmem, size, size < Page ? 32 : size, 64 * Page);
            Assert.True(memory.TryAllocate(request, out _, out _));
        }
    }

    private static void Note(void* context, in BootEvent step) =>
        ((List<BootEventKind>)GCHandle.FromIntPtr((nint)context).Target!).Add(step.Kind);
}
