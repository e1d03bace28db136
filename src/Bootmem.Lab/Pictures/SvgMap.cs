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

    // Of a row whose pages show what lies in them.
    private const int BytesHeight = 42;
    private const int CellsPerRow = 680;
    private const int MostRows = 24;
    private const int LegendHeight = 20;
    private const int Margin = 10;

    // About as wide as a letter of a label is.
    private const int LetterWidth = 7;

    // Up to here a page is wide enough to show what lies in it.
    private const ulong MostPagesWithBytes = 32;

    /// <summary>The picture as text.</summary>
    /// <param name="model">The memory.</param>
    public static string Write(MapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        StringBuilder body = new();
        int y = 30;
        Text(body, 10, 20, "title", model.Title);
        MapBlock[] drawn = [.. model.Blocks.Where(block => !block.IsHole)];
        ulong pages = PagesPerRow(drawn);
        int node = -1;
        foreach (MapBlock block in model.Blocks)
        {
            y = WriteBlock(body, model, block, pages, y, block.Node != node);
            node = block.Node;
        }

        y = WriteLegend(body, model, y + 16);
        StringBuilder svg = new();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" ");
        svg.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {Width} {y + 8}\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(model.Title)}</title>\n");
        svg.Append("<style>text{font:12px sans-serif;fill:#222}.a,.n{font:11px monospace;fill:#444}.n{text-anchor:end}"
            + ".b{font-weight:600}.l{font:600 11px sans-serif;text-anchor:middle}.title{font:600 15px sans-serif}"
            + "rect{shape-rendering:crispEdges}</style>\n");
        WriteTextures(svg, model);
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

    // A line above a zone, a thick one above a node.
    private static int WriteBlock(
        StringBuilder body, MapModel model, MapBlock block, ulong pages, int y, bool isNewNode)
    {
        string size = Scripts.Words.Size(block.PageCount << model.PageShift);
        string zone = block.Zone.Length == 0 ? "" : $", zone {block.Zone}";
                int line = isNewNode ? 2 : 1;
        body.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M10 {y + 4}h{Width - 20}\" stroke=\"#999\" stroke-width=\"{line}\"/>\n");
        Text(body, 10, y + 19, "b", $"node {block.Node}{zone}: {(block.IsHole ? "a hole of " : "")}{size}");
        y += 25;
        for (ulong start = block.StartPfn; start < block.EndPfn && !block.IsHole; start += pages)
        {
            ulong end = Math.Min(start + pages, block.EndPfn);
            Text(body, 10, y + 12, "a", $"0x{start << model.PageShift:x}");
            int height = pages <= MostPagesWithBytes ? BytesHeight : RowHeight;
            WriteRow(body, model, start, end, pages, y, height);
            if (pages <= MostPagesWithBytes)
            {
                WriteBytes(body, model, start, end, pages, y);
            }

            y += height + 2;
        }

        return y;
    }

    // Cells of a pixel, those alike as one rectangle.
    private static void WriteRow(
        StringBuilder body, MapModel model, ulong start, ulong end, ulong pages, int y, int height)
    {
        ulong previous = start;
        int from = 0;
        int done = 0;
        MapRun? piece = null;
        for (int x = 1; x <= CellsPerRow && previous < end; x++)
        {
            ulong next = Math.Min(start + (ulong)((UInt128)pages * (UInt128)x / CellsPerRow), end);
            if (next == previous)
            {
                // A page is wider than a pixel: what it is, is known where it ends.
                continue;
            }

            MapRun here = model.Cell(previous, next);
            if (piece is MapRun before && !IsAlike(before, here))
            {
                Piece(body, model, before, from, done, y, height);
                from = done;
            }

            (piece, previous, done) = (here, next, x);
        }

        if (piece is MapRun last)
        {
            Piece(body, model, last, from, done, y, height);
        }
    }

    private static bool IsAlike(MapRun left, MapRun right) =>
        left.Use == right.Use && (left.Use != PageUse.Owned || left.Owner == right.Owner);

    // With its owner's name where there is room for it, else with its letter.
    private static void Piece(StringBuilder body, MapModel model, MapRun run, int from, int to, int y, int height)
    {
        int width = Math.Max(to - from, 1);
        string fill = run.Use == PageUse.Owned ? $"url(#o{run.Owner})" : model.ColorOf(run).Hex;
        body.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{Left + from}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>\n");
        string name = run.Use == PageUse.Owned ? model.NameOf(run) : "";
        string label = name.Length * (LetterWidth + 1) < width ? name
            : LetterWidth + 4 <= width ? model.Marks[run.Owner] : "";
        if (label.Length != 0)
        {
            Label(body, Left + from + (width / 2), y + 12, label, model.ColorOf(run));
        }
    }

    // On a ground of its own: a texture would make it hard to read.
    private static void Label(StringBuilder body, int x, int y, string label, MapColor color)
    {
        int width = (label.Length * (LetterWidth - 1)) + 2;
        body.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M{x - (width / 2)} {y - 10}h{width}v12h-{width}z\" fill=\"{color.Hex}\"/>\n");
        body.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x}\" y=\"{y}\" class=\"l\" style=\"fill:{color.InkHex}\">{Escape(label)}</text>\n");
    }

    // A colour and a texture for each owner: in print, and to those who do not see colours, the texture tells.
    private static void WriteTextures(StringBuilder svg, MapModel model)
    {
        string[] lines =
            ["M0 8L8 0", "M0 0L8 8", "M0 4H8", "M4 0V8", "M0 8L8 0M0 0L8 8", "M0 4H8M4 0V8", "M0 2H8M0 6H8"];
        svg.Append("<defs>\n");
        foreach (LegendEntry entry in model.Legend.Where(entry => entry.Use == PageUse.Owned)
            .OrderBy(entry => entry.Owner))
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<pattern id=\"o{entry.Owner}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
                + $"<rect width=\"8\" height=\"8\" fill=\"{entry.Color.Hex}\"/>"
                + $"<path d=\"{lines[entry.Owner % lines.Length]}\" "
                + $"stroke=\"{entry.Color.InkHex}\" stroke-opacity=\"0.4\"/></pattern>\n");
        }

        svg.Append("</defs>\n");
    }

    // Lines between pages, and a bar for each allocation with the number of its call.
    private static void WriteBytes(StringBuilder body, MapModel model, ulong start, ulong end, ulong pages, int y)
    {
        ulong rowBytes = pages << model.PageShift;
        for (ulong page = 1; page < end - start; page++)
        {
            int x = Left + At(page << model.PageShift, rowBytes);
            body.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M{x} {y}v{BytesHeight}\" stroke=\"#fff\" stroke-width=\"1\"/>\n");
        }

        foreach ((int step, ulong from, ulong to) in model.AllocationsWithin(start, end))
        {
            int left = At(from - (start << model.PageShift), rowBytes);
            int width = Math.Max(At(to - (start << model.PageShift), rowBytes) - left - 1, 1);
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + left}\" y=\"{y + 20}\" width=\"{width}\" height=\"16\" fill=\"#fff\" "
                + $"stroke=\"#222\"/>\n");
            string number = string.Create(CultureInfo.InvariantCulture, $"{step + 1}");
            if (number.Length * LetterWidth + 4 <= width)
            {
                body.Append(
                    CultureInfo.InvariantCulture,
                    $"<text x=\"{Left + left + (width / 2)}\" y=\"{y + 32}\" class=\"l\">{number}</text>\n");
            }
        }
    }

    private static int At(ulong offset, ulong rowBytes) => (int)((UInt128)offset * CellsPerRow / rowBytes);

    private static int WriteLegend(StringBuilder body, MapModel model, int y)
    {
        foreach (LegendEntry entry in model.Legend)
        {
            bool isOwned = entry.Use == PageUse.Owned;
            string fill = isOwned ? $"url(#o{entry.Owner})" : entry.Color.Hex;
            body.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{Margin}\" y=\"{y}\" width=\"26\" height=\"14\" fill=\"{fill}\" stroke=\"#777\"/>\n");
            if (isOwned)
            {
                Label(body, Margin + 13, y + 11, model.Marks[entry.Owner], entry.Color);
            }

            string share = entry.Use == PageUse.Hole ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{entry.Share * 100:0.0} %");
            string first = $"0x{entry.FirstPfn << model.PageShift:x}";
            Text(body, Margin + 36, y + 11, "", SafeText.Cut(entry.Name, 44));
            Text(body, 430, y + 11, "n", Scripts.Words.Size(entry.PageCount << model.PageShift));
            Text(body, 500, y + 11, "n", share);
            Text(body, 530, y + 11, "a", entry.RunCount == 1 ? first
                : string.Create(CultureInfo.InvariantCulture, $"{first}, {entry.RunCount} pieces"));
            y += LegendHeight;
        }

        return y;
    }

    private static void Text(StringBuilder body, int x, int y, string style, string text) => body.Append(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x}\" y=\"{y}\"{(style.Length == 0 ? "" : $" class=\"{style}\"")}>{Escape(text)}</text>\n");

    private static string Escape(string text) => SecurityElement.Escape(SafeText.Cut(text, 120))!;
}
