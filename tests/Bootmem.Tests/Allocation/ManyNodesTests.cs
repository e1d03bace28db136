using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Allocation;

/// <summary>As many nodes as there can be, and pages of every size.</summary>
public sealed class ManyNodesTests
{
    /*
     * node 0        node 1        …        node 1023
     * [map|free…]   [map|free…]            [map|free…]
     *
     * expect to: take one page from each node, from the last that came up to the first, and then find nothing.
     */
    [Fact]
    public void A_thousand_and_twenty_four_nodes_are_tried_from_the_last_to_the_first()
    {
        const ulong NodeSize = 3 * 4096;
        using BootAllocator memory = new(new BootAllocatorOptions { NodeCapacity = BootMemory.MaxNodes });
        for (int node = 0; node < BootMemory.MaxNodes; node++)
        {
            memory.AddNode(node, new MemoryRange(0x1000_0000 + ((ulong)node << 20), NodeSize));
        }

        for (int node = BootMemory.MaxNodes - 1; node >= 0; node--)
        {
            ulong start = 0x1000_0000 + ((ulong)node << 20);
            Assert.Equal(start + 4096, memory.Allocate(2 * 4096, align: 4096));
        }

        Assert.False(memory.TryAllocate(4096, out _));
        Assert.True(memory.TryAllocate(4096, out _, align: 1 << 13) is false);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(24)]
    public void Pages_of_every_size_work(int shift)
    {
        int pageSize = 1 << shift;
        using BootAllocator memory = new(new BootAllocatorOptions { PageSize = pageSize });
        memory.AddNode(0, new MemoryRange(0, 16UL << shift));
        Assert.Equal(15UL, memory.FreePages(0));
        ulong page = memory.Allocate((ulong)pageSize, align: (ulong)pageSize);
        Assert.Equal((ulong)pageSize, page);
        memory.Bytes(page, pageSize)[pageSize - 1] = 1;
        ulong count = memory.HandOver(0, (_, _, _) => { });

        // 16 pages have a bitmap of 2 bytes: its page is handed over too.
        Assert.Equal(15UL, count);
    }
}
