using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>Who gave a range of a memory map.</summary>
public enum MapLineOrigin
{
    /// <summary>The BIOS.</summary>
    Bios,

    /// <summary>The command line.</summary>
    User,

    /// <summary>A kernel that runs: <c>/proc/iomem</c>, <c>/sys/firmware/memmap</c>.</summary>
    Kernel,
}

/// <summary>A line that tells of a range of addresses, whoever wrote it.</summary>
/// <param name="Range">The range.</param>
/// <param name="Origin">Who gave it.</param>
/// <param name="Source">Which BIOS call.</param>
public readonly partial record struct MapLine(MapRange Range, MapLineOrigin Origin, MapSource Source)
{
    /// <summary>Reads a line.</summary>
    /// <param name="text">
    /// <c>BIOS-e820: 0 - 9fc00 (usable)</c>, <c>BIOS-e820: [mem 0x0-0x9fbff] usable</c>, <c>user: …</c>,
    /// <c>00000000-0009fbff : System RAM</c>, <c>0x0-0x9fbff System RAM</c>.
    /// </param>
    /// <param name="line">What it tells.</param>
    /// <returns>Whether it is such a line. One whose range ends before it begins has the type None.</returns>
    public static bool TryParse(string text, out MapLine line)
    {
        line = default;
        Match match = Printed().Match(text);
        if (match.Success)
        {
            MapSource source = match.Groups[2].Value switch
            {
                "e801" => MapSource.E801,
                "88" => MapSource.E88,
                _ => MapSource.E820,
            };
            bool isFirmware = match.Groups[2].Success || match.Groups[1].Value == "Xen";
            MapLineOrigin origin = isFirmware ? MapLineOrigin.Bios : MapLineOrigin.User;
            MapRangeType printed = TypeOf(match.Groups["type"].Value.Trim());

            // What later kernels have words for, earlier ones do not touch.
            printed = printed == MapRangeType.None ? MapRangeType.Reserved : printed;
            line = new MapLine(RangeOf(match, printed), origin, source);
            return true;
        }

        match = Listed().Match(text);
        MapRangeType type = match.Success ? TypeOf(match.Groups["type"].Value.Trim()) : MapRangeType.None;
        if (type == MapRangeType.None)
        {
            return false;
        }

        line = new MapLine(RangeOf(match, type), MapLineOrigin.Kernel, MapSource.E820);
        return true;
    }

    /// <summary>Whether a line begins like one of a map that a kernel prints; it may go on in the next one.</summary>
    /// <param name="text">A line without what is not the kernel's.</param>
    public static bool BeginsLikeOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("BIOS-", StringComparison.Ordinal)
            || text.StartsWith("user: ", StringComparison.Ordinal);
    }

    private static MapRange RangeOf(Match match, MapRangeType type)
    {
        ulong start = Hex(match.Groups["start"].Value);
        ulong end = Hex(match.Groups["end"].Value);

        // Old kernels print the first address behind the range; later ones, and lists, its last.
        bool isInclusive = match.Groups["last"].Success;
        end = isInclusive && end != ulong.MaxValue ? end + 1 : end;
        return new MapRange { Start = start, End = end, Type = end < start ? MapRangeType.None : type };
    }

    private static ulong Hex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static MapRangeType TypeOf(string name) => name.ToUpperInvariant() switch
    {
        "USABLE" or "SYSTEM RAM" => MapRangeType.Usable,
        "ACPI DATA" or "ACPI TABLES" => MapRangeType.AcpiData,
        "ACPI NVS" or "ACPI NON-VOLATILE STORAGE" => MapRangeType.AcpiNvs,
        "UNUSABLE" or "UNUSABLE MEMORY" => MapRangeType.Unusable,
        "RESERVED" => MapRangeType.Reserved,
        _ => MapRangeType.None,
    };

    [GeneratedRegex("""^(BIOS-(e820|e801|88)|user|modified|Xen): (?:(?<start>[0-9a-f]{1,16}) - (?<end>[0-9a-f]{1,16}) \((?<type>[^)]{1,40})\)|(?<last>\[mem )0x(?<start>[0-9a-f]{1,16})-0x(?<end>[0-9a-f]{1,16})\] (?<type>.{1,40}))$""")]
    private static partial Regex Printed();

    [GeneratedRegex("""^(?<last>)(?:0x)?(?<start>[0-9a-f]{1,16})(?: ?- ?| )(?:0x)?(?<end>[0-9a-f]{1,16})(?: : | )\(?(?<type>[A-Za-z][A-Za-z -]{1,40})\)?$""")]
    private static partial Regex Listed();
}
