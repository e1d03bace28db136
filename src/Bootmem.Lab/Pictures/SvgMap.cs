using System;
using System.Globalization;
using System.Linq;
using System.Security;
using System.Text;
using Bootmem.Lab.Recordings;

namespace Bootmem.Lab.Pictures;

/// <summary>
/// The memory as an SVG picture for documents. The same input gives the same text; one element a line, so that two of
/// them can be compared. Nothing is loaded from anywhere.
/// </summary>
public static class SvgMap
{
    private const int Width = 800;
    private const int Left = 110;
    private const int RowHeight = 16;
    private const int CellsPerRow = 680;
    private const int MostRows = 24;

    // Up to here a page is wide enough to show what lies in it.
    private const ulong MostPagesWithBytes = 32;

    /// <summary>The picture as text.</summary>
    /// <param name="model">The memory.</param>
    public static string Write(MapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        StringBuilder body = new();
        int y = 28;
        Text(body, 10, 18, "title", model.Title);
        MapBlock[] drawn = [.. model.Blocks.Where(block => !block.IsHole)];
        ulong pages = PagesPerRow(drawn);
        foreach (MapBlock block in model.Blocks)
        {
            y = WriteBlock(body, model, block, pages, y);
        }

        y = WriteLegend(body, model, y + 12);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {y + 8}\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(model.Title)}</title>\n");
        svg.Append("<style>text{font:12px sans-serif;fill:#222}.a{font:11px monospace;fill:#555}.title{font-weight:bold}rect{shape-rendering:crispEdges}</style>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{y + 8}\" fill=\"#fff\"/>\n");
        return svg.Append(body).Append("</svg>\n").ToString();
    }

    private static ulong PagesPerRow(MapBlock[] blocks)
    {
        ulong pages = 8;
        while (blocks.Aggregate(0UL, (sum, block) => sum + ((block.PageCount - 1) / pages) + 1)
            > (ulong)Math.Max(MostRows, blocks.Length))
        {
            pages <<= 1;
        }

        return pages;
    }

    private static int WriteBlock(StringBuilder body, MapModel model, MapBlock block, ulong pages, int y)
    {
        string size = Scripts.Words.Size(block.PageCount << model.PageShift);
        string zone = block.Zone.Length == 0 ? "" : $", zone {block.Zone}";
        Text(body, 10, y + 16, "", $"node {block.Node}{zone}: {(block.IsHole ? "a hole of " : "")}{size}");
        y += 22;
        for (ulong start = block.StartPfn; start < block.EndPfn && !block.IsHole; start += pages)
        {
            ulong end = Math.Min(start + pages, block.EndPfn);
            Text(body, 10, y + 12, "a", $"0x{start << model.PageShift:x}");
            WriteRow(body, model, start, end, pages, y);
            if (pages <= MostPagesWithBytes)
            {
                WriteBytes(body, model, start, end, pages, y);
            }

            y += RowHeight + 2;
        }

        return y;
    }

    // Cells of a pixel, those alike as one rectangle.
    private static void WriteRow(StringBuilder body, MapModel model, ulong start, ulong end, ulong pages, int y)
    {
        ulong previous = start;
        int from = 0;
        int done = 0;
        MapColor? color = null;
        for (int x = 1; x <= CellsPerRow && previous < end; x++)
        {
            ulong next = Math.Min(start + (ulong)((UInt128)pages * (UInt128)x / CellsPerRow), end);
            if (next == previous)
            {
                // A page is wider than a pixel: its colour is known where it ends.
                continue;
            }

            MapColor here = model.ColorOf(model.Cell(previous, next));
            if (color is MapColor before && before != here)
            {
                Rect(body, from, done, y, before);
                from = done;
            }

            (color, previous, done) = (here, next, x);
        }

        if (color is MapColor last)
        {
            Rect(body, from, done, y, last);
        }
    }

    // Lines between pages, and a bar for each allocation.
    private static void WriteBytes(StringBuilder body, MapModel model, ulong start, ulong end, ulong pages, int y)
    {
        ulong rowBytes = pages << model.PageShift;
        foreach ((ulong from, ulong to) in model.AllocationsWithin(start, end))
        {
            int left = At(from - (start << model.PageShift), rowBytes);
            int width = Math.Max(At(to - (start << model.PageShift), rowBytes) - left - 1, 1);
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + left}\" y=\"{y + 5}\" width=\"{width}\" height=\"{RowHeight - 10}\" fill=\"#fff\" fill-opacity=\"0.8\"/>\n");
        }

        for (ulong page = 1; page < end - start; page++)
        {
            int x = Left + At(page << model.PageShift, rowBytes);
            body.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M{x} {y}v{RowHeight}\" stroke=\"#fff\" stroke-width=\"1\"/>\n");
        }
    }

    private static int At(ulong offset, ulong rowBytes) => (int)((UInt128)offset * CellsPerRow / rowBytes);

    private static void Rect(StringBuilder body, int from, int to, int y, MapColor color) => body.Append(
        CultureInfo.InvariantCulture,
        $"<rect x=\"{Left + from}\" y=\"{y}\" width=\"{Math.Max(to - from, 1)}\" height=\"{RowHeight}\" fill=\"{color.Hex}\"/>\n");

    private static int WriteLegend(StringBuilder body, MapModel model, int y)
    {
        const int Columns = 2;
        for (int i = 0; i < model.Legend.Count; i++)
        {
            LegendEntry entry = model.Legend[i];
            int x = 10 + (i % Columns * (Width / Columns));
            int row = y + (i / Columns * 18);
            string share = entry.Use == PageUse.Hole ? ""
                : string.Create(CultureInfo.InvariantCulture, $" ({entry.Share * 100:0.0} %)");
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x}\" y=\"{row}\" width=\"14\" height=\"12\" fill=\"{entry.Color.Hex}\" stroke=\"#777\"/>\n");
            Text(body, x + 20, row + 10, "", $"{SafeText.Cut(entry.Name, 30)}: {Scripts.Words.Size(entry.PageCount << model.PageShift)}{share}");
        }

        return y + (((model.Legend.Count + Columns - 1) / Columns) * 18);
    }

    private static void Text(StringBuilder body, int x, int y, string style, string text) => body.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x}\" y=\"{y}\"{(style.Length == 0 ? "" : $" class=\"{style}\"")}>{Escape(text)}</text>\n");

    private static string Escape(string text) => SecurityElement.Escape(SafeText.Cut(text, 120))!;
}
