using System;
using System.Runtime.InteropServices;
using Bootmem.Tests.Freestanding;
using Example.Freestanding;
using Example.Hosted;
using Xunit;

namespace Bootmem.Tests.Docs;

/// <summary>The examples of docs/library.md do what they say.</summary>
public sealed unsafe class ExampleTests
{
    [Fact]
    public void HostedExampleAllocatesAndHandsOver()
    {
        using HostedMachine machine = new(KernelVersion.V2_6_15);
        ulong first = machine.Allocate(100);
        ulong second = machine.Allocate(100);
        Assert.Equal(0x8000_1000UL, first);
        Assert.Equal(0x8000_1080UL, second);
        Assert.All(machine.Bytes(first, 100).ToArray(), b => Assert.Equal(0, b));
        machine.Bytes(first, 100).Fill(0xaa);
        Assert.Equal(0, machine.Bytes(second, 1)[0]);

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => machine.Allocate(32 << 20));
        Assert.Equal("alloc_bootmem: Out of memory", fault.Message);
        Assert.False(machine.TryAllocate(100, 0x8000_0000, out _, out FaultReason reason));
        Assert.Equal(FaultReason.OutOfMemory, reason);
        Assert.True(machine.TryAllocate(100, 0x8000_3000, out ulong third, out reason));
        Assert.Equal((0x8000_1100UL, FaultReason.None), (third, reason));

        // 4096 pages less the bitmap's and the shared one; the bitmap's page comes back.
        Assert.Equal(4095UL, machine.HandOver());
    }

    [Fact]
    public void FreestandingExampleNeedsNoRuntime() => Assert.Empty(FreestandingRules.Violations(
        typeof(EarlyMemoryBoot).Assembly, type => type.Namespace == typeof(EarlyMemoryBoot).Namespace));

    [Fact]
    public void FreestandingExampleAllocatesAndHandsOver()
    {
        const ulong RamSize = 4 << 20;
        byte* ram = (byte*)NativeMemory.AlignedAlloc((nuint)RamSize, 1 << 19);
        EarlyMemory* early = (EarlyMemory*)NativeMemory.AllocZeroed((nuint)sizeof(EarlyMemory));
        try
        {
            new Span<byte>(ram, (int)RamSize).Fill(0x55);
            EarlyMemoryBoot.Start(early, (ulong)ram, RamSize, (ulong)ram + 0x10001);
            byte* pages = EarlyMemoryBoot.TakePages(early, 8192);

            // 17 pages of image, 1 of bitmap.
            Assert.Equal((nint)(ram + (18 << 12)), (nint)pages);
            Assert.True(new ReadOnlySpan<byte>(pages, 8192).IndexOfAnyExcept((byte)0) < 0);
            Assert.Equal(0x55, ram[0]);
            Assert.Equal(0x55, pages[8192]);
            Assert.Equal(1024UL - 20 + 1, EarlyMemoryBoot.Finish(early));
            Assert.Equal(1024UL - 20 + 1, early->FreePages);
            Assert.Equal(FaultKind.None, early->Stopped);

            EarlyMemoryBoot.Finish(early);
            Assert.Equal(FaultKind.Bug, early->Stopped);
        }
        finally
        {
            NativeMemory.AlignedFree(ram);
            NativeMemory.Free(early);
        }
    }
}
