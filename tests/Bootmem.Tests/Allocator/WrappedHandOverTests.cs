using System.Collections.Generic;
using Bootmem.Lab.Scripts;
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
}
