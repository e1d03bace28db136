using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>A configuration macro of the kernel, by name: what it means, and how it is read and set.</summary>
public sealed partial class ConfigMacro
{
    private readonly Func<BootConfig, string> _get;
    private readonly Func<BootConfig, string, BootConfig?> _set;

    private ConfigMacro(
        string name, string meaning, string expected, bool isSwitch,
        Func<BootConfig, string> get, Func<BootConfig, string, BootConfig?> set)
    {
        Name = name;
        Meaning = meaning;
        Expected = expected;
        IsSwitch = isSwitch;
        _get = get;
        _set = set;
    }

    /// <summary>All macros, in the order in which they are shown.</summary>
    public static IReadOnlyList<ConfigMacro> All { get; } =
    [
        Switch(
            "HIGHMEM", "RAM beyond the linear map is used (32 bits)",
            c => c.HasHighMem, (ref c, on) => c.HasHighMem = on),
        Number(
            "NODES_SHIFT", "at most 2^N nodes", "0 .. 10, or auto", 0, 10, -1,
            c => c.NodesShift, (ref c, n) => c.NodesShift = n),
        Number(
            "NR_CPUS", "CPUs; more than 1 is an SMP kernel", $"1 .. {Zone.MaxCpus}, or auto", 1, Zone.MaxCpus, 0,
            c => c.CpuCount, (ref c, n) => c.CpuCount = n),
        Switch("NUMA", "a NUMA kernel: knows hashdist=", c => c.IsNuma, (ref c, on) => c.IsNuma = on),
        Switch(
            "CRASH_DUMP", "keeps saved_max_pfn (from 2.6.13)",
            c => c.HasCrashDump, (ref c, on) => c.HasCrashDump = on),
        Switch(
            "HAVE_ARCH_ALLOC_REMAP", "nodes hold their own memory map (from 2.6.13)",
            c => c.HasAllocRemap, (ref c, on) => c.HasAllocRemap = on),
        Switch(
            "DEBUG_BOOTMEM", "bootmem tells of pages that are reserved twice",
            c => c.HasDebugBootmem, (ref c, on) => c.HasDebugBootmem = on),
        Number(
            "BITS", "width of unsigned long", "32, 64 or auto", 32, 64, 0,
            c => c.Bits, (ref c, n) => c.Bits = n, n => n is 32 or 64),
        Number(
            "PAGE_SHIFT", "log2 of the page size in bytes", "6 .. 24, or auto",
            KernelWord.MinPageShift, KernelWord.MaxPageShift, 0, c => c.PageShift, (ref c, n) => c.PageShift = n),
        Size(
            "L1_CACHE_BYTES", "alignment of alloc_bootmem()", "a power of two from 4 to 4096, or auto",
            n => n is >= 4 and <= 4096 && BitOperations.IsPow2(n), c => c.CacheLine, (ref c, n) => c.CacheLine = n),
        Size(
            "PAGE_OFFSET", "virtual address of the first byte of RAM",
            "an address that is a multiple of 0x1000000, or auto",
            n => n != 0 && (n & 0xffffff) == 0, c => c.PageOffset, (ref c, n) => c.PageOffset = n),
        Size(
            "VMALLOC_RESERVE", "bytes kept for vmalloc above the linear map", "a multiple of 0x100000, or auto",
            n => n != 0 && (n & 0xfffff) == 0, c => c.VmallocReserve, (ref c, n) => c.VmallocReserve = n),
        new ConfigMacro(
            "ARCH", "the architecture whose boot is taken", "auto, arm, i386 or x86_64", isSwitch: false,
            c => Encoding.ASCII.GetString(Architectures.Name(c.Architecture)), SetArchitecture),
        Switch("X86_PAE", "i386 reaches RAM beyond 4 GiB", c => c.HasPae, (ref c, on) => c.HasPae = on),
        Switch(
            "ACPI_SLEEP", "PCs keep a page to wake up in", c => c.HasAcpiSleep, (ref c, on) => c.HasAcpiSleep = on),
        Switch(
            "INET", "tables of IP and TCP, from the page allocator", c => c.HasInet, (ref c, on) => c.HasInet = on),
        Switch("QUOTA", "a cache of quotas", c => c.HasQuota, (ref c, on) => c.HasQuota = on),
    ];

    private delegate void Setter<T>(ref BootConfig config, T value);

    /// <summary>The name, without <c>CONFIG_</c>.</summary>
    public string Name { get; }

    /// <summary>What it means, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>What values it takes.</summary>
    public string Expected { get; }

    /// <summary>Whether it is on or off.</summary>
    public bool IsSwitch { get; }

    /// <summary>The macro of a name, with or without <c>CONFIG_</c>; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public static ConfigMacro? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string bare = name.StartsWith("CONFIG_", StringComparison.Ordinal) ? name["CONFIG_".Length..] : name;
        foreach (ConfigMacro macro in All)
        {
            if (macro.Name == bare)
            {
                return macro;
            }
        }

        return null;
    }

    /// <summary>The value in a configuration, as it is written.</summary>
    /// <param name="config">A configuration.</param>
    public string Get(BootConfig config) => _get(config);

    /// <summary>Sets the value.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="value">The value as it is written.</param>
    /// <returns>Whether it is one that the macro takes.</returns>
    public bool TrySet(ref BootConfig config, string value)
    {
        if (_set(config, value) is not { } changed)
        {
            return false;
        }

        config = changed;
        return true;
    }

    private static BootConfig? SetArchitecture(BootConfig config, string value)
    {
        for (Architecture architecture = Architecture.Auto; architecture <= Architecture.X86_64; architecture++)
        {
            if (value == Encoding.ASCII.GetString(Architectures.Name(architecture)))
            {
                config.Architecture = architecture;
                return config;
            }
        }

        return null;
    }

    private static ConfigMacro Switch(string name, string meaning, Func<BootConfig, bool> get, Setter<bool> set) => new(
        name, meaning, "y or n", isSwitch: true,
        config => get(config) ? "y" : "n",
        (config, value) =>
        {
            if (value is not ("y" or "n"))
            {
                return null;
            }

            set(ref config, value == "y");
            return config;
        });

    private static ConfigMacro Number(
        string name, string meaning, string expected, int least, int most, int automatic,
        Func<BootConfig, int> get, Setter<int> set, Func<int, bool>? isAllowed = null) => new(
        name, meaning, expected, isSwitch: false,
        config => get(config) == automatic ? "auto" : get(config).ToString(CultureInfo.InvariantCulture),
        (config, value) =>
        {
            int number = automatic;
            if (value != "auto" && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                || number < least || number > most || isAllowed?.Invoke(number) == false))
            {
                return null;
            }

            set(ref config, number);
            return config;
        });

    private static ConfigMacro Size(
        string name, string meaning, string expected, Func<ulong, bool> isAllowed,
        Func<BootConfig, ulong> get, Setter<ulong> set) => new(
        name, meaning, expected, isSwitch: false,
        config => get(config) == 0 ? "auto" : $"0x{get(config):x}",
        (config, value) =>
        {
            ulong number = 0;
            if (value != "auto" && (!TryParse(value, out number) || !isAllowed(number)))
            {
                return null;
            }

            set(ref config, number);
            return config;
        });

    private static bool TryParse(string value, out ulong number) =>
        value.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(value[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
