using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>What each macro takes, and what it does not.</summary>
public sealed class ConfigMacroTests
{
    public static TheoryData<string, string[], string[]> Values => new()
    {
        { "HIGHMEM", ["y", "n"], ["", "Y", "auto", "1", "yes"] },
        { "NODES_SHIFT", ["0", "10", "auto"], ["-1", "11", "", "0x1", " 1", "1.0", "99999999999999999999"] },
        { "NR_CPUS", ["1", "8", "auto"], ["0", "9", "64", "-1", "+1", "eight"] },
        { "NUMA", ["y", "n"], ["on"] },
        { "CRASH_DUMP", ["y", "n"], ["m"] },
        { "HAVE_ARCH_ALLOC_REMAP", ["y", "n"], ["m"] },
        { "DEBUG_BOOTMEM", ["y", "n"], ["m"] },
        { "BITS", ["32", "64", "auto"], ["31", "33", "48", "128", "0"] },
        { "PAGE_SHIFT", ["6", "12", "24", "auto"], ["5", "25", "4096"] },
        { "L1_CACHE_BYTES", ["0x4", "0x20", "0x1000", "auto"], ["0", "2", "3", "48", "8192", "0x"] },
        {
            "PAGE_OFFSET", ["0x1000000", "0xc0000000", "0xffff810000000000", "auto"],
            ["0", "0x1", "0xc0000001", "0x1ffffffffffffffff"]
        },
        { "VMALLOC_RESERVE", ["0x100000", "0x8000000", "auto"], ["0", "1", "0x80000", "-0x100000"] },
        { "ARCH", ["arm", "i386", "x86_64", "auto"], ["", "x86", "ARM", "x86-64", "0"] },
        { "X86_PAE", ["y", "n"], ["m"] },
        { "ACPI_SLEEP", ["y", "n"], ["m"] },
        { "INET", ["y", "n"], ["m"] },
        { "QUOTA", ["y", "n"], ["m"] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void TakesItsValuesAndNoOthers(string name, string[] good, string[] bad)
    {
        ConfigMacro macro = ConfigMacro.Find("CONFIG_" + name)!;
        Assert.Same(macro, ConfigMacro.Find(name));
        BootConfig config = BootConfig.Default;
        foreach (string value in good)
        {
            Assert.True(macro.TrySet(ref config, value), value);
            Assert.Equal(value, macro.Get(config));
        }

        string last = macro.Get(config);
        foreach (string value in bad)
        {
            Assert.False(macro.TrySet(ref config, value), value);
            Assert.Equal(last, macro.Get(config));
        }
    }

    [Fact]
    public void NoMacroIsWithoutAnExample() =>
        Assert.Equal(ConfigMacro.All.Select(macro => macro.Name), Values.Select(row => row.Data.Item1));

    [Fact]
    public void HelpIsWrittenForEachAndFitsTheScreen()
    {
        foreach (MenuEntry entry in MenuEntries.Of([]).Where(entry => entry.Kind != MenuEntryKind.Heading))
        {
            Assert.True(entry.Help.Length > 40, entry.Name);
            Assert.All(entry.Help.Split('\n'), line => Assert.True(line.Length <= 76, line));
        }
    }
}
