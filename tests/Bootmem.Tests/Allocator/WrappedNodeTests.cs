using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>A node that goes on behind the end of the address space, at 0.</summary>
public sealed class WrappedNodeTests
{
    /*
     * 64 bits, pages of 4 KiB; the node is the last 42 pages and the first 223.
     *
     * pages    0 .. 0x80      taken, page 0x80 in part; then 0 .. 0x7f freed
     * goal     0x50000        below the node's start, though it is the address of one of its pages
     *
     * expect to: search from the node's start, as the goal is not in the node, and not merge into page 0x80.
     */
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_goal_behind_the_wrap_is_not_in_the_node(bool isIndexed)
    {
        const ulong Start = 0xfffffffffffd6000;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_12,
            Bits = 64,
            PageShift = 12,
            CacheLine = 128,
        };
        using Twins twins = new(options, 1, isIndexed);
        twins.Run(new BootCall(Call.init_bootmem_node, 0, Start >> 12, Start >> 12, (Start >> 12) + 0x109));
        twins.Run(new BootCall(Call.free_bootmem_node, 0, Start, 0x109000));
        twins.Run(new BootCall(Call.__alloc_bootmem_node, 0, 0x8046c, 0x400));
        twins.Run(new BootCall(Call.__alloc_bootmem, 0, 0xf, 0x20));
        twins.Run(new BootCall(Call.free_bootmem_node, 0, Start, 0x8046c));
        Assert.Equal(Outcome.Of(Start), twins.Run(new BootCall(Call.__alloc_bootmem, 0, 0x47, 0x10, 0x50000)));
    }
}
