using System.Collections.Generic;
using System.Linq;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>
/// Every bitmap of a node of 1 to 10 pages, times the requests around every edge, times states that allocations and
/// frees leave: address, numbers and bitmap against the reference.
/// </summary>
/// <remarks>
/// What is left out, and why: up to 7 pages see every request, 8 to 10 pages about half of the sizes, alignments and
/// goals (a longer map has no new kind of edge). The versions between 2.6.12 and 2.6.14 differ in no outcome from
/// 2.6.12. The other width, where a node of so few pages differs in nothing but its padding, and the other searches
/// run up to 5 pages; from 2.6.15 on all searches agree.
/// </remarks>
public sealed class ExhaustiveAllocations
{
    private const ulong Page = SmallNode.Page;

    // At 0; at a page that is aligned to nothing more; at one aligned to 16 pages.
    [Theory]
    [InlineData(KernelVersion.V2_6_12, 0)]
    [InlineData(KernelVersion.V2_6_12, 3)]
    [InlineData(KernelVersion.V2_6_12, 16)]
    [InlineData(KernelVersion.V2_6_14, 0)]
    [InlineData(KernelVersion.V2_6_14, 3)]
    [InlineData(KernelVersion.V2_6_14, 16)]
    [InlineData(KernelVersion.V2_6_15, 0)]
    [InlineData(KernelVersion.V2_6_15, 3)]
    [InlineData(KernelVersion.V2_6_15, 16)]
    public void EveryBitmapOfUpToTenPages(KernelVersion version, int startPfn)
    {
        for (int pages = 1; pages <= 10; pages++)
        {
            Explore(version, 64, SearchKind.Generic, (ulong)startPfn, pages);
        }
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 32, SearchKind.Generic)]
    [InlineData(KernelVersion.V2_6_12, 32, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_12, 64, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_12, 32, SearchKind.Arm)]
    [InlineData(KernelVersion.V2_6_14, 32, SearchKind.Generic)]
    [InlineData(KernelVersion.V2_6_14, 32, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_14, 64, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_14, 32, SearchKind.Arm)]
    [InlineData(KernelVersion.V2_6_15, 32, SearchKind.X86)]
    public void EveryBitmapOfUpToFivePagesElsewhere(KernelVersion version, int bits, SearchKind search)
    {
        for (int pages = 1; pages <= 5; pages++)
        {
            Explore(version, bits, search, 0, pages);
            Explore(version, bits, search, 3, pages);
        }
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, 64, SearchKind.Generic)]
    [InlineData(KernelVersion.V2_6_12, 32, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_14, 32, SearchKind.Arm)]
    [InlineData(KernelVersion.V2_6_15, 32, SearchKind.Generic)]
    public void EveryBitmapOfUpToSixPagesWithAnIndex(KernelVersion version, int bits, SearchKind search)
    {
        for (int pages = 1; pages <= 6; pages++)
        {
            Explore(version, bits, search, 3, pages, isIndexed: true);
        }
    }

    private static void Explore(
        KernelVersion version, int bits, SearchKind search, ulong startPfn, int pages, bool isIndexed = false)
    {
        using SmallNode node = new(version, bits, search, startPfn, pages, isIndexed);
        bool hasLimit = version >= KernelVersion.V2_6_14;
        BootCall[] requests = RequestsFor(node, hasLimit, isThin: pages > 7).ToArray();
        foreach (SmallNodeState state in StatesOf(node))
        {
            for (int bitmap = 0; bitmap < 1 << pages; bitmap++)
            {
                node.Load(state);
                node.SetBitmap(bitmap);
                node.Save();
                foreach (BootCall request in requests)
                {
                    node.Try(request);
                }
            }
        }
    }

    // last_pos, last_offset and last_success as calls leave them.
    private static IEnumerable<SmallNodeState> StatesOf(SmallNode node)
    {
        SmallNodeState fresh = node.Save();
        yield return fresh;

        // A page is half taken.
        node.Load(fresh);
        node.Apply(new BootCall(Call.__alloc_bootmem_node, 0, Page / 2, 8));
        yield return node.Save();

        // A page is all but full, in the middle; last_success lies there.
        node.Load(fresh);
        ulong middle = node.Start + ((ulong)(node.Pages / 2) << SmallNode.PageShift);
        node.Apply(new BootCall(Call.__alloc_bootmem_node, 0, Page - 1, 1, middle));
        SmallNodeState high = node.Save();
        yield return high;

        // A free of less than a page lowered last_success to an address that is no page's.
        node.Load(high);
        node.Apply(new BootCall(Call.free_bootmem_node, 0, node.Start + 9, 1));
        yield return node.Save();
    }

    private static IEnumerable<BootCall> RequestsFor(SmallNode node, bool hasLimit, bool isThin)
    {
        ulong[] sizes = [1, Page, (2 * Page) + 1, Page - 1, Page + 1, 2 * Page, 3 * Page];
        ulong[] aligns = [0, 8, 2 * Page, 4 * Page, 1, Page / 2, Page];
        ulong middle = node.Start + ((ulong)(node.Pages / 2) << SmallNode.PageShift);
        ulong[] goals = [0, middle, node.End - 1, node.Start + 9, node.End, middle + Page - 1];
        ulong[] limits = hasLimit ? [0, middle + Page, node.Start + 1, Page - 1, node.End + Page] : [0];
        if (isThin)
        {
            sizes = sizes[..3];
            aligns = aligns[..4];
            goals = goals[..4];
            limits = hasLimit ? limits[..2] : limits;
        }

        foreach (ulong size in sizes)
        {
            foreach (ulong align in aligns)
            {
                foreach (ulong goal in goals)
                {
                    foreach (ulong limit in limits)
                    {
                        Call call = limit == 0 ? Call.__alloc_bootmem_node : Call.__alloc_bootmem_node_limit;
                        yield return new BootCall(call, 0, size, align, goal, limit);
                    }
                }
            }
        }
    }
}
