using System.Linq;

namespace Bootmem.Cli;

/// <summary>What goes to the terminal.</summary>
internal static class Terminal
{
    /// <summary>
    /// A text without control characters and without marks that turn the direction of writing: names in a machine's file
    /// are anybody's, and must not steer the terminal.
    /// </summary>
    public static string Clean(string text) => text.Any(IsUnsafe)
        ? string.Concat(text.Select(c => IsUnsafe(c) ? '\ufffd' : c)) : text;

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f';
}
