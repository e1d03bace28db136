using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab.Recordings;

namespace Bootmem.Lab.Pictures;

/// <summary>How many colours a terminal has.</summary>
public enum ColorDepth
{
    /// <summary>None: characters instead.</summary>
    None,

    /// <summary>The 16 colours that every terminal names.</summary>
    Ansi16,

    /// <summary>24 bits a colour.</summary>
    Rgb,
}

/// <summary>How a map is written.</summary>
/// <param name="Width">Characters a line: 20 and up.</param>
/// <param name="Colors">The terminal's colours.</param>
public sealed record MapStyle(int Width, ColorDepth Colors)
{
    /// <summary>The narrowest map.</summary>
    public const int MinWidth = 20;

    /// <summary>The widest map.</summary>
    public const int MaxWidth = 1000;
}

/// <summary>
/// The memory as lines of text: with colours a character is two cells, its upper and its lower half; without, a
/// character is one cell.
/// </summary>
public static class TerminalMap
{
    private const int MostRows = 24;
    private const string Reset = "\u001b[0m";

    /// <summary>Writes a map and its legend.</summary>
    /// <param name="model">The memory.</param>
    /// <param name="style">How.</param>
    /// <param name="output">Where to.</param>
    public static void Write(MapModel model, MapStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(SafeText.Cut(model.Title, style.Width));
        MapBlock[] drawn = [.. model.Blocks.Where(block => !block.IsHole)];
        if (drawn.Length == 0)
        {
            output.WriteLine("no node is up yet");
            return;
        }

        int digits = $"{drawn[^1].EndPfn << model.PageShift:x}".Length;
        int prefix = style.Width >= 2 * (digits + 3) ? digits + 3 : 0;
        ulong cells = (ulong)(style.Width - prefix) * (style.Colors == ColorDepth.None ? 1UL : 2);
        ulong pages = PagesPerCell(drawn, cells);
        foreach (MapBlock block in model.Blocks)
        {
            WriteLabel(model, block, style.Width, output);
            for (ulong start = block.StartPfn; start < block.EndPfn && !block.IsHole; start += cells * pages)
            {
                if (prefix != 0)
                {
                    string address = (start << model.PageShift).ToString("x" + digits, CultureInfo.InvariantCulture);
                    output.Write($"0x{address} ");
                }

                output.WriteLine(Row(model, start, block.EndPfn, cells, pages, style.Colors));
            }
        }

        output.WriteLine();
        WriteLegend(model, style, output);
        string cell = Scripts.Words.Size(pages << model.PageShift);
        output.WriteLine(pages == 1 ? $"A cell is a page, {cell}." : $"A cell is {cell}.");
        if (pages != 1)
        {
            output.WriteLine("It shows an owner if any page is owned.");
        }
    }

    /// <summary>Writes the whole memory as one line a node, with a bar at the border of each zone; no legend.</summary>
    /// <param name="model">The memory.</param>
    /// <param name="style">How.</param>
    /// <param name="output">Where to.</param>
    public static void WriteStrip(MapModel model, MapStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        foreach (IGrouping<int, MapBlock> node in model.Blocks.Where(block => !block.IsHole)
            .GroupBy(block => block.Node).OrderBy(group => group.Key))
        {
            MapBlock[] blocks = [.. node];
            ulong room = (ulong)Math.Max(style.Width - blocks.Length - 1, blocks.Length);
            ulong cells = room * (style.Colors == ColorDepth.None ? 1UL : 2);
            ulong pages = 1;
            while (blocks.Aggregate(0UL, (sum, block) => sum + CellsOf(block, pages, style.Colors)) > cells)
            {
                pages += Math.Max(pages >> 4, 1);
            }

            StringBuilder line = new("|");
            foreach (MapBlock block in blocks)
            {
                line.Append(Row(model, block.StartPfn, block.EndPfn, cells, pages, style.Colors)).Append('|');
            }

            output.WriteLine(line);
        }
    }

    // A character is not shared by two blocks.
    private static ulong CellsOf(MapBlock block, ulong pages, ColorDepth depth)
    {
        ulong cells = ((block.PageCount - 1) / pages) + 1;
        return depth == ColorDepth.None ? cells : (cells + 1) & ~1UL;
    }

    // A power of two, so that the picture is not too high.
    private static ulong PagesPerCell(MapBlock[] blocks, ulong cells)
    {
        ulong pages = 1;
        while (blocks.Aggregate(0UL, (sum, block) => sum + ((block.PageCount - 1) / (cells * pages)) + 1)
            > (ulong)Math.Max(MostRows, blocks.Length))
        {
            pages <<= 1;
        }

        return pages;
    }

    private static void WriteLabel(MapModel model, MapBlock block, int width, TextWriter output)
    {
        string size = Scripts.Words.Size(block.PageCount << model.PageShift);
        string name = block.Zone.Length == 0 ? $"node {block.Node}" : $"node {block.Node} {block.Zone}";
        string text = block.IsHole ? $"-- {name}: a hole of {size} " : $"-- {name}: {size} ";
        output.WriteLine(SafeText.Cut(text.PadRight(width, '-'), width));
    }

    private static string Row(MapModel model, ulong start, ulong end, ulong cells, ulong pages, ColorDepth depth)
    {
        StringBuilder row = new();
        string last = "";
        bool isHalf = depth != ColorDepth.None;
        for (ulong i = 0; i < cells; i += isHalf ? 2UL : 1)
        {
            ulong first = start + (i * pages);
            if (first >= end)
            {
                break;
            }

            MapRun upper = model.Cell(first, Math.Min(first + pages, end));
            if (!isHalf)
            {
                row.Append(OwnerColors.SignOf(upper.Use));
                continue;
            }

            ulong second = first + pages;
            string color = Foreground(model.ColorOf(upper), depth) + (second < end
                ? Background(model.ColorOf(model.Cell(second, Math.Min(second + pages, end))), depth) : "\u001b[49m");
            row.Append(color == last ? "" : color).Append('▀');
            last = color;
        }

        return isHalf ? row.Append(Reset).ToString() : row.ToString();
    }

    /// <summary>Writes what the colours stand for, with sizes and shares.</summary>
    /// <param name="model">The memory.</param>
    /// <param name="style">How.</param>
    /// <param name="output">Where to.</param>
    public static void WriteLegend(MapModel model, MapStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        int nameWidth = Math.Clamp(style.Width - 56, Math.Clamp(style.Width - 26, 6, 24), 44);
        foreach (LegendEntry entry in model.Legend)
        {
            string sign = style.Colors == ColorDepth.None ? $"{OwnerColors.SignOf(entry.Use)}"
                : Foreground(entry.Color, style.Colors) + "█" + Reset;
            string share = entry.Use == PageUse.Hole ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{entry.Share * 100,6:0.0}%");
            string size = Scripts.Words.Size(entry.PageCount << model.PageShift);
            string line = $"{SafeText.Cut(entry.Name, nameWidth).PadRight(nameWidth)}{size,12}{share,7}";
            string place = PlaceOf(model, entry);

            // Where there is room: without colours, the address tells which one an owner is.
            bool hasRoom = 2 + line.Length + 2 + place.Length <= style.Width;
            output.WriteLine($"{sign} {(hasRoom ? line + "  " + place : line.TrimEnd())}");
        }
    }

    /// <summary>Writes the colours with their names in one line, as many as fit; nothing where there are no
    /// colours.</summary>
    /// <param name="model">The memory.</param>
    /// <param name="style">How.</param>
    /// <param name="output">Where to.</param>
    public static void WriteKey(MapModel model, MapStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        int left = style.Width;
        StringBuilder line = new();
        foreach (LegendEntry entry in model.Legend.Where(_ => style.Colors != ColorDepth.None))
        {
            string name = SafeText.Cut(entry.Name, style.Width / 2);
            left -= name.Length + 4;
            if (left < 0)
            {
                break;
            }

            line.Append(Foreground(entry.Color, style.Colors)).Append('█').Append(Reset)
                .Append(' ').Append(name).Append("  ");
        }

        if (line.Length != 0)
        {
            output.WriteLine(line.ToString().TrimEnd());
        }
    }

    private static string PlaceOf(MapModel model, LegendEntry entry)
    {
        string first = $"0x{entry.FirstPfn << model.PageShift:x}";
        return entry.RunCount == 1 ? first
            : string.Create(CultureInfo.InvariantCulture, $"{first}, {entry.RunCount} pieces");
    }

    private static string Foreground(MapColor color, ColorDepth depth) => depth == ColorDepth.Rgb
        ? $"\u001b[38;2;{color.Rgb >> 16};{(color.Rgb >> 8) & 255};{color.Rgb & 255}m"
        : $"\u001b[{(color.Ansi < 8 ? 30 + color.Ansi : 82 + color.Ansi)}m";

    private static string Background(MapColor color, ColorDepth depth) => depth == ColorDepth.Rgb
        ? $"\u001b[48;2;{color.Rgb >> 16};{(color.Rgb >> 8) & 255};{color.Rgb & 255}m"
        : $"\u001b[{(color.Ansi < 8 ? 40 + color.Ansi : 92 + color.Ansi)}m";
}
