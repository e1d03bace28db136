using System;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>In maps full of holes areas of several pages, in steps of several pages, land where the kernel's search,
/// place by place, would come to.</summary>
public sealed class ScatteredPagesTests
{
    private const int Shift = 6;

    /*
     * Nodes of up to 3000 pages. Between a tenth and nine tenths of each are reserved, one to nine pages at a time.
     * Then areas of 1 to 200 pages are asked for, aligned to 1 to 256 pages, with goals and limits anywhere.
     *
     * expect to: give what the naive reference gives, each time.
     */
    [Theory]
    [InlineData(KernelVersion.V2_6_12, SearchKind.Generic, false)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.X86, false)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.Arm, false)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.Generic, false)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.Generic, true)]
    [InlineData(KernelVersion.V2_6_15, SearchKind.Generic, false)]
    [InlineData(KernelVersion.V2_6_15, SearchKind.Generic, true)]
    public void AreasLandWherePlaceByPlaceTheyWould(KernelVersion version, SearchKind search, bool isIndexed)
    {
        int found = 0;
        int missed = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            (int given, int refused) = Play(new Random(seed), version, search, isIndexed);
            found += given;
            missed += refused;
        }

        Assert.True(found > 3000 && missed > 300, $"{found} were found, {missed} were not");
    }

    private static (int Found, int Missed) Play(
        Random random, KernelVersion version, SearchKind search, bool isIndexed)
    {
        ulong pages = (ulong)random.Next(100, 3000);
        ulong start = random.Next(3) == 0 ? (ulong)random.Next(2000) : (ulong)random.Next(4) << 8;
        BootMemoryOptions options = new()
        {
            Version = version, Bits = random.Next(2) == 0 ? 32 : 64, PageShift = Shift, CacheLine = 32, Search = search,
        };
        using Twins twins = new(options, 1, isIndexed);
        twins.Run(new BootCall(Call.init_bootmem_node, 0, start, start, start + pages));
        twins.Run(new BootCall(Call.free_bootmem_node, 0, start << Shift, pages << Shift));
        int longest = random.Next(1, 10);
        for (ulong left = pages * (ulong)random.Next(1, 10) / 10; left > 0;)
        {
            ulong count = Math.Min(left, (ulong)random.Next(1, longest + 1));
            ulong first = (ulong)random.NextInt64((long)(pages - count + 1));
            twins.Run(new BootCall(Call.reserve_bootmem_node, 0, (start + first) << Shift, count << Shift));
            left -= count;
        }

        int found = 0;
        int missed = 0;
        for (int i = 0; i < 40; i++)
        {
            ulong size = (ulong)random.Next(1, 1 << random.Next(Shift, Shift + 8));
            ulong align = 1UL << (Shift + random.Next(0, 9));
            ulong goal = random.Next(2) == 0 ? 0 : Somewhere();
            ulong limit = version < KernelVersion.V2_6_14 || random.Next(3) != 0 ? 0 : Somewhere();
            Call call = limit == 0 ? Call.__alloc_bootmem_node : Call.__alloc_bootmem_node_limit;
            Outcome outcome = twins.Run(new BootCall(call, 0, size, align, goal, limit));
            found += outcome.Kind == FaultKind.None ? 1 : 0;
            missed += outcome.Kind == FaultKind.None ? 0 : 1;
            if (outcome.Kind == FaultKind.Bug)
            {
                // The kernel is dead.
                break;
            }
        }

        return (found, missed);

        ulong Somewhere() => (start + (ulong)random.NextInt64((long)pages)) << Shift;
    }
}
