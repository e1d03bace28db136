using System;
using System.Collections.Generic;
using Bootmem.Lab.Recordings;

namespace Bootmem.Lab.Pictures;

/// <summary>A colour on a screen and in a terminal of 16 colours.</summary>
/// <param name="Rgb">Red, green and blue: 0xRRGGBB.</param>
/// <param name="Ansi">The terminal's colour: 0 .. 15.</param>
public readonly record struct MapColor(int Rgb, int Ansi)
{
    /// <summary>The colour as a web page has it: <c>#rrggbb</c>.</summary>
    public string Hex => $"#{Rgb:x6}";

    /// <summary>Black or white, whichever is read more easily on this colour, as a web page has it.</summary>
    public string InkHex => Luminance > 0.179 ? "#000" : "#fff";

    // Relative luminance as web pages reckon contrast.
    private double Luminance => (0.2126 * Part(Rgb >> 16)) + (0.7152 * Part(Rgb >> 8)) + (0.0722 * Part(Rgb));

    private static double Part(int value)
    {
        double part = (value & 255) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}

/// <summary>A colour an owner. Owners of one kind have shades of one colour; neighbours differ for the colour-blind
/// too.</summary>
public static class OwnerColors
{
    /// <summary>What is free in bootmem.</summary>
    public static readonly MapColor Free = new(0xe3eade, 7);

    /// <summary>What the page allocator has.</summary>
    public static readonly MapColor HandedOver = new(0xbfdab6, 10);

    /// <summary>What was never freed, or is not bootmem's.</summary>
    public static readonly MapColor Unclaimed = new(0xb1b4b8, 8);

    /// <summary>What is no RAM.</summary>
    public static readonly MapColor Hole = new(0x4a4d52, 0);

    private static readonly Dictionary<string, MapColor> s_known = new(StringComparer.Ordinal)
    {
        ["kernel image"] = new(0xc0504d, 1),
        ["page directory"] = new(0x7d62a3, 5),
        ["page tables"] = new(0x9a85bf, 5),
        ["zero page"] = new(0x5f4585, 5),
        ["pkmap table"] = new(0xb49fd2, 5),
        ["fixmap table"] = new(0xcbbce0, 13),
        ["bitmap"] = new(0xe2b93b, 11),
        ["initrd"] = new(0x4b8bc8, 4),
        ["firmware"] = new(0x7a6248, 3),
        ["mem_map"] = new(0x2e5f99, 12),
        ["wait tables"] = new(0x2b8f86, 6),
        ["PID hash"] = new(0xc8652c, 9),
        ["Dentry cache"] = new(0xdf8f48, 9),
        ["Inode-cache"] = new(0xefb77f, 3),
        ["per-cpu areas"] = new(0x45a9ba, 14),
        ["resources"] = new(0x8d6e5a, 3),
        ["built-in test"] = new(0xc64c7a, 13),
        ["module"] = new(0xd9709c, 13),
        ["allocated"] = new(0x3d7ab3, 12),
        ["caller"] = new(0x3d7ab3, 12),
        [Recordings.MachineSnapshot.Given] = new(0x6f8f3c, 2),
        [Checks.CheckMap.Conflict] = new(0xd4103f, 9),
        ["kernel"] = new(0xc0504d, 1),
        ["device tree"] = new(0x7a6248, 3),
        ["reserved"] = new(0xa5562d, 1),
        [""] = new(0x6b7680, 8),
        ["unnamed"] = new(0x6b7680, 8),
    };

    // For owners that nobody here has heard of.
    private static readonly MapColor[] s_others =
    [
        new(0x8e6c00, 3), new(0x00695c, 6), new(0x4527a0, 5), new(0xad1457, 13), new(0x33691e, 2), new(0x01579b, 4),
    ];

    /// <summary>The colour of pages.</summary>
    /// <param name="use">What they are.</param>
    /// <param name="owner">Their owner's name.</param>
    public static MapColor Of(PageUse use, string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return use switch
        {
            PageUse.Free => Free,
            PageUse.HandedOver => HandedOver,
            PageUse.Unclaimed => Unclaimed,
            PageUse.Hole => Hole,
            _ => s_known.TryGetValue(owner, out MapColor known) ? known : s_others[Sum(owner) % s_others.Length],
        };
    }

    /// <summary>The name that people see for pages.</summary>
    /// <param name="use">What they are.</param>
    /// <param name="owner">Their owner's name.</param>
    public static string NameOf(PageUse use, string owner) => use switch
    {
        PageUse.Free => "free in bootmem",
        PageUse.HandedOver => "free, handed over",
        PageUse.Unclaimed => "never freed",
        PageUse.Hole => "hole",
        _ => string.IsNullOrEmpty(owner) ? "unnamed" : owner,
    };

    /// <summary>The character of pages where there is no colour.</summary>
    /// <param name="use">What they are.</param>
    public static char SignOf(PageUse use) => use switch
    {
        PageUse.Free or PageUse.HandedOver => '.',
        PageUse.Hole => '#',
        PageUse.Unclaimed => '-',
        _ => 'x',
    };

    // The same on every run, unlike string.GetHashCode().
    private static int Sum(string text)
    {
        int sum = 0;
        foreach (char c in text)
        {
            sum = ((sum * 31) + c) & 0xffffff;
        }

        return sum;
    }
}
