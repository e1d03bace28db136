using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Bootmem.Lab.Logs;

/// <summary>
/// A running kernel's <c>/sys/firmware/memmap</c>: a folder for each range, numbered from 0, with the files
/// <c>start</c>, <c>end</c> (its last byte) and <c>type</c>.
/// </summary>
internal static class MemmapFolder
{
    private const int MostBytes = 256;

    /// <summary>Whether a path is such a folder.</summary>
    public static bool IsOne(string path) => File.Exists(Path.Join(path, "0", "start"));

    /// <summary>Reads it as the lines of a memory map.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="MachineFileException">Something in it is wrong; the message is without the path.</exception>
    public static byte[] Read(string path)
    {
        StringBuilder text = new();
        for (int i = 0; Directory.Exists(Path.Join(path, i.ToString(CultureInfo.InvariantCulture))); i++)
        {
            if (i == BootLogReader.MaxRanges)
            {
                throw new MachineFileException($"found one more range, expected at most {BootLogReader.MaxRanges}");
            }

            string start = Value(path, i, "start");
            string end = Value(path, i, "end");
            string line = $"{start}-{end} {Value(path, i, "type")}";
            bool isRange = IsAddress(start) && IsAddress(end);
            if (!isRange)
            {
                throw new MachineFileException(
                    $"found '{start}' to '{end}' in {i}, expected two addresses such as 0x9fbff");
            }

            // What is neither RAM nor known by name is not to be touched.
            text.Append(MapLine.TryParse(line, out _) ? line : $"{start}-{end} Reserved").Append('\n');
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private static string Value(string path, int index, string name)
    {
        string file = Path.Join(path, index.ToString(CultureInfo.InvariantCulture), name);
        try
        {
            string text = Encoding.Latin1.GetString(BoundedFile.Read(file, MostBytes)).Trim();
            return text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0
                ? text : throw new MachineFileException("found a control character, expected one line");
        }
        catch (MachineFileException e)
        {
            throw new MachineFileException($"{index}/{name}: {e.Message}", e);
        }
    }
}
