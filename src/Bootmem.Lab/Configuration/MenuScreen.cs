using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Bootmem.Lab;

/// <summary>A line of the screen, and which part of it is marked.</summary>
/// <param name="Text">The line: as wide as the screen or less.</param>
/// <param name="MarkStart">Column of the first character that is marked.</param>
/// <param name="MarkLength">How many are; 0: none.</param>
public readonly record struct ScreenLine(string Text, int MarkStart = 0, int MarkLength = 0);

/// <summary>
/// Draws a <see cref="Menu"/> as lines of text. It wants at least 48 columns and 10 lines; 80 by 24 show whole lines.
/// </summary>
public static class MenuScreen
{
    /// <summary>The least width in columns.</summary>
    public const int MinWidth = 48;

    /// <summary>The least height in lines.</summary>
    public const int MinHeight = 10;

    private const string BrowseKeys = "Space changes, y and n set, ? helps, s saves, Esc exits.";
    private const string ChooseKeys = "Up and down move, Enter takes the value, Esc goes back.";
    private const string EditKeys = "Type the value. Enter takes it, Home clears it, Esc goes back.";

    // Title, keys, frame; frame, message, buttons.
    private const int TopLines = 4;
    private const int BottomLines = 3;

    /// <summary>The lines of the screen, as many as it has.</summary>
    /// <param name="menu">The menu.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Lines.</param>
    public static IReadOnlyList<ScreenLine> Draw(Menu menu, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(menu);
        List<ScreenLine> lines = [Title(menu, width)];
        int room = height - TopLines - BottomLines;
        (string keys, string heading, IReadOnlyList<ScreenLine> body, int cursor) = menu.Mode switch
        {
            MenuMode.Choose => (ChooseKeys, menu.Entry.Label, Choices(menu), menu.ChoiceCursor),
            MenuMode.Edit => (EditKeys, menu.Entry.Label, EditBody(menu, width), 0),
            MenuMode.Help => ("Any key goes back.", menu.Entry.Label, HelpBody(menu), 0),
            MenuMode.AskSave => ("y saves, n does not, c or Esc goes back.", "Exit", AskBody(menu), 0),
            _ => (BrowseKeys, "Configuration", Entries(menu), menu.Cursor),
        };
        lines.Add(new ScreenLine(Cut(keys, width)));
        lines.Add(new ScreenLine(""));
        int first = Math.Clamp(cursor - (room / 2), 0, Math.Max(body.Count - room, 0));
        lines.Add(new ScreenLine(Rule(first > 0 ? $"{heading} (more above)" : heading, '┌', '┐', width)));
        for (int i = 0; i < room; i++)
        {
            lines.Add(Framed(first + i < body.Count ? body[first + i] : default, width));
        }

        lines.Add(new ScreenLine(Rule(first + room < body.Count ? "more below" : "", '└', '┘', width)));
        lines.Add(new ScreenLine(Cut(menu.Message, width)));
        lines.Add(menu.Mode == MenuMode.Browse ? Buttons(menu, width) : default);
        return [.. lines.Select(line => line with { Text = line.Text ?? "" })];
    }

    private static ScreenLine Title(Menu menu, int width) =>
        new(Cut($"Bootmem: {menu.Path}{(menu.IsChanged ? " (not saved)" : "")}", width));

    private static List<ScreenLine> Entries(Menu menu)
    {
        List<ScreenLine> lines = [];
        for (int i = 0; i < menu.Entries.Count; i++)
        {
            MenuEntry entry = menu.Entries[i];
            string shown = entry.Show(menu.Configuration);
            string text = entry.Kind switch
            {
                MenuEntryKind.Heading => $"    *** {entry.Label} ***",
                MenuEntryKind.Switch => $"[{(shown == "y" ? '*' : ' ')}] {entry.Label,-24} {entry.Meaning}",
                MenuEntryKind.Choice => $"({shown}) {entry.Label}",
                _ => $"({shown}) {entry.Label}".PadRight(28) + " " + entry.Meaning,
            };
            lines.Add(new ScreenLine(text, 0, i == menu.Cursor ? text.Length : 0));
        }

        return lines;
    }

    private static List<ScreenLine> Choices(Menu menu)
    {
        string current = menu.Configuration.Get(menu.Entry.Name);
        List<ScreenLine> lines = [];
        for (int i = 0; i < menu.Entry.Choices.Count; i++)
        {
            MenuChoice choice = menu.Entry.Choices[i];
            string text = $"({(choice.Value == current ? 'X' : ' ')}) {choice.Label}";
            lines.Add(new ScreenLine(text, 0, i == menu.ChoiceCursor ? text.Length : 0));
        }

        return lines;
    }

    // The end of the line is what is typed at: it stays in view.
    private static List<ScreenLine> EditBody(Menu menu, int width)
    {
        string shown = menu.Text.Length > width - 8 ? "…" + menu.Text[^(width - 9)..] : menu.Text;
        return
        [
            new(menu.Entry.Meaning), new($"Expected: {menu.Entry.Expected}"), new(""),
            new("> " + shown + " ", shown.Length + 2, 1),
        ];
    }

    private static List<ScreenLine> HelpBody(Menu menu)
    {
        MenuEntry entry = menu.Entry;
        List<ScreenLine> lines = [.. entry.Help.Split('\n').Select(line => new ScreenLine(line.TrimEnd('\r')))];
        lines.Add(new ScreenLine(""));
        lines.Add(new ScreenLine($"Name:     {entry.Name}"));
        lines.Add(new ScreenLine($"Value:    {entry.Show(menu.Configuration)}"));
        lines.Add(new ScreenLine($"Expected: {entry.Expected}"));
        return lines;
    }

    private static List<ScreenLine> AskBody(Menu menu) => [new($"Save the changes in {menu.Path}?"), new("y / n / c")];

    private static ScreenLine Buttons(Menu menu, int width)
    {
        StringBuilder text = new();
        int start = 0;
        int length = 0;
        foreach (MenuButton button in Enum.GetValues<MenuButton>())
        {
            text.Append("   ");
            string label = $"< {button} >";
            if (button == menu.Button)
            {
                start = text.Length;
                length = label.Length;
            }

            text.Append(label);
        }

        int left = Math.Max((width - text.Length) / 2, 0);
        return new ScreenLine(Cut(new string(' ', left) + text, width), start + left, length);
    }

    private static ScreenLine Framed(ScreenLine line, int width)
    {
        int inner = width - 4;
        string text = Cut(line.Text ?? "", inner);
        return new ScreenLine(
            $"│ {text.PadRight(inner)} │", line.MarkStart + 2, Math.Min(line.MarkLength, inner - line.MarkStart));
    }

    private static string Rule(string label, char left, char right, int width)
    {
        string middle = label.Length == 0 ? "" : $"─ {Cut(label, width - 6)} ";
        return left + middle.PadRight(width - 2, '─') + right;
    }

    // Paths are anybody's: nothing of them steers the terminal.
    private static string Cut(string text, int width)
    {
        string clean = text.Any(char.IsControl) ? Configuration.WithoutControls(text) : text;
        return clean.Length <= width ? clean : string.Concat(clean.AsSpan(0, width - 1), "…");
    }
}
