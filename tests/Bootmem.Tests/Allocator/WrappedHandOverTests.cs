using System.Collections.Generic;
using Bootmem.Lab.Scripts;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>The hand-over of a node whose first page number wrapped: it has more pages than bits.</summary>
public sealed class WrappedHandOverTests
{
    /*
     * 32 bits, pages of 4 KiB: page 0x100000 is address 0x1_0000_0000, which wraps to 0.
     *
     * pages   0 .. 0x3ff       map: all reserved
     *         0x400 .. end     behind the map: reads as 0, free
     *
     * expect to: hand over all pages behind the map as blocks of 32, the last one whole, and the map's own pages.
     */
    [Fact]
    public void What_lies_behind_the_map_reads_as_free()
    {
        const string Script = """
            init_bootmem_node 0 0x10 0x100000 0x100401
            free_all_bootmem
            """;
        using ScriptMachine machine = new(ScriptFile.Parse("wrap.bm", Script).Header, 1);
        ScriptStep[] steps = ScriptFile.Parse("wrap.bm", Script).Steps.ToArray();
        List<ulong> values = [];
        foreach (ScriptStep step in steps)
        {
            values.Add(machine.Execute(step).Value);
        }

        // 0x100401 pages: 0x401 bits round up to 0x420, which the map has; 0x100401 rounds up to 0x100420.
        ulong blocks = 0x100420 - 0x420;
        ulong mapPages = ((0x100401 / 8) + 4095) / 4096;
        Assert.Equal(blocks + mapPages, values[1]);
    }

    /*
     * A node that ends one page below the end of the address space, its last word cut. A free of all up to the end
     * wraps to 0: that is no fault, and the padding behind the node is freed with it.
     *
     * expect to: get what the naive reference gives: a last word that is all free goes whole, with its padding; of one
     * that is not, the node's pages alone.
     */
    [Theory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void Padding_that_was_freed_goes_with_its_word(int bits, bool isIndexed)
    {
        const int Shift = 12;
        ulong endPfn = (bits == 32 ? uint.MaxValue : ulong.MaxValue) >> Shift;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_13, Bits = bits, PageShift = Shift, CacheLine = 32,
        };
        foreach (ulong pages in new ulong[] { 31, 63, 127, 511, 575, 1023 })
        {
            for (ulong reserved = 0; reserved <= pages; reserved += pages < 64 ? 1UL : 33)
            {
                using Twins twins = new(options, 1, isIndexed);
                ulong start = endPfn - pages;
                twins.Run(new BootCall(Call.init_bootmem_node, 0, 1, start, endPfn));
                Outcome freed = twins.Run(
                    new BootCall(Call.free_bootmem_node, 0, start << Shift, (pages + 1) << Shift));
                Assert.Equal(FaultKind.None, freed.Kind);
                if (reserved < pages)
                {
                    twins.Run(new BootCall(
                        Call.reserve_bootmem_node, 0, (start + pages - 1 - reserved) << Shift, 1 << Shift));
                }

                Assert.Equal(FaultKind.None, twins.Run(new BootCall(Call.free_all_bootmem_node, 0, 0)).Kind);
            }
        }
    }
}
