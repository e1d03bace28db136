using System;
using System.Runtime.InteropServices;
using Bootmem.Tests.Reference;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>
/// Bitmaps with an index answer as those without, over maps of several groups of 512 pages and several regions of 2^18,
/// with runs of every length around their edges; and allocators on them give the same outcomes.
/// </summary>
public sealed unsafe class IndexedMaps
{
    [Theory]
    [InlineData(4)]
    [InlineData(512)]
    [InlineData(516)]
    [InlineData(3000)]
    [InlineData(9000)]
    [InlineData(32_768)]
    [InlineData(70_004)]
    [InlineData(140_000)]
    public void AnswerAsPlainOnes(int byteCount)
    {
        ulong size = ((ulong)byteCount + 7) & ~7UL;
        byte* plainBytes = (byte*)NativeMemory.AllocZeroed((nuint)size);
        byte* bytes = (byte*)NativeMemory.AllocZeroed((nuint)size);
        byte* index = (byte*)NativeMemory.AllocZeroed((nuint)Bitmap.IndexSize((ulong)byteCount));
        try
        {
            Bitmap plain = new(plainBytes, (ulong)byteCount);
            plain.SetAll();
            Bitmap indexed = new(bytes, (ulong)byteCount, index);
            Random random = new(byteCount);
            for (int round = 0; round < (byteCount < 10_000 ? 4000 : 1500); round++)
            {
                Change(random, plain, indexed);
                Compare(random, plain, indexed);
                if (round % 64 == 0)
                {
                    CompareStretches(plain, indexed);
                    Assert.True(new ReadOnlySpan<byte>(plainBytes, byteCount)
                        .SequenceEqual(new ReadOnlySpan<byte>(indexed.Bytes, byteCount)));
                }
            }
        }
        finally
        {
            NativeMemory.Free(plainBytes);
            NativeMemory.Free(bytes);
            NativeMemory.Free(index);
        }
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12, SearchKind.Generic)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.X86)]
    [InlineData(KernelVersion.V2_6_14, SearchKind.Arm)]
    [InlineData(KernelVersion.V2_6_15, SearchKind.Generic)]
    public void GiveTheSameOutcomes(KernelVersion version, SearchKind search)
    {
        int found = 0;
        int gone = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Play(new Random(seed), version, search, ref found, ref gone);
        }

        // Searches that all succeed, or all fail, would prove little.
        Assert.True(found > 10_000, $"{found} were found");
        Assert.True(gone > 20, $"{gone} were not");
    }

    private static void Change(Random random, Bitmap plain, Bitmap indexed)
    {
        (ulong first, ulong count) = Range(random, plain.BitCount);
        if (random.Next(2) == 0)
        {
            plain.Set(first, count);
            indexed.Set(first, count);
        }
        else
        {
            plain.Clear(first, count);
            indexed.Clear(first, count);
        }
    }

    private static void Compare(Random random, Bitmap plain, Bitmap indexed)
    {
        for (int i = 0; i < 20; i++)
        {
            (ulong first, ulong count) = Range(random, plain.BitCount + 100);
            ulong end = first + count;
            Assert.Equal(plain.IsSet(first), indexed.IsSet(first));
            Assert.Equal(plain.FindClear(first, end), indexed.FindClear(first, end));
            Assert.Equal(plain.FindSet(first, end), indexed.FindSet(first, end));
        }

        ulong most = (ulong)random.NextInt64((long)plain.BitCount + 1);
        Assert.Equal(plain.CountSet(most), indexed.CountSet(most));
    }

    // Stretches follow each other up to the map's end, and those without bits are what they say.
    private static void CompareStretches(Bitmap plain, Bitmap indexed)
    {
        ulong next = 0;
        while (next < indexed.BitCount)
        {
            MapStretch stretch = indexed.StretchAt(next);
            Assert.Equal(next, stretch.First);
            Assert.True(stretch.End > next, $"a stretch at {next} ends at {stretch.End}");
            bool isReserved = stretch.Kind == StretchKind.Reserved && plain.FindClear(next, stretch.End) == stretch.End;
            bool isFree = stretch.Kind == StretchKind.Free && plain.FindSet(next, stretch.End) == stretch.End;
            Assert.True(
                isReserved || isFree || stretch.Kind == StretchKind.Bits, $"[{next}, {stretch.End}) {stretch.Kind}");
            next = stretch.End;
        }

        Assert.Equal(indexed.BitCount, next);
        Assert.Equal(StretchKind.Bits, plain.StretchAt(0).Kind);
    }

    // Whole groups and regions, parts that touch an edge of one, and a few pages anywhere.
    private static (ulong First, ulong Count) Range(Random random, ulong bits)
    {
        ulong first = (ulong)random.NextInt64((long)bits);
        ulong most = bits - first;
        switch (random.Next(8))
        {
            // Over some edges of groups: each end of it leaves a border in a group, or comes to another one there.
            case 6 or 7:
                return (first, Math.Min(most, (ulong)random.Next(1, 2500)));
            case 4:
                first &= ~0x3ffffUL;
                return (first, Math.Min(bits - first, 0x40000UL * (ulong)random.Next(1, 4)));
            case 5:
                first = Math.Min(bits - 1, (first & ~0x3ffffUL) + 0x40000 - (ulong)random.Next(0, 700));
                return (first, Math.Min(bits - first, (ulong)random.Next(1, 1400)));
            case 0:
                first &= ~511UL;
                return (first, Math.Min(bits - first, 512UL * (ulong)random.Next(1, 5)));
            case 1:
                first = Math.Min(bits - 1, (first & ~511UL) + 512 - (ulong)random.Next(0, 70));
                return (first, Math.Min(bits - first, (ulong)random.Next(1, 140)));
            case 2:
                return (first, (ulong)random.NextInt64((long)most) + 1);
            default:
                return (first, Math.Min(most, (ulong)random.Next(1, 200)));
        }
    }

    private static void Play(Random random, KernelVersion version, SearchKind search, ref int found, ref int gone)
    {
        const int Shift = 12;
        ulong pages = (ulong)random.Next(4000, 40_000);
        ulong start = (ulong)random.Next(0, 3) * (ulong)random.Next(1, 5000);
        BootMemoryOptions options = new()
        {
            Version = version,
            Bits = random.Next(2) == 0 ? 32 : 64,
            PageShift = Shift,
            CacheLine = 32,
            DmaGoal = (start + 9000) << Shift,
            Search = search,
        };
        using TestMachine plain = new(options, 1, 6000);
        using TestMachine indexed = new(options, 1, 6000, isIndexed: true);
        Run(new BootCall(Call.init_bootmem_node, 0, start, start, start + pages));
        Run(new BootCall(Call.free_bootmem_node, 0, start << Shift, pages << Shift));
        Fragment();

        // A fault changes nothing: more can follow.
        for (int i = 0; i < 1000; i++)
        {
            bool isFound = Run(Next());
            found += isFound ? 1 : 0;
            gone += isFound ? 0 : 1;
        }

        Run(new BootCall(Call.free_all_bootmem_node, 0, 0));
        Assert.Equal(plain.Blocks, indexed.Blocks);

        bool Run(BootCall call)
        {
            Outcome expected = plain.Run(call);
            Outcome actual = indexed.Run(call);
            Assert.True(expected == actual, $"{call}: expected {expected}, got {actual}");
            ref readonly BootmemNode one = ref plain.Memory.Node(0);
            ref readonly BootmemNode other = ref indexed.Memory.Node(0);
            Assert.True(one.LastPos == other.LastPos && one.LastOffset == other.LastOffset
                && one.LastSuccess == other.LastSuccess, $"{call}: other numbers");
            return expected.Kind == FaultKind.None;
        }

        // A comb in front, so that searches must go far, and some ranges anywhere.
        void Fragment()
        {
            ulong tooth = (ulong)random.Next(2, 40);
            ulong front = (ulong)random.NextInt64((long)pages);
            for (ulong i = 0; i < front; i += tooth)
            {
                Run(new BootCall(Call.reserve_bootmem_node, 0, (start + i) << Shift, 1));
            }

            for (int i = 0; i < 20; i++)
            {
                ulong first = (ulong)random.NextInt64((long)pages);
                ulong count = Math.Min(pages - first, (ulong)random.Next(1, 3000));
                Run(new BootCall(Call.reserve_bootmem_node, 0, (start + first) << Shift, count << Shift));
            }
        }

        BootCall Next()
        {
            // Whole groups where a group begins: candidates are looked at by their borders.
            if (random.Next(10) == 0)
            {
                ulong groups = (ulong)random.Next(1, 3) << 21;
                return new BootCall(Call.__alloc_bootmem_node, 0, groups, 1UL << random.Next(20, 24), start << Shift);
            }

            ulong size = random.Next(8) switch
            {
                0 => (ulong)random.Next(1, 200),
                1 => (ulong)random.Next(1, 5000) << Shift >> random.Next(0, 8),
                _ => (ulong)random.Next(1, 60) << Shift,
            };
            size = Math.Max(size, 1);
            ulong align = random.Next(3) == 0 ? 1UL << random.Next(0, 26) : 4096;
            ulong goal = random.Next(3) == 0 ? (start + (ulong)random.NextInt64((long)pages)) << Shift : 0;
            bool isFree = random.Next(12) == 0;
            ulong from = (ulong)random.NextInt64((long)pages);
            ulong taken = plain.Memory.Node(0).Map.FindSet(from, pages);
            ulong end = plain.Memory.Node(0).Map.FindClear(taken, pages);
            return isFree && taken < pages
                ? new BootCall(
                    Call.free_bootmem_node, 0, (start + taken) << Shift,
                    Math.Min(end - taken, (ulong)random.Next(1, 4)) << Shift)
                : new BootCall(Call.__alloc_bootmem_node, 0, size, align, goal);
        }
    }
}
