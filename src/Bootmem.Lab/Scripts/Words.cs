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
        if (bytes == 1)
        {
            return "1 byte";
        }

        int unit = 0;
        ulong number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < s_units.Length - 1)
        {
            number /= 1024;
            unit++;
        }

        if (number <= MostReadable)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{number} {s_units[unit]}");
        }

        double rounded = number;
        while (rounded >= 1024 && unit < s_units.Length - 1)
        {
            rounded /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rounded:0.0} {s_units[unit]}");
    }

    /// <summary>A count with its noun in the right number.</summary>
    public static string Count(ulong count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
