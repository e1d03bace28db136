using System.Linq;
using System.Numerics;
using Bootmem.Tests.Allocator;
using Xunit;

namespace Bootmem.Tests.Sizes;

public sealed unsafe class LargeSystemHashTests
{
    // 512 MiB less 64 KiB.
    private const ulong Pages = 131056;

    [Fact]
    public void TheBootOfA512MegabyteMachine()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, 32);
        HashSources sources = new() { KernelPages = Pages, AllPages = Pages };
        Assert.True(PidHash.TryInitialise(ref machine.Memory, Pages, null, out _));
        KernelApi.alloc_large_system_hash(
            ref machine.Memory, "Dentry cache"u8, 4, 0, 13, HashFlags.Early, out int shift, out uint mask, 0, sources);
        KernelApi.alloc_large_system_hash(
            ref machine.Memory, "Inode-cache"u8, 4, 0, 14, HashFlags.Early, out _, out _, 0, sources);

        Assert.Equal(17, shift);
        Assert.Equal(131071U, mask);
        Assert.Equal(
            """
            PID hash table entries: 2048 (order: 11, 32768 bytes)
            Dentry cache hash table entries: 131072 (order: 7, 524288 bytes)
            Inode-cache hash table entries: 65536 (order: 6, 262144 bytes)

            """,
            machine.Log.ToString());
    }

    [Fact]
    public void ALateTableIsHalvedUntilThePageAllocatorHasIt()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_15, 64);
        HashRequest request = new("TCP established"u8, 16, 0, 13, HashFlags.HighMem, 0);
        HashSources sources = new() { KernelPages = Pages, AllPages = Pages, Pages = &OnlyUpToOrder3 };
        Assert.True(LargeSystemHash.TryAllocate(ref machine.Memory, request, sources, out HashTable table, out _));
        Assert.Equal(17, LargeSystemHash.FirstShift(machine.Memory.Word, request, sources));
        Assert.Equal(11, table.Shift);
        Assert.Equal(8UL << 12, table.Bytes);
        Assert.Equal("TCP established hash table entries: 2048 (order: 3, 32768 bytes)\n", machine.Log.ToString());
    }

    [Fact]
    public void ATableThatCannotBeHadIsAPanic()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, 32);
        HashRequest request = new("TCP bind"u8, 8, 0, 13, HashFlags.HighMem, 65536);
        HashSources sources = new() { KernelPages = Pages, AllPages = Pages };
        Assert.False(LargeSystemHash.TryAllocate(ref machine.Memory, request, sources, out _, out Fault fault));
        Assert.Equal(FaultKind.Panic, fault.Kind);
        Assert.Equal(FaultReason.HashTable, fault.Reason);
        Assert.Equal(Call.alloc_large_system_hash, fault.Call);
        Assert.Equal(4096UL, fault.Size);
        Assert.Equal(string.Empty, machine.Log.ToString());
    }

    [Fact]
    public void AnEarlyTableThatBootmemCannotGiveIsBootmemsPanic()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, 32);
        HashRequest request = new("Dentry cache"u8, 4, 1 << 28, 13, HashFlags.Early, 1 << 28);
        HashSources sources = new() { KernelPages = Pages, AllPages = Pages };
        byte[] before = machine.Snapshot();
        Assert.False(LargeSystemHash.TryAllocate(ref machine.Memory, request, sources, out _, out Fault fault));
        Assert.Equal(FaultKind.Panic, fault.Kind);
        Assert.Equal(Call.alloc_bootmem, fault.Call);
        Assert.Equal(before, machine.Snapshot());
    }

    [Theory]
    [InlineData(32, FaultKind.Bug)] // 8 << 29 is 2^32: a request for nothing.
    [InlineData(64, FaultKind.Panic)]
    public void TheSizeWrapsAtTheMachinesWidth(int bits, FaultKind kind)
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, bits);
        HashRequest request = new("Odd"u8, 8, 1 << 28, 13, HashFlags.Early, 1 << 29);
        Assert.False(LargeSystemHash.TryAllocate(ref machine.Memory, request, default, out _, out Fault fault));
        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public void ABucketOfNothingIsUndefined()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, 32);
        HashRequest request = new("Odd"u8, 0, 0, 13, HashFlags.Early, 0);
        Assert.False(LargeSystemHash.TryAllocate(ref machine.Memory, request, default, out _, out Fault fault));
        Assert.Equal(FaultKind.Undefined, fault.Kind);
        machine.Memory.SayBefore(fault);
        Assert.Equal(string.Empty, machine.Log.ToString());
    }

    [Fact]
    public void TheMostEntriesComeFromAWholeDivision()
    {
        // Entries are asked for without end: what is left is log2 of memory / 16 / bucket size.
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12, 64);
        ulong[] memories = [0, 1, 15, 255, 4096, 12345, 131056, 1 << 20, (1UL << 33) + 7, ulong.MaxValue >> 12];
        foreach (ulong pages in memories)
        {
            foreach (ulong bucket in Enumerable.Range(1, 100).Select(x => (ulong)x).Append(1UL << 40))
            {
                HashRequest request = new("Odd"u8, bucket, 1UL << 62, 13, HashFlags.None, 0);
                HashSources sources = new() { AllPages = pages };
                ulong most = ((pages << 12) >> 4) / bucket;
                int expected = most == 0 ? 0 : BitOperations.Log2(most);
                Assert.Equal(expected, LargeSystemHash.FirstShift(machine.Memory.Word, request, sources));
            }
        }
    }

    [Theory]
    [InlineData(32, false, 32, 8, 12)]
    [InlineData(32, true, 36, 8, 12)]
    [InlineData(64, false, 56, 16, 24)]
    public void StructuresHaveTheirKernelsSize(
        int bits, bool hasVirtual, ulong page, ulong waitQueue, ulong waitQueueSmp)
    {
        KernelWord word = new(bits, 12);
        Assert.Equal(page, StructSizes.Page(word, hasVirtual));
        Assert.Equal(waitQueue, StructSizes.WaitQueueHead(word, isSmp: false));
        Assert.Equal(waitQueueSmp, StructSizes.WaitQueueHead(word, isSmp: true));
        Assert.Equal(1024 * waitQueueSmp, WaitTable.Bytes(word, 196608, isSmp: true));
    }

    private static TestMachine NewMachine(KernelVersion version, int bits)
    {
        BootMemoryOptions options = new()
        {
            Version = version,
            Bits = bits,
            PageShift = 12,
            CacheLine = 32,
            DmaGoal = 0x1000000,
        };
        TestMachine machine = new(options, 1, (nuint)((Pages + 63) / 64 * 8));
        KernelApi.init_bootmem(ref machine.Memory, 0, Pages);
        KernelApi.free_bootmem(ref machine.Memory, 0, Pages << 12);
        return machine;
    }

    private static ulong OnlyUpToOrder3(void* context, int order)
    {
        Assert.InRange(order, 0, 10);
        return order <= 3 ? 1UL << 24 : 0;
    }
}
