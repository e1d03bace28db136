using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>Whatever the macros: a boot whose pages add up, or one clear error.</summary>
public sealed class MacroGridTests
{
    // Beyond this many pages nothing is mapped: a memory map would take more than the host should give.
    private const ulong MostMappedPages = 1 << 20;

    private static readonly string[] _pageShifts = ["6", "12", "16", "24"];
    private static readonly string[] _bits = ["auto", "32", "64"];
    private static readonly string[] _offsets = ["auto", "0x7f000000", "0xff000000", "0xffffffffff000000"];

    private static readonly string[][] _others =
    [
        [],
        ["HIGHMEM=n", "NR_CPUS=8", "L1_CACHE_BYTES=4096", "HAVE_ARCH_ALLOC_REMAP=y", "CRASH_DUMP=y"],
        ["VMALLOC_RESERVE=0x100000", "NODES_SHIFT=2", "NUMA=y", "DEBUG_BOOTMEM=y", "L1_CACHE_BYTES=4"],
        ["VMALLOC_RESERVE=0xfffffffffff00000", "NODES_SHIFT=0", "HAVE_ARCH_ALLOC_REMAP=y", "INITCALLS=y"],
    ];

    public static IEnumerable<TheoryDataRow<string>> Kernels =>
        Configuration.KernelNames.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryCombinationBootsOrEndsInOneError(string kernel)
    {
        int booted = 0;
        foreach (string machine in MacroBoot.Machines)
        {
            foreach (string[] macros in Combinations())
            {
                booted += Try(machine, ["KERNEL=" + kernel, .. macros]) ? 1 : 0;
            }
        }

        // Most do boot: an error for everything would pass otherwise.
        Assert.True(booted > 150, $"{booted} combinations have booted");
    }

    private static IEnumerable<string[]> Combinations() =>
        from shift in _pageShifts
        from bits in _bits
        from offset in _offsets
        from others in _others
        select (string[])["PAGE_SHIFT=" + shift, "BITS=" + bits, "PAGE_OFFSET=" + offset, .. others];

    private static bool Try(string machine, string[] macros)
    {
        string what = $"{machine} {string.Join(' ', macros)}";
        try
        {
            using MachineHost host = MacroBoot.SwitchOn(machine, "hashdist=1", IsLarge(machine, macros), macros);
            host.RunUntil(BootStep.Done);
            Assert.True(PageAccount.Of(host).AddsUp, what);
            return true;
        }
        catch (Exception e) when (e is MachineException or BootmemException or HostMemoryException)
        {
            Assert.False(e.Message.Contains('\n', StringComparison.Ordinal), what);
            Assert.NotEmpty(e.Message);
            return false;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException(what, e);
        }
    }

    private static bool IsLarge(string machine, string[] macros)
    {
        int shift = int.Parse(macros[1]["PAGE_SHIFT=".Length..], CultureInfo.InvariantCulture);
        ulong size = machine.EndsWith("64tib.dts", StringComparison.Ordinal) ? 64UL << 40
            : machine.EndsWith(MacroBoot.FourNodes, StringComparison.Ordinal) ? 8UL << 30 : 256UL << 20;
        return size >> shift >= MostMappedPages;
    }
}
