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

    private static bool Play(Random random, int bits, bool isIndexed)
    {
        const int Shift = 12;
        ulong start = (ulong)random.Next(0, 2) * (ulong)random.Next(1, 900);
        ulong pages = (ulong)random.Next(1, 9000);
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
