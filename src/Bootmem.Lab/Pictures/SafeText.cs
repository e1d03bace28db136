using System;
using System.Linq;

namespace Bootmem.Lab.Pictures;

/// <summary>Text that was written by anybody, made fit to be shown.</summary>
public static class SafeText
{
    /// <summary>
    /// A text without control characters and without marks that turn the direction of writing: names in a file are
    /// anybody's, and must not steer what shows them.
    /// </summary>
    /// <param name="text">A text.</param>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '\ufffd' : c)) : text;
    }

    /// <summary>A clean text of a bounded length.</summary>
    /// <param name="text">A text.</param>
    /// <param name="length">The most characters: 1 and up.</param>
    public static string Cut(string text, int length)
    {
        string clean = Clean(text);
        return clean.Length <= length ? clean : clean[..(length - 1)] + "…";
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || char.IsSurrogate(c)
        || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u2028'
            or '\u2029';
}
