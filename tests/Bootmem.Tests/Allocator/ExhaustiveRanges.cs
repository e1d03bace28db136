using System.Collections.Generic;
using System.Linq;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>Every bitmap of a small node, times every range around its pages' edges: reserve, free and
/// hand-over.</summary>
public sealed class ExhaustiveRanges
{
    private const ulong Page = SmallNode.Page;

    [Theory]
    [InlineData(32, 0)]
    [InlineData(32, 3)]
    [InlineData(64, 0)]
    [InlineData(64, 3)]
    [InlineData(32, 0x3fffffa)] // Ends at 2^32.
    public void ReserveAndFree(int bits, int startPfn)
    {
        for (int pages = 1; pages <= 6; pages++)
        {
            using SmallNode node = new(KernelVersion.V2_6_12, bits, SearchKind.Generic, (ulong)startPfn, pages);
            BootCall[] ranges = RangesAround(node, bits == 32 ? uint.MaxValue : ulong.MaxValue).ToArray();
            SmallNodeState fresh = node.Save();
            for (int bitmap = 0; bitmap < 1 << pages; bitmap++)
            {
                node.Load(fresh);
                node.SetBitmap(bitmap);
                node.Save();
                foreach (BootCall range in ranges)
                {
                    node.TryRange(range);
                }
            }
        }
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 32)]
    [InlineData(KernelVersion.V2_6_13, 64)]
    [InlineData(KernelVersion.V2_6_15, 64)]
    public void HandOver(KernelVersion version, int bits)
    {
        for (int pages = 1; pages <= 10; pages++)
        {
            using SmallNode node = new(version, bits, SearchKind.Generic, 3, pages);
            SmallNodeState fresh = node.Save();
            for (int bitmap = 0; bitmap < 1 << pages; bitmap++)
            {
                node.Load(fresh);
                node.SetBitmap(bitmap);
                node.Save();
                node.TryHandOver();
            }
        }
    }

    private static IEnumerable<BootCall> RangesAround(SmallNode node, ulong mask)
    {
        List<ulong> addresses = [0, mask, mask - Page + 1, mask - Page];
        for (ulong k = 0; k < (ulong)node.Pages + 3; k++)
        {
            ulong edge = node.Start - Page + (k << SmallNode.PageShift);
            addresses.AddRange([edge - 1, edge, edge + 1]);
        }

        ulong[] sizes = [0, 1, Page - 1, Page, Page + 1, 2 * Page, (2 * Page) + 2, 4 * Page, mask, mask - Page];
        foreach (ulong address in addresses.Select(x => x & mask))
        {
            foreach (ulong size in sizes)
            {
                yield return new BootCall(Call.reserve_bootmem_node, 0, address, size);
                yield return new BootCall(Call.free_bootmem_node, 0, address, size);
            }
        }
    }
}
