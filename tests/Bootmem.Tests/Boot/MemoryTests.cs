using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>The memory of a machine is real: what bootmem gives out lies where it says, and reads as zeros.</summary>
public sealed unsafe class MemoryTests
{
    private const ulong Mib = 1UL << 20;
    private const byte Garbage = 0xa5;

    [Theory]
    [InlineData(KernelVersion.V2_6_12)]
    [InlineData(KernelVersion.V2_6_15)]
    public void WhatBootmemGivesOutReadsAsZeros(KernelVersion version)
    {
        CheckZeros(MachineSketch.Article, version, 0x7000_0000, 100 * Mib, static config => config);
        CheckZeros(MachineSketch.Of((0, 20 * Mib), (20 * Mib, 4 * Mib)), version, 0, 24 * Mib, static config => config);
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_13)]
    [InlineData(KernelVersion.V2_6_15)]
    public void RemapAreasReadAsZeros(KernelVersion version) => CheckZeros(
        MachineSketch.OfNodes((0, 32 * Mib, 0), (32 * Mib, 32 * Mib, 1)),
        version,
        0,
        64 * Mib,
        static config => config with { HasAllocRemap = true, IsNuma = true });

    [Fact]
    public void AllocationsCanBeWrittenAndReadAtTheirAddresses()
    {
        using MachineHost host = MachineSketch.Article.SwitchOn();
        List<BootEvent> allocated = AllocationsOf(host);
        host.RunUntil(BootStep.MemInit);
        AddressSpace space = host.Machine->Space;
        Assert.Equal(0x9000_0000UL, space.phys_to_virt(0x7000_0000));
        Assert.Equal(10, allocated.Count);
        for (int i = 0; i < allocated.Count; i++)
        {
            ulong address = allocated[i].Address;
            ulong virt = space.phys_to_virt(address);
            Assert.Equal(address + 0x2000_0000, virt);
            Assert.Equal(address, space.virt_to_phys(virt));
            host.Bytes(space.virt_to_phys(virt), (int)allocated[i].Size).Fill((byte)(i + 1));
        }

        // None lies over another.
        for (int i = 0; i < allocated.Count; i++)
        {
            byte* bytes = host.Memory.Resolve(allocated[i].Address, allocated[i].Size);
            Assert.Equal(-1, new Span<byte>(bytes, (int)allocated[i].Size).IndexOfAnyExcept((byte)(i + 1)));
        }
    }

    [Fact]
    public void TheBitmapLiesInTheMemoryBehindTheImage()
    {
        MachineSketch sketch =
            MachineSketch.OfNodes((0, 48 * Mib, 0), (64 * Mib, 7 * Mib, 1), (96 * Mib, 300 * Mib, 2));
        using MachineHost host = sketch.SwitchOn();
        host.RunUntil(BootStep.PagingInit);
        Machine* machine = host.Machine;
        ulong next = machine->BitmapPfn << 12;
        Assert.Equal(0x30_8000UL, next);
        for (int node = 2; node >= 0; node--)
        {
            BootmemNode found = machine->Bootmem.Node(node);
            Assert.Equal(next, found.MapAddress);
            Span<byte> bytes = host.Bytes(next, (int)(found.Map.BitCount / 8));
            ulong pages = found.LowPfn - (found.BootStart >> 12);
            for (ulong i = 0; i < pages; i++)
            {
                bool isSet = (bytes[(int)(i / 8)] & (1 << (int)(i % 8))) != 0;
                Assert.Equal(found.Map.IsSet(i), isSet);
                PageUse use = host.Ledger.At((found.BootStart >> 12) + i).Use;
                Assert.Equal(isSet, use != PageUse.Free);
            }

            next += ((pages / 8) + 4095) & ~4095UL;
        }
    }

    [Fact]
    public void MemMapAndHashTablesLieWhereTheBootSays()
    {
        using MachineHost host = MachineSketch.Of((0x6000_0000, 64 * Mib)).SwitchOn();
        List<BootEvent> allocated = AllocationsOf(host);
        host.RunUntil(BootStep.Done);
        Machine* machine = host.Machine;
        BootEvent map = Assert.Single(allocated, static change => change.Owner == Owner.MemMap);
        byte* first = host.Memory.Resolve(map.Address, map.Size);
        Assert.True(machine->Pages.Node(0).MemMap == first);
        for (ulong pfn = 0x60000; pfn < 0x64000; pfn++)
        {
            Page* page = machine->Pages.PageOf(pfn);
            Assert.True((byte*)page == first + ((pfn - 0x60000) * 32));
            PageFlags flags = (PageFlags)BitConverter.ToInt32(host.Bytes(map.Address + ((pfn - 0x60000) * 32), 4));
            Assert.Equal(page->Flags, flags);
            Assert.Equal(machine->Pages.IsReserved(pfn), host.Ledger.At(pfn).Use == PageUse.Owned);
        }

        Assert.Equal(Place(allocated, Owner.DentryCache), (machine->DentryHash.Address, machine->DentryHash.Bytes));
        Assert.Equal(Place(allocated, Owner.InodeCache), (machine->InodeHash.Address, machine->InodeHash.Bytes));
        Assert.Equal(Place(allocated, Owner.ZeroPage), (machine->ZeroPage, 4096UL));
        Assert.Equal(4, allocated.Count(static change => change.Owner == Owner.PidHash));
    }

    private static (ulong Address, ulong Size) Place(List<BootEvent> allocated, Owner owner)
    {
        BootEvent change = Assert.Single(allocated, change => change.Owner == owner);
        return (change.Address, change.Size);
    }

    private static List<BootEvent> AllocationsOf(MachineHost host)
    {
        List<BootEvent> allocated = [];
        host.Observe(change =>
        {
            if (change.Kind == BootEventKind.Allocated)
            {
                allocated.Add(change);
            }
        });
        return allocated;
    }

    private static void CheckZeros(
        MachineSketch sketch, KernelVersion version, ulong start, ulong size, Func<BootConfig, BootConfig> change)
    {
        using MachineHost host = sketch.SwitchOn(MachineSketch.Options(version, change: change));
        host.RunUntil(BootStep.BootmemInit);
        host.Bytes(start, (int)size).Fill(Garbage);
        List<BootEvent> allocated = AllocationsOf(host);
        PageWalk walk = new(host);
        List<ulong> bitmapPages = [];
        int seen = 0;
        while (host.NextStep < BootStep.Done)
        {
            host.Step();
            for (; seen < allocated.Count; seen++)
            {
                Span<byte> bytes = host.Bytes(allocated[seen].Address, (int)allocated[seen].Size);
                Assert.True(bytes.IndexOfAnyExcept((byte)0) < 0, $"{allocated[seen].Owner} is not clear");
            }

            if (host.NextStep == BootStep.PagingInit)
            {
                bitmapPages.AddRange(host.Ledger.Runs.Where(static run => run.Owner == Owner.Bitmap)
                    .SelectMany(
                        static run => Enumerable.Range(0, (int)run.PageCount).Select(i => run.StartPfn + (ulong)i)));
            }
        }

        // Garbage does not confuse the page allocator, and what nobody took was not touched.
        walk.Check();
        foreach (PageRun run in host.Ledger.Runs.Where(static run => run.Use == PageUse.HandedOver))
        {
            for (ulong pfn = run.StartPfn; pfn < run.EndPfn; pfn++)
            {
                Assert.True(bitmapPages.Contains(pfn) || host.Bytes(pfn << 12, 4096).IndexOfAnyExcept(Garbage) < 0);
            }
        }
    }
}
