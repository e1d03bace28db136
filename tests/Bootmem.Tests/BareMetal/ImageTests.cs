using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bootmem.Cli;
using Bootmem.Lab;
using Bootmem.Tests.Firmware;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>What is in the bare-metal image, and what of it is left after the boot.</summary>
public sealed class ImageTests
{
    private const int MostBytes = 128 << 10;

    // What the page allocator and /proc use as well. Nothing else of the allocator may stay.
    private static readonly string[] _allocatorStays =
    [
        "Ascii__Equal", "Ascii__StartsWith", "Division__Divide", "Log__Decimal", "Log__Hex", "Log__Number",
        "Log__Signed", "Log__TenthOf", "Log__Text", "Memory__Fill",
    ];

    // They run when the init section goes, and have called what is in it.
    private static readonly string[] _callsInit =
    [
        "kernel_Bootmem_Kernel_Kernel__Main", "kernel_Bootmem_Kernel_Metal__Boot",
        "kernel_Bootmem_Boot_StartKernel__Step",
    ];

    /// <summary>A costly construct shows on the day it is written: it wants a helper that is not there.</summary>
    [Fact]
    public void NothingUnexpectedIsLinked()
    {
        string folder = Built();
        string[] undefined = [.. Symbols(Path.Join(folder, "kernel.o")).Where(symbol => symbol.Section == "UND")
            .Select(symbol => symbol.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "RhpFallbackFailFast", "RhpLLsh", "RhpLMul", "RhpLRsz", "RhpReversePInvoke", "RhpReversePInvokeReturn",
                "__aeabi_unwind_cpp_pr0", "__aeabi_unwind_cpp_pr1", "__security_cookie", "cpu_call",
                "cpu_count_leading_zeros", "cpu_data_fault_address", "cpu_data_fault_status", "cpu_flush_tlb",
                "cpu_jump", "cpu_synchronise", "cpu_undefined", "cpu_use_directory", "cpu_use_high_vectors", "cpu_wait",
            ],
            undefined);
    }

    [Fact]
    public void TheImageIsSmall()
    {
        string image = Path.Join(Built(), "bootmem.img");
        Assert.InRange(new FileInfo(image).Length, 1, MostBytes);
        Assert.Matches(
            $@"^{image}\n{new FileInfo(image).Length} bytes; \d+ in memory, of which \d+ go after the boot\n$",
            MetalTools.Passes("--build"));
    }

    [Fact]
    public void NothingOfTheAllocatorIsLeft()
    {
        string folder = Built();
        KernelImageFile image = KernelImageFile.Load(Path.Join(folder, "bootmem.img"));
        Symbol[] symbols = [.. Symbols(Path.Join(folder, "kernel.elf"))];
        string[] stay = [.. symbols
            .Where(symbol => Regex.IsMatch(symbol.Name, "^(__NONGCSTATICS)?kernel_Bootmem_(?!Boot_|Kernel_)"))
            .Where(symbol => !IsInit(image, symbol))
            .Select(symbol => symbol.Name["kernel_Bootmem_".Length..]).Order(StringComparer.Ordinal)];
        Assert.Equal(_allocatorStays, stay);
        Symbol initialise = symbols.Single(symbol => symbol.Name == "kernel_Bootmem_BootMemory__TryInitialise");
        Assert.True(IsInit(image, initialise));
    }

    /// <summary>
    /// By the native compiler's own graph of what uses what: what stays uses nothing that goes, and every constant that
    /// stays is used by what stays.
    /// </summary>
    [Fact]
    public void WhatStaysNeedsNothingThatGoes()
    {
        string folder = Built();
        KernelImageFile image = KernelImageFile.Load(Path.Join(folder, "bootmem.img"));
        Dictionary<string, Symbol> symbols = [];
        foreach (Symbol symbol in Symbols(Path.Join(folder, "kernel.elf")))
        {
            symbols[symbol.Name] = symbol;
        }

        XElement graph = XElement.Load(Path.Join(folder, "graph.dgml"));
        Dictionary<string, string> names = graph.Descendants().Where(element => element.Name.LocalName == "Node")
            .ToDictionary(node => node.Attribute("Id")!.Value, node => node.Attribute("Label")!.Value);
        HashSet<string> used = [];
        int count = 0;
        foreach (XElement link in graph.Descendants().Where(element => element.Name.LocalName == "Link"))
        {
            if (link.Attribute("Reason")!.Value == "reloc"
                && symbols.TryGetValue(names[link.Attribute("Source")!.Value], out Symbol? user) && !IsInit(image, user)
                && symbols.TryGetValue(names[link.Attribute("Target")!.Value], out Symbol? target))
            {
                used.Add(target.Name);
                count++;
                Assert.True(
                    !IsInit(image, target) || _callsInit.Contains(user.Name),
                    $"{user.Name} stays and uses {target.Name}, which goes");
            }
        }

        Assert.InRange(count, 500, 5000);
        Symbol[] constants = [.. symbols.Values
            .Where(symbol => symbol.Name.Contains("PrivateImplementationDetails", StringComparison.Ordinal))];
        Assert.InRange(constants.Count(constant => IsInit(image, constant)), 100, 1000);
        foreach (Symbol constant in constants.Where(constant => !IsInit(image, constant)))
        {
            Assert.True(used.Contains(constant.Name), $"{constant.Name} stays, and only the boot uses it");
        }
    }

    private static bool IsInit(KernelImageFile image, Symbol symbol) =>
        symbol.Address - image.Ranges.Init.Start < image.Ranges.Init.Size;

    private static string Built()
    {
        MetalTools.Require();
        return Path.GetDirectoryName(QemuBoard.BuildImage("kernel"))!;
    }

    private static IEnumerable<Symbol> Symbols(string file)
    {
        foreach (string line in ExternalTool.Run("readelf", "-sW", file).Split('\n'))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 8
                && ulong.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong address))
            {
                yield return new Symbol(parts[7], address, parts[6]);
            }
        }
    }

    private sealed record Symbol(string Name, ulong Address, string Section);
}
