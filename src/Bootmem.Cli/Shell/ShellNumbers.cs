using System;
using System.Globalization;
using System.Text;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli.Shell;

/// <summary>Numbers at the prompt: decimal, or hex behind <c>0x</c>.</summary>
internal static class ShellNumbers
{
    /// <summary>Reads a number.</summary>
    /// <param name="word">The word.</param>
    /// <param name="what">What it is, with its article: "a page number".</param>
    /// <param name="most">The largest one.</param>
    /// <exception cref="ShellException">It is none, or too large.</exception>
    public static ulong Parse(string word, string what, ulong most = ulong.MaxValue)
    {
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? ulong.TryParse(
                word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number)
            : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!isNumber || number > most)
        {
            string range = most == ulong.MaxValue ? "a decimal or 0x-hex number of at most 64 bits"
                : most < 10_000 ? $"0 .. {most}" : $"0 .. 0x{most:x}";
            throw new ShellException($"found {Quote(word)}, expected {what}: {range}");
        }

        return number;
    }

    /// <summary>A word in quotes, cut, without control characters.</summary>
    public static string Quote(string word) => ScriptError.Quote(Encoding.UTF8.GetBytes(word));
}
