using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Bootmem.Lab.Benchmarks;

/// <summary>Writes the scripts of the speed table: always the same ones.</summary>
public static class BenchScripts
{
    private const ulong Page = 4096;
    private const ulong Gigabyte = 1UL << 30;
    private const ulong Terabyte = 1UL << 40;

    private static readonly (string Name, Action<TextWriter> Write)[] s_scripts =
    [
        ("small-allocations", WriteSmall),
        ("fragmented-64g", WriteFragmented),
        ("nodes-1t", WriteNodes),
        ("aligned-1t", WriteAligned),
        ("near-1g", writer => WriteNear(writer, Gigabyte, 0)),
        ("near-1t", writer => WriteNear(writer, Terabyte, 0)),
        ("behind-full-half-1t", writer => WriteNear(writer, Terabyte, Terabyte / 2)),
    ];

    /// <summary>Writes all scripts.</summary>
    /// <param name="directory">Where to; made if it is not there.</param>
    /// <returns>The files.</returns>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static IReadOnlyList<string> Generate(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        Directory.CreateDirectory(directory);
        List<string> files = [];
        foreach ((string name, Action<TextWriter> write) in s_scripts)
        {
            string file = Path.Combine(directory, name + ".bm");
            using StreamWriter writer = new(file, false, new UTF8Encoding(false)) { NewLine = "\n" };
            write(writer);
            files.Add(file);
        }

        return files;
    }

    private static void WriteSmall(TextWriter writer)
    {
        const ulong Kept = 32UL << 20;
        Numbers numbers = new(1);
        writer.WriteLine("# 10,000 allocations of 1 to 200 bytes, one behind the other; now and then a page goes back.");
        writer.WriteLine("kernel 2.6.12\nbits 32\ndma_goal 0x1000000");
        writer.WriteLine("init_bootmem 0x100 0x4000\nfree_bootmem 0x200000 0x3e00000");
        writer.WriteLine($"reserve_bootmem 0x{Kept:x} {500 * Page}");
        for (ulong i = 0; i < 10_000; i++)
        {
            writer.WriteLine($"alloc_bootmem {numbers.Below(200) + 1}");
            if (i % 25 == 24)
            {
                writer.WriteLine($"free_bootmem 0x{Kept + ((499 - (i / 25)) * Page):x} {Page}");
            }
        }
    }

    private static void WriteFragmented(TextWriter writer)
    {
        writer.WriteLine("# 64 GiB, every 8th page reserved in front; 200 requests of 64 KiB that must go behind that, and the hand-over.");
        WriteNode(writer, 0, 0, 64 * Gigabyte, isFirst: true);
        for (ulong i = 0; i < 200_000; i++)
        {
            writer.WriteLine($"reserve_bootmem_node 0 0x{i * 8 * Page:x} {Page}");
        }

        for (int i = 0; i < 200; i++)
        {
            writer.WriteLine("alloc_bootmem_pages 65536");
        }

        writer.WriteLine("free_all_bootmem");
    }

    private static void WriteNodes(TextWriter writer)
    {
        const ulong NodeBytes = Terabyte / 8;
        Numbers numbers = new(2);
        writer.WriteLine("# 1 TiB in 8 nodes: ranges reserved, pages allocated at a goal, all handed over.");
        for (ulong i = 0; i < 8; i++)
        {
            WriteNode(writer, i, i * NodeBytes, NodeBytes, isFirst: i == 0);
        }

        for (ulong i = 0; i < 100; i++)
        {
            ulong start = (i % 8 * NodeBytes) + (numbers.Below(NodeBytes - Gigabyte) & ~(Page - 1));
            writer.WriteLine($"reserve_bootmem_node {i % 8} 0x{start:x} {(numbers.Below(512) + 1) * Page}");
        }

        for (ulong i = 0; i < 1000; i++)
        {
            ulong goal = (i % 8 * NodeBytes) + (numbers.Below(NodeBytes - Gigabyte) & ~(Page - 1));
            writer.WriteLine($"__alloc_bootmem_node {i % 8} {Page} {Page} 0x{goal:x}");
        }

        for (int i = 0; i < 8; i++)
        {
            writer.WriteLine($"free_all_bootmem_node {i}");
        }
    }

    private static void WriteAligned(TextWriter writer)
    {
        // Ranges may overlap: ln 2 of all pages, drawn at random, leave half of them free.
        const ulong MostPages = 8192;
        Numbers numbers = new(3);
        writer.WriteLine("# 1 TiB, half of it reserved at random; 2 MiB aligned to 2 MiB until there is no more.");
        WriteNode(writer, 0, 0, Terabyte, isFirst: true);
        for (ulong drawn = 0; drawn < (ulong)(Terabyte / Page * 0.6931);)
        {
            ulong pages = numbers.Below(MostPages) + 1;
            ulong start = numbers.Below((Terabyte / Page) - MostPages) * Page;
            writer.WriteLine($"reserve_bootmem_node 0 0x{start:x} {pages * Page}");
            drawn += pages;
        }

        for (ulong i = 0; i < Terabyte / (2UL << 20); i++)
        {
            writer.WriteLine("__alloc_bootmem 2097152 2097152 0x1000000");
        }
    }

    private static void WriteNear(TextWriter writer, ulong size, ulong full)
    {
        writer.WriteLine("# 5,000 searches from the node's start.");
        WriteNode(writer, 0, 0, size, isFirst: true);
        writer.WriteLine($"reserve_bootmem_node 0 0 {full + (16 * Page)}");
        for (int i = 0; i < 5000; i++)
        {
            writer.WriteLine("alloc_bootmem_low_pages 8192");
        }
    }

    // A node with its bitmap behind its first MiB.
    private static void WriteNode(TextWriter writer, ulong node, ulong start, ulong size, bool isFirst)
    {
        if (isFirst)
        {
            writer.WriteLine("kernel 2.6.15\nbits 64");
        }

        ulong map = start + (1UL << 20);
        writer.WriteLine($"init_bootmem_node {node} 0x{map / Page:x} 0x{start / Page:x} 0x{(start + size) / Page:x}");
        writer.WriteLine($"free_bootmem_node {node} 0x{start:x} 0x{size:x}");
        writer.WriteLine($"reserve_bootmem_node {node} 0x{map:x} {size / Page / 8}");
    }

    // Numbers that are the same on every machine (xorshift).
    private struct Numbers(ulong seed)
    {
        private ulong _state = seed * 0x9e37_79b9_7f4a_7c15;

        public ulong Below(ulong end)
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            return _state % end;
        }
    }
}
