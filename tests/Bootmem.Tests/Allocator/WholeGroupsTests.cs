using System;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>Requests of 512 pages at multiples of them are looked for by groups; they land where page by page they
/// would.</summary>
public sealed class WholeGroupsTests
{
    private const int Shift = 6;
    private const ulong Group = 512UL << Shift;

    /*
     * Nodes of up to 64,000 pages with ranges reserved at random: short ones among them leave groups in bits, others a
     * border. Some pages are freed again, some nodes begin within a group.
     *
     * expect to: give what the naive reference gives, until nothing is left.
     */
    [Theory]
    [InlineData(KernelVersion.V2_6_12, SearchKind.Generic)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.Arm)]
    [InlineData(KernelVersion.V2_6_15, SearchKind.Generic)]
    public void LandWherePageByPageTheyWould(KernelVersion version, SearchKind search)
    {
        int found = 0;
        int ended = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            (int given, bool isEnded) = Play(new Random(seed), version, search);
            found += given;
            ended += isEnded ? 1 : 0;
        }

        Assert.True(found > 500, $"{found} were found");
        Assert.Equal(40, ended);
    }

    private static (int Found, bool IsEnded) Play(Random random, KernelVersion version, SearchKind search)
    {
        ulong pages = (ulong)random.Next(2000, 64_000);
        ulong start = (ulong)random.Next(0, 3) * (ulong)random.Next(1, 2000);
        BootMemoryOptions options = new()
        {
            Version = version, Bits = random.Next(2) == 0 ? 32 : 64, PageShift = Shift, CacheLine = 32, Search = search,
        };
        using Twins twins = new(options, 1, isIndexed: true);
        twins.Run(new BootCall(Call.init_bootmem_node, 0, start, start, start + pages));
        twins.Run(new BootCall(Call.free_bootmem_node, 0, start << Shift, pages << Shift));
        int most = random.Next(1, 3000);
        for (int i = random.Next(0, 60); i > 0; i--)
        {
            Range(Call.reserve_bootmem_node, random.Next(3) == 0 ? 3 : most);
        }

        int found = 0;
        ulong goal = random.Next(2) == 0 ? (start + (ulong)random.NextInt64((long)pages)) << Shift : 0;
        while (true)
        {
            Outcome outcome = twins.Run(new BootCall(Call.__alloc_bootmem_node, 0, Group, Group, goal));
            if (outcome.Kind != FaultKind.None)
            {
                return (found, true);
            }

            found++;
            if (random.Next(20) == 0)
            {
                Range(Call.reserve_bootmem_node, 100);
            }

            // Freed again, but not all of it: else there is no end.
            if (random.Next(20) == 0)
            {
                twins.Run(new BootCall(Call.free_bootmem_node, 0, outcome.Value, (ulong)random.Next(1, 500) << Shift));
            }
        }

        void Range(Call call, int mostPages)
        {
            ulong first = (ulong)random.NextInt64((long)pages);
            ulong count = Math.Min(pages - first, (ulong)random.Next(1, mostPages + 1));
            twins.Run(new BootCall(call, 0, (start + first) << Shift, count << Shift));
        }
    }
}
