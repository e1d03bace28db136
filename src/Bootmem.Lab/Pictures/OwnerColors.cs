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
}

/// <summary>A colour an owner. Owners of one kind have shades of one colour; neighbours differ for the colour-blind too.</summary>
public static class OwnerColors
{
    /// <summary>What is free in bootmem.</summary>
    public static readonly MapColor Free = new(0xdfe8dc, 7);

    /// <summary>What the page allocator has.</summary>
    public static readonly MapColor HandedOver = new(0xb9d9b0, 10);

    /// <summary>What was never freed, or is not bootmem's.</summary>
    public static readonly MapColor Unclaimed = new(0x9a9a9a, 8);

    /// <summary>What is no RAM.</summary>
    public static readonly MapColor Hole = new(0x3a3a3a, 0);

    private static readonly Dictionary<string, MapColor> s_known = new(StringComparer.Ordinal)
    {
        ["kernel image"] = new(0xc0392b, 1),
        ["page directory"] = new(0x7d3c98, 5),
        ["page tables"] = new(0x9b59b6, 5),
        ["zero page"] = new(0x5b2c6f, 5),
        ["pkmap table"] = new(0xaf7ac5, 5),
        ["fixmap table"] = new(0xc39bd3, 13),
        ["bitmap"] = new(0xf1c40f, 11),
        ["initrd"] = new(0x2e86c1, 4),
        ["firmware"] = new(0x6e4b2a, 3),
        ["mem_map"] = new(0x1f4e8c, 12),
        ["wait tables"] = new(0x0e8c7f, 6),
        ["PID hash"] = new(0xd35400, 9),
        ["Dentry cache"] = new(0xe67e22, 9),
        ["Inode-cache"] = new(0xf0a04b, 3),
        ["per-cpu areas"] = new(0x17a2b8, 14),
        ["resources"] = new(0x795548, 3),
        ["built-in test"] = new(0xd6336c, 13),
        ["module"] = new(0xe83e8c, 13),
        ["allocated"] = new(0x2471a3, 12),
        ["caller"] = new(0x2471a3, 12),
        ["reserved"] = new(0xa04000, 1),
        [""] = new(0x566573, 8),
        ["unnamed"] = new(0x566573, 8),
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
