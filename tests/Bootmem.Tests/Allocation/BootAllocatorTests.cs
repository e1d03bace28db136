using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Allocation;

/// <summary>The allocator as .NET users meet it.</summary>
public sealed class BootAllocatorTests
{
    private const ulong Start = 0x4000_0000;
    private const ulong Size = 64 << 20;

    [Fact]
    public void Memory_can_be_written_and_comes_clear()
    {
        using BootAllocator memory = Given();
        ulong first = memory.Allocate(4096, align: 4096);
        memory.Bytes(first, 4096).Fill(0xa5);
        memory.Free(new MemoryRange(first, 4096));
        ulong second = memory.Allocate(4096, align: 4096, goal: first);

        Assert.Equal(first, second);
        Assert.Equal(-1, memory.Bytes(second, 4096).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void The_bitmap_is_the_only_thing_taken_at_first()
    {
        using BootAllocator memory = Given();
        Assert.Equal((Size >> 12) - 1, memory.FreePages(0));
        Assert.Equal(Start + 4096, memory.Allocate(1));
    }

    [Fact]
    public void A_goal_a_limit_and_an_alignment_are_kept()
    {
        using BootAllocator memory = Given();
        Assert.Equal(Start + (8 << 20), memory.Allocate(100, goal: Start + (8 << 20)));
        Assert.False(memory.TryAllocate(Size, out _, limit: Start + (1 << 20)));
        Assert.Equal(0UL, memory.Allocate(4096, align: 1 << 20) % (1 << 20));
    }

    [Fact]
    public void What_cannot_be_had_is_an_exception_that_says_why()
    {
        using BootAllocator memory = Given();
        BootmemException none = Assert.Throws<BootmemException>(() => memory.Allocate(Size * 2));
        Assert.Equal(FaultReason.OutOfMemory, none.Fault.Reason);
        BootmemException twice =
            Assert.Throws<BootmemException>(() => memory.Free(new MemoryRange(Start + 8192, 4096)));
        Assert.Equal(FaultReason.FreeOfFreePage, twice.Fault.Reason);
        Assert.Contains("page 0x40002", twice.Message, StringComparison.Ordinal);
        Assert.Throws<BootmemException>(() => memory.AddNode(0, new MemoryRange(Start, Size)));
        Assert.Throws<BootmemException>(() => memory.AddNode(1, new MemoryRange(1, 100)));
        Assert.Throws<MachineException>(() => memory.Bytes(Start + Size - 1, 2).Length);
    }

    [Fact]
    public void A_second_node_is_tried_when_the_first_is_full()
    {
        using BootAllocator memory = new(new BootAllocatorOptions { NodeCapacity = 2 });
        memory.AddNode(0, new MemoryRange(Start, 1 << 20));
        memory.AddNode(1, new MemoryRange(Start + (1UL << 33), 1 << 20));
        ulong address = memory.Allocate(1 << 19, node: 0);
        ulong other = memory.Allocate(1 << 19, node: 0);
        Assert.True(new MemoryRange(Start, 1 << 20).Contains(address));
        Assert.True(new MemoryRange(Start + (1UL << 33), 1 << 20).Contains(other));
    }

    [Fact]
    public void All_is_handed_over_and_every_change_was_seen()
    {
        using BootAllocator memory = Given();
        List<BootEventKind> seen = [];
        memory.Changed += change => seen.Add(change.Kind);
        memory.Reserve(new MemoryRange(Start + 0x10_0000, 1));
        HashSet<ulong> pages = [];
        ulong count = memory.HandOver(0, (pfn, order, blocks) =>
            pages.UnionWith(Enumerable.Range(0, (int)(blocks << order)).Select(i => pfn + (ulong)i)));

        // The reserved page stays; half of the bitmap's page is too little to be lost by rounding here.
        Assert.Equal((Size >> 12) - 1, count);
        Assert.Equal(count, (ulong)pages.Count);
        Assert.DoesNotContain((Start + 0x10_0000) >> 12, pages);
        Assert.Contains(BootEventKind.Reserved, seen);
        Assert.Contains(BootEventKind.HandedOver, seen);
        Assert.Equal(0UL, memory.FreePages(0));
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootAllocator(new BootAllocatorOptions { Bits = 16 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new BootAllocator(new BootAllocatorOptions { PageSize = 100 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BootAllocator(new BootAllocatorOptions { CacheLine = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new BootAllocator(new BootAllocatorOptions { NodeCapacity = 1025 }));
    }

    private static BootAllocator Given()
    {
        BootAllocator memory = new(new BootAllocatorOptions());
        memory.AddNode(0, new MemoryRange(Start, Size));
        return memory;
    }
}
