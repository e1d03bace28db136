using Bootmem.Tests.Allocator;
using Xunit;

namespace Bootmem.Tests.Sizes;

public sealed unsafe class RemapTests
{
    [Fact]
    public void ANodeWithoutAnAreaGivesNothing()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_13);
        Assert.Equal(0UL, KernelApi.alloc_remap(ref machine.Memory, 0, 100));

        RemapArea* areas = stackalloc RemapArea[2];
        areas[0] = default;
        areas[1] = new RemapArea(0x1000, 0x2000);
        machine.Memory.RemapAreas = areas;
        Assert.Equal(0UL, KernelApi.alloc_remap(ref machine.Memory, 0, 100));
        Assert.Equal(0x1000UL, KernelApi.alloc_remap(ref machine.Memory, 1, 100));
    }

    // 0x1000         0x1080      0x10e0   0x1100
    // | 100 -> 128   | 96        |        | end: nothing may reach it, so 32 bytes stay
    [Fact]
    public void SizesAreRoundedToCacheLinesAndTheEndIsNeverReached()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_14);
        RemapArea* areas = stackalloc RemapArea[2];
        areas[0] = new RemapArea(0x1000, 0x1100);
        machine.Memory.RemapAreas = areas;
        Cleared cleared = default;
        machine.Memory.Memory.Context = &cleared;
        machine.Memory.Memory.Clear = &NoteCleared;

        Assert.Equal(0x1000UL, KernelApi.alloc_remap(ref machine.Memory, 0, 100));
        Assert.Equal(new Cleared(0x1000, 128), cleared);
        Assert.Equal(0UL, KernelApi.alloc_remap(ref machine.Memory, 0, 128));
        Assert.Equal(0UL, KernelApi.alloc_remap(ref machine.Memory, 0, 97));
        Assert.Equal(0x1080UL, KernelApi.alloc_remap(ref machine.Memory, 0, 96));
        Assert.Equal(0UL, KernelApi.alloc_remap(ref machine.Memory, 0, 1));
        Assert.Equal(new RemapArea(0x1000, 0x1100) { Next = 0x10e0 }, areas[0]);
    }

    [Fact]
    public void TheCallIsOf2613()
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_12_6);
        Assert.False(machine.Memory.TryRemap(0, 100, out _, out Fault fault));
        Assert.Equal(FaultReason.NoSuchCall, fault.Reason);
        Assert.Equal(Call.alloc_remap, fault.Call);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void ThereIsNoSuchNode(int node)
    {
        using TestMachine machine = NewMachine(KernelVersion.V2_6_15);
        Assert.False(machine.Memory.TryRemap(node, 100, out _, out Fault fault));
        Assert.Equal(FaultReason.NoSuchNode, fault.Reason);
    }

    private static TestMachine NewMachine(KernelVersion version) =>
        new(new BootMemoryOptions { Version = version, Bits = 32, PageShift = 12, CacheLine = 32 }, 2, 64);

    private static void NoteCleared(void* context, ulong address, ulong size) =>
        *(Cleared*)context = new Cleared(address, size);

    private record struct Cleared(ulong Address, ulong Size);
}
