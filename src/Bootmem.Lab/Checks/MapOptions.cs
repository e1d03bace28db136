using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using Bootmem.Boot;

namespace Bootmem.Lab.Checks;

/// <summary>
/// What a PC's command line makes of its map: <c>mem=</c> and <c>memmap=</c>, as arch/i386 takes them.
/// </summary>
internal static partial class MapOptions
{
    /// <summary>The map after the command line.</summary>
    /// <param name="map">The firmware's.</param>
    /// <param name="commandLine">The command line.</param>
    /// <exception cref="MachineException">An option is not what it must be.</exception>
    public static List<MapRange> Apply(List<MapRange> map, string commandLine)
    {
        foreach (string word in commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "memmap=exactmap")
            {
                map.Clear();
            }
            else if (word != "mem=nopentium" && Option().IsMatch(word))
            {
                ApplyOne(map, word);
            }
        }

        return map;
    }

    private static void ApplyOne(List<MapRange> map, string word)
    {
        Match match = SizeAndPlace().Match(word);
        if (!match.Success || !TryNumber(match.Groups[1].Value, out ulong size))
        {
            throw Bad(word);
        }

        if (!match.Groups[2].Success)
        {
            Limit(map, size);
            return;
        }

        if (!TryNumber(match.Groups[3].Value, out ulong start) || size > ulong.MaxValue - start)
        {
            throw Bad(word);
        }

        map.Add(new MapRange
        {
            Start = start,
            End = start + size,
            Type = match.Groups[2].Value switch
            {
                "@" => MapRangeType.Usable,
                "#" => MapRangeType.AcpiData,
                _ => MapRangeType.Reserved,
            },
        });
    }

    // limit_regions(): RAM beyond a size is cut off.
    private static void Limit(List<MapRange> map, ulong size)
    {
        map.RemoveAll(range => range.Type == MapRangeType.Usable && range.Start >= size);
        for (int i = 0; i < map.Count; i++)
        {
            map[i] = map[i].Type == MapRangeType.Usable && map[i].End > size ? map[i] with { End = size } : map[i];
        }
    }

    private static bool TryNumber(string text, out ulong number)
    {
        int shift = char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        bool isHex = digits.StartsWith("0x", StringComparison.Ordinal);
        bool isNumber = isHex
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        bool fits = isNumber && number <= ulong.MaxValue >> shift;
        number = fits ? number << shift : 0;
        return fits;
    }

    private static MachineException Bad(string word) => new(
        $"command line: found {Scripts.ScriptError.Quote(System.Text.Encoding.UTF8.GetBytes(word))}, "
        + "expected a size, or a size and an address");

    [GeneratedRegex("""^mem(?:map)?=""")]
    private static partial Regex Option();

    [GeneratedRegex("""^mem(?:map)?=((?:0x)?[0-9a-fA-F]+[kKmMgG]?)(?:([@#$])((?:0x)?[0-9a-fA-F]+[kKmMgG]?))?$""")]
    private static partial Regex SizeAndPlace();
}
