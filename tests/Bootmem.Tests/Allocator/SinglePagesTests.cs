using System.Collections.Generic;
using Bootmem.Tests.Reference;
using CsCheck;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>A hand-over gives the kernel's blocks to a sink that takes single pages as words of the map as to one that
/// takes blocks alone.</summary>
public sealed class SinglePagesTests
{
    private const ulong Page = 4096;

    // Few reservations leave whole words and halves free, many leave single pages.
    private static readonly Gen<(ulong Pages, List<ulong> Reserved)> s_maps =
        Gen.ULong[1, 2048].SelectMany(pages => Gen.Select(
            Gen.Const(pages), Gen.ULong[0, pages - 1].List[0, 600]));

    /*
     * A node of 1 .. 2048 pages, free but for 0 .. 600 pages anywhere, is handed over.
     *
     * expect to: get the blocks of the naive reference, in the same order; also where the node ends within a word, and
     * in a kernel of 32 bits, where half a word is a block.
     */
    [Theory]
    [InlineData(32, 0, false, true)]
    [InlineData(32, 0, true, true)]
    [InlineData(32, 0, true, false)]
    [InlineData(32, 3, false, true)] // No blocks: the node's start spoils them.
    [InlineData(64, 0, false, true)]
    [InlineData(64, 0, true, true)]
    [InlineData(64, 0, false, false)]
    [InlineData(64, 3, true, true)]
    public void AreThosePagesThatTheKernelGives(int bits, ulong startPfn, bool isIndexed, bool takesSingles) =>
        s_maps.Sample(map => HandOver(bits, startPfn, map, isIndexed, takesSingles), iter: 200);

    private static void HandOver(
        int bits, ulong startPfn, (ulong Pages, List<ulong> Reserved) map, bool isIndexed, bool takesSingles)
    {
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_15, Bits = bits, PageShift = 12, CacheLine = 32,
        };
        using Twins twins = new(options, 1, isIndexed);
        twins.Ours.TakesSingles = takesSingles;
        ulong start = startPfn * Page;
        twins.Run(new BootCall(Call.init_bootmem_node, 0, 1, startPfn, startPfn + map.Pages));
        twins.Run(new BootCall(Call.free_bootmem_node, 0, start, map.Pages * Page));
        foreach (ulong page in map.Reserved)
        {
            twins.Run(new BootCall(Call.reserve_bootmem_node, 0, start + (page * Page), Page));
        }

        Assert.Equal(FaultKind.None, twins.Run(new BootCall(Call.free_all_bootmem_node, 0, 0)).Kind);
    }
}
