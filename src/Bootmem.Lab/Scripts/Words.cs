using System.Globalization;

namespace Bootmem.Lab.Scripts;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    private static readonly string[] s_units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A size: exact where a unit divides it, else with one decimal.</summary>
    public static string Size(ulong bytes)
    {
        int unit = 0;
        ulong scale = 1;
        while (unit < s_units.Length - 1 && bytes / scale >= 1024)
        {
            scale <<= 10;
            unit++;
        }

        string number = bytes % scale == 0
            ? (bytes / scale).ToString(CultureInfo.InvariantCulture)
            : (bytes / (double)scale).ToString("0.0", CultureInfo.InvariantCulture);
        return bytes == 1 ? "1 byte" : $"{number} {s_units[unit]}";
    }

    /// <summary>A count with its noun in the right number.</summary>
    public static string Count(ulong count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
