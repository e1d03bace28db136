using Bootmem.Lab.Pictures;

namespace Bootmem.Cli;

/// <summary>What goes to the terminal.</summary>
internal static class Terminal
{
    /// <summary>
    /// A text without control characters and without marks that turn the direction of writing: names in a machine's
    /// file are anybody's, and must not steer the terminal.
    /// </summary>
    public static string Clean(string text) => SafeText.Clean(text);
}
