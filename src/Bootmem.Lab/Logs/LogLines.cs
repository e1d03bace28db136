using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;

namespace Bootmem.Lab.Logs;

/// <summary>
/// The lines of a log as the kernel printed them: whatever syslog, a mail or a serial console put before them is taken off.
/// </summary>
internal static partial class LogLines
{
    /// <summary>A line that is longer is cut: the kernel prints none.</summary>
    private const int MaxLength = 4096;

    // Quotes of quotes, time stamps in syslog lines: more prefixes than these nobody has.
    private const int MaxPrefixes = 12;

    /// <summary>Splits a file into lines and takes off what is not the kernel's.</summary>
    /// <param name="bytes">The file; any bytes.</param>
    public static List<string> Read(ReadOnlySpan<byte> bytes)
    {
        List<string> lines = [];
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            lines.Add(Clean(Encoding.Latin1.GetString(line[..Math.Min(line.Length, MaxLength)])));
        }

        return lines;
    }

    /// <summary>Takes off what is not the kernel's, at both ends.</summary>
    /// <param name="line">A line.</param>
    public static string Clean(string line)
    {
        line = Escapes().Replace(line, "").Replace('\t', ' ').Trim();
        for (int i = 0; i < MaxPrefixes; i++)
        {
            Match match = Prefix().Match(line);
            if (!match.Success || match.Length == 0)
            {
                break;
            }

            line = line[match.Length..].TrimStart();
        }

        return line;
    }

    // What terminals take for colours, and what no terminal shows.
    [GeneratedRegex("""\x1b\[[0-9;?]{0,32}[A-Za-z]|[\x00-\x08\x0b-\x1f]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escapes();

    // A quote; a level; a time stamp (dmesg's, dmesg -T's, grabserial's), or the task's; what syslogd and klogd write.
    [GeneratedRegex(
        """^(?:[>|]|<\d{1,3}>|\[ *\d+\.\d+(?: +\d+\.\d+)?\]|\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} [\d:.]{5,15} \d{4}\]|\[ *[TC]\d+\]|\d{1,4}[.)] +(?=\S)|(?:<?[A-Z][a-z]{2} +\d{1,2} [\d:.]{5,15}|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-][\d:]+)?) (?:\S{1,255} ){0,3}?(?:kernel|klogd)(?:\[\d+\])?:|kernel:)""",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Prefix();
}
