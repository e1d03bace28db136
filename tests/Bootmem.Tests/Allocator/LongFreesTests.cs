using System;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>Long ranges are freed many words at a time; a page among them that is free already undoes all of
/// it.</summary>
public sealed class LongFreesTests
{
    private const int Shift = 12;

    /*
     * Nodes of up to 65,000 pages, all reserved; ranges of any length in them are freed, some with a page in them that
     * is free already: that ends a machine.
     *
     * expect to: free what the naive reference frees, and leave the state as it was where that has its BUG().
     */
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FreeAllOrNothing(bool isIndexed)
    {
        int freed = 0;
        int refused = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            ulong pages = (ulong)random.Next(3000, 65_000);
            BootMemoryOptions options = new()
            {
                Version = KernelVersion.V2_6_14, Bits = 64, PageShift = Shift, CacheLine = 32,
            };
            using Twins twins = new(options, 1, isIndexed);
            twins.Run(new BootCall(Call.init_bootmem_node, 0, 0, 0, pages));
            for (bool isSpoilt = false; !isSpoilt;)
            {
                ulong first = (ulong)random.NextInt64((long)pages);
                first &= random.Next(2) == 0 ? ~63UL : ulong.MaxValue;
                ulong count = random.Next(2) == 0 ? pages - first : (ulong)random.NextInt64((long)(pages - first)) + 1;
                ulong only = first + (ulong)random.NextInt64((long)count);
                isSpoilt = random.Next(3) == 0;
                twins.Run(new BootCall(Call.reserve_bootmem_node, 0, first << Shift, count << Shift));
                if (isSpoilt)
                {
                    twins.Run(new BootCall(Call.free_bootmem_node, 0, only << Shift, 1UL << Shift));
                }

                Outcome outcome =
                    twins.Run(new BootCall(Call.free_bootmem_node, 0, first << Shift, count << Shift));
                Assert.Equal(isSpoilt ? FaultKind.Bug : FaultKind.None, outcome.Kind);
                freed += isSpoilt ? 0 : 1;
                refused += isSpoilt ? 1 : 0;
            }
        }

        Assert.True(freed > 300 && refused == 200, $"{freed} freed, {refused} refused");
    }
}
