using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>What a call says of itself goes for that call, whatever was in the caller's variable before.</summary>
public sealed class FaultTests
{
    private const ulong Page = 4096;

    /*
     * A variable holds a fault when a call is made that has none: by every method, in maps of plain bits and with an
     * index, the short ways and the long ones.
     *
     * expect to: find neither a kind nor a reason in it behind the call.
     */
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallThatDoesNotFaultSaysNone(bool isIndexed)
    {
        const ulong Pages = 0x2000;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_15, Bits = 64, PageShift = 12, CacheLine = 32,
        };
        using TestMachine machine = new(options, 2, 4096, isIndexed);
        ref BootMemory memory = ref machine.Memory;
        Fault fault = Stale();
        AssertNone(memory.TryInitialise(Call.init_bootmem_node, 0, 1, 0, Pages, out _, out fault), ref fault);
        AssertNone(memory.TryFree(Call.free_bootmem, 0, 0, Pages * Page, out fault), ref fault);
        AssertNone(memory.TryFree(Call.free_bootmem, 0, 1, 1, out fault), ref fault);
        AssertNone(memory.TryReserve(Call.reserve_bootmem, 0, Page, Page, out fault), ref fault);
        AssertNone(memory.TryReserve(Call.reserve_bootmem, 0, 60 * Page, 100 * Page, out fault), ref fault);
        AssertNone(memory.TryFree(Call.free_bootmem, 0, Page, Page, out fault), ref fault);
        AddressRange[] ranges = [new(3 * Page, Page), new(5 * Page, Page), new(7 * Page, 100 * Page)];
        AssertNone(memory.TryReserve(Call.reserve_bootmem, 0, ranges, out _, out fault), ref fault);
        foreach (ulong size in new ulong[] { 1, 1, Page, 90 * Page })
        {
            AllocationRequest request = new(Call.__alloc_bootmem, size, 32, 0x8000);
            AssertNone(memory.TryAllocate(request, out _, out fault), ref fault);
            AssertNone(memory.TryAllocateOnNode(0, request, out _, out fault), ref fault);
        }

        AssertNone(memory.TryRemap(0, Page, out _, out fault), ref fault);
        AssertNone(memory.TryHandOver(Call.free_all_bootmem, 0, default, out _, out fault), ref fault);
        Assert.False(memory.TryFree(Call.free_bootmem, 0, 0, Page, out fault));
        Assert.Equal(FaultReason.NoMap, fault.Reason);
    }

    /*
     * pages   2..4    reserved, all others free; pages 3..6 are freed
     *
     * expect to: fault at page 5, whichever way the call goes: bits of one word, of two, and with an index.
     */
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 60)]
    [InlineData(true, 0)]
    public void AFreeOfAFreePageNamesIt(bool isIndexed, ulong first)
    {
        const ulong Start = 0x100;
        BootMemoryOptions options = new()
        {
            Version = KernelVersion.V2_6_15, Bits = 64, PageShift = 12, CacheLine = 32,
        };
        using TestMachine machine = new(options, 1, 4096, isIndexed);
        ref BootMemory memory = ref machine.Memory;
        memory.TryInitialise(Call.init_bootmem_node, 0, 1, Start, Start + 512, out _, out _);
        memory.TryFree(Call.free_bootmem, 0, Start * Page, 512 * Page, out _);
        memory.TryReserve(Call.reserve_bootmem, 0, (Start + first + 2) * Page, 3 * Page, out _);
        Assert.False(memory.TryFree(
            Call.free_bootmem_node, 0, ((Start + first + 3) * Page) - 1, (4 * Page) + 1, out Fault fault));
        Assert.Equal((FaultKind.Bug, FaultReason.FreeOfFreePage), (fault.Kind, fault.Reason));
        Assert.Equal((Start + first + 5, Call.free_bootmem_node, 0), (fault.Pfn, fault.Call, fault.Node));
        Assert.Equal(((Start + first + 3) * Page) - 1, fault.Address);
        Assert.True(memory.Node(0).Map.IsSet(first + 3));
    }

    private static Fault Stale() => new() { Kind = FaultKind.Panic, Reason = FaultReason.OutOfMemory };

    private static void AssertNone(bool isDone, ref Fault fault)
    {
        Assert.True(isDone, $"{fault.Call}: {fault.Kind}, {fault.Reason}");
        Assert.Equal((FaultKind.None, FaultReason.None), (fault.Kind, fault.Reason));
        fault = Stale();
    }
}
