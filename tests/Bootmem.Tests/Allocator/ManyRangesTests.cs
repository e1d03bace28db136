using System;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>Ranges that are reserved in one go come out as those that are reserved one by one.</summary>
public sealed class ManyRangesTests
{
    [Theory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void AreReservedAsOneByOne(int bits, bool isIndexed)
    {
        int faults = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            faults += Play(new Random(seed), bits, isIndexed) ? 1 : 0;
        }

        // Lists that all fault, or none, would prove little.
        Assert.InRange(faults, 20, 280);
    }

    /*
     * Lists of short ranges, many to a word of the map, in ascending order but for some. Now and then one of them has
     * a size of 0, or one that wraps, or lies before the node.
     *
     * expect to: reserve the same pages, up to the same range.
     */
    [Theory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void AreReservedAsOneByOneWhereTheyLieClose(int bits, bool isIndexed)
    {
        int faults = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            Random random = new(seed);
            ulong mask = bits == 32 ? uint.MaxValue : ulong.MaxValue;
            ulong start = (ulong)random.Next(0, 2) * (ulong)random.Next(1, 900);
            ulong pages = (ulong)random.Next(1, 3000);
            AddressRange[] ranges = new AddressRange[random.Next(0, 600)];
            int step = random.Next(1, 70_000);
            ulong at = (ulong)random.Next(0, 5000);
            for (int i = 0; i < ranges.Length; i++)
            {
                at = (at + (ulong)random.Next(0, step)) % (pages << 12);
                at = random.Next(50) == 0 ? at >> 1 : at;
                ulong size = Math.Min((ulong)random.Next(1, 5000), (pages << 12) - at);
                ulong address = (start << 12) + at;
                ranges[i] = random.Next(1500) switch
                {
                    0 => new AddressRange(address, 0),
                    1 => new AddressRange(address, mask - (ulong)random.Next(99)),
                    2 => new AddressRange((start << 12) - (ulong)random.Next(1, 5000), size),
                    _ => new AddressRange(address, size),
                };
                ranges[i] = new AddressRange(ranges[i].Address & mask, ranges[i].Size);
            }

            faults += Play(bits, isIndexed, start, pages, ranges) ? 1 : 0;
        }

        Assert.InRange(faults, 20, 380);
    }

    /*
     * What an index keeps of a search in steps of two pages holds until a page before its end changes. The ranges lie
     * in one group of 512 pages, the first of them behind that end, others before it.
     *
     * expect to: find what is found where each range is reserved by itself.
     */
    [Fact]
    public void SpoilSearchesAsOneByOne()
    {
        int found = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            found += PlaySearches(new Random(seed));
        }

        Assert.True(found > 1000, $"{found} were found");
    }

    private static int PlaySearches(Random random)
    {
        const int Shift = 12;
        const ulong Pages = 1024;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_12, Bits = 64, PageShift = Shift, CacheLine = 32, DmaGoal = 0,
        };
        using TestMachine one = new(options, 1, 4096, isIndexed: true);
        using TestMachine many = new(options, 1, 4096, isIndexed: true);
        AddressRange[] ranges = new AddressRange[40];
        AddressRange[] comb = new AddressRange[150];
        for (int i = 0; i < comb.Length; i++)
        {
            comb[i] = new AddressRange((ulong)random.Next(0, 500) << Shift, 1);
        }

        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = new AddressRange((ulong)(i == 0 ? 511 : random.Next(0, 512)) << Shift, 1);
        }

        Both(new BootCall(Call.init_bootmem_node, 0, 0, 0, Pages));
        Both(new BootCall(Call.free_bootmem_node, 0, 0, Pages << Shift));
        Reserve(comb);
        int found = Allocate();
        Reserve(ranges);
        return found + Allocate();

        bool Both(BootCall call)
        {
            Outcome expected = one.Run(call);
            Assert.Equal(expected, many.Run(call));
            return expected.Kind == FaultKind.None;
        }

        void Reserve(AddressRange[] list)
        {
            foreach (AddressRange range in list)
            {
                Assert.True(one.Memory.TryReserve(Call.reserve_bootmem_node, 0, range.Address, range.Size, out _));
            }

            Assert.True(many.Memory.TryReserve(Call.reserve_bootmem_node, 0, list, out _, out _));
        }

        int Allocate()
        {
            BootCall call = new(Call.__alloc_bootmem_node, 0, 5 << Shift, 2 << Shift);
            int count = 0;
            for (int i = 0; i < 10; i++)
            {
                count += Both(call) ? 1 : 0;
            }

            return count;
        }
    }

    private static bool Play(Random random, int bits, bool isIndexed)
    {
        const int Shift = 12;
        ulong start = (ulong)random.Next(0, 2) * (ulong)random.Next(1, 900);
        ulong pages = (ulong)random.Next(1, 9000);
        AddressRange[] ranges = new AddressRange[random.Next(0, 400)];
        ulong at = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            at = random.Next(3) == 0
                ? (ulong)random.NextInt64((long)pages << Shift) : at + (ulong)random.Next(1, 40_000);
            ulong size = random.Next(300) == 0 ? 0 : (ulong)random.Next(1, random.Next(8) == 0 ? 3_000_000 : 9000);
            bool staysInside = random.Next(200) != 0;
            at = staysInside ? Math.Min(at, (pages << Shift) - 1) : at;
            size = staysInside ? Math.Min(size, (pages << Shift) - at) : size;
            ranges[i] = new AddressRange((start << Shift) + at, size);
        }

        return Play(bits, isIndexed, start, pages, ranges);
    }

    private static bool Play(int bits, bool isIndexed, ulong start, ulong pages, AddressRange[] ranges)
    {
        const int Shift = 12;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_12, Bits = bits, PageShift = Shift, CacheLine = 32, DmaGoal = 0,
        };
        using TestMachine one = new(options, 1, 4096, isIndexed);
        using TestMachine many = new(options, 1, 4096, isIndexed);
        foreach (TestMachine machine in new[] { one, many })
        {
            machine.Run(new BootCall(Call.init_bootmem_node, 0, start, start, start + pages));
            machine.Run(new BootCall(Call.free_bootmem_node, 0, start << Shift, (pages - (pages >> 2)) << Shift));
        }

        Fault expected = default;
        int done = 0;
        while (done < ranges.Length && one.Memory.TryReserve(
            Call.reserve_bootmem_node, 0, ranges[done].Address, ranges[done].Size, out expected))
        {
            done++;
        }

        bool isDone = many.Memory.TryReserve(Call.reserve_bootmem_node, 0, ranges, out int reserved, out Fault actual);
        Assert.Equal(done, reserved);
        Assert.Equal(done == ranges.Length, isDone);
        Assert.Equal((expected.Kind, expected.Reason, expected.Pfn), (actual.Kind, actual.Reason, actual.Pfn));
        Bitmap left = one.Memory.Node(0).Map;
        Bitmap right = many.Memory.Node(0).Map;
        for (ulong i = 0; i < left.BitCount; i++)
        {
            Assert.True(left.IsSet(i) == right.IsSet(i), $"page {i}");
        }

        return !isDone;
    }
}
