using System.Globalization;

namespace Bootmem.Lab.Scripts;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    private static readonly string[] s_units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size: exact in the largest unit that divides it, unless that is too long a number to read.</summary>
    public static string Size(ulong bytes)
    {
        const ulong MostReadable = 99_999;
        (ulong number, int unit) = InLargestUnit(bytes);
        if (number <= MostReadable)
        {
            return ExactSize(bytes);
        }

        double rounded = number;
        while (rounded >= 1024 && unit < s_units.Length - 1)
        {
            rounded /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rounded:0.0} {s_units[unit]}");
    }

    /// <summary>A size that somebody is to write down: never rounded, whatever its length.</summary>
    public static string ExactSize(ulong bytes)
    {
        (ulong number, int unit) = InLargestUnit(bytes);
        return bytes == 1 ? "1 byte" : string.Create(CultureInfo.InvariantCulture, $"{number} {s_units[unit]}");
    }

    // The largest unit that the size is a multiple of.
    private static (ulong Number, int Unit) InLargestUnit(ulong bytes)
    {
        int unit = 0;
        ulong number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < s_units.Length - 1)
        {
            number /= 1024;
            unit++;
        }

        return (number, unit);
    }

    /// <summary>A count with its noun in the right number.</summary>
    public static string Count(ulong count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
