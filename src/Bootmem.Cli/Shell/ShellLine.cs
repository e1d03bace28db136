using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Bootmem.Cli.Shell;

/// <summary>A word of a line.</summary>
/// <param name="Text">The word, without its quotes.</param>
/// <param name="IsQuoted">Whether it stood in quotes.</param>
internal readonly record struct ShellWord(string Text, bool IsQuoted);

/// <summary>
/// A line at the prompt, in words. Blanks separate them; <c>"…"</c> keeps blanks, with <c>\n \t \" \\</c> in it;
/// <c>#</c> at the start of a word begins a comment.
/// </summary>
internal sealed class ShellLine
{
    /// <summary>The most characters a line can have.</summary>
    public const int MaxLength = 4096;

    private readonly List<ShellWord> _words = [];

    private ShellLine(string text) => Text = text;

    /// <summary>The line as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether nothing is on it.</summary>
    public bool IsEmpty => _words.Count == 0;

    /// <summary>The first word.</summary>
    public string Name => _words[0].Text;

    /// <summary>How many words stand behind it.</summary>
    public int Count => _words.Count - 1;

    /// <summary>A word behind the name.</summary>
    public ShellWord Word(int index) => _words[index + 1];

    /// <summary>A word behind the name, as text; null if there are not so many.</summary>
    public string? At(int index) => index < Count ? _words[index + 1].Text : null;

    /// <summary>Splits a line.</summary>
    /// <exception cref="ShellException">It is too long, has control characters, or a quote that does not
    /// end.</exception>
    public static ShellLine Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ShellException(string.Create(
                CultureInfo.InvariantCulture,
                $"found a line of more than {MaxLength} characters, expected at most that"));
        }

        ShellLine line = new(text);
        int at = 0;
        while (true)
        {
            while (at < text.Length && IsBlank(text[at]))
            {
                at++;
            }

            if (at == text.Length || text[at] == '#')
            {
                return line;
            }

            line._words.Add(text[at] == '"' ? Quoted(text, ref at) : Bare(text, ref at));
        }
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\r';

    private static ShellWord Bare(string text, ref int at)
    {
        int start = at;
        for (; at < text.Length && !IsBlank(text[at]); at++)
        {
            Check(text, at);
        }

        return new ShellWord(text[start..at], IsQuoted: false);
    }

    private static ShellWord Quoted(string text, ref int at)
    {
        int start = at;
        StringBuilder word = new();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            Check(text, at);
            word.Append(text[at] == '\\' ? Escaped(text, ++at) : text[at]);
        }

        if (at >= text.Length)
        {
            throw new ShellException($"found the quote at character {start + 1} without its end, expected another \"");
        }

        at++;
        return new ShellWord(word.ToString(), IsQuoted: true);
    }

    private static char Escaped(string text, int at)
    {
        char c = at < text.Length ? text[at] : ' ';
        return c switch
        {
            'n' => '\n',
            't' => '\t',
            '"' or '\\' => c,
            _ => throw new ShellException(
                $"found an unknown escape at character {at}, expected \\n, \\t, \\\" or \\\\"),
        };
    }

    private static void Check(string text, int at)
    {
        if (char.IsControl(text[at]))
        {
            throw new ShellException(string.Create(
                CultureInfo.InvariantCulture, $"found the control character 0x{(int)text[at]:x2} at character "
                    + $"{at + 1}, expected text"));
        }
    }
}
