using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>A check's result, for people and as JSON.</summary>
public static class CheckReport
{
    /// <summary>The version of the JSON: it grows when something that was there is gone or means another thing.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the picture and the findings.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="result">What the check gave.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(string name, CheckResult result, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        MemoryPicture picture = result.Picture;
        writer.WriteLine($"{name}: {Words.Size(picture.RamBytes)} of RAM, {picture.Bits} bits");
        WriteRanges(writer, "RAM", picture.Banks);
        WriteRanges(writer, "Kept", picture.Ranges);
        WriteFindings(writer, "Problems", result.Findings.Where(finding => finding.IsProblem));
        WriteFindings(writer, "Notes", result.Findings.Where(finding => !finding.IsProblem));
        writer.WriteLine();
        ulong notes = (ulong)(result.Findings.Count - result.ProblemCount);
        writer.WriteLine($"{Words.Count((ulong)result.ProblemCount, "problem")}, {Words.Count(notes, "note")}");
    }

    /// <summary>Writes the same as one JSON object; docs/check.md describes it.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="result">What the check gave.</param>
    /// <param name="stream">Where to.</param>
    public static void WriteJson(string name, CheckResult result, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(result);
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schema", SchemaVersion);
        json.WriteString("machine", name);
        json.WriteNumber("bits", result.Picture.Bits);
        json.WriteNumber("page_size", result.Picture.PageSize);
        WriteJson(json, "banks", result.Picture.Banks);
        WriteJson(json, "ranges", result.Picture.Ranges);
        json.WriteStartArray("findings");
        foreach (CheckFinding finding in result.Findings)
        {
            WriteJson(json, finding);
        }

        json.WriteEndArray();
        json.WriteNumber("problems", result.ProblemCount);
        json.WriteNumber("notes", result.Findings.Count - result.ProblemCount);
        json.WriteEndObject();
    }

    /// <summary>The name of a kind of range, as the JSON has it.</summary>
    /// <param name="kind">What a range is for.</param>
    public static string NameOf(RangeKind kind) => kind switch
    {
        RangeKind.Bank => "bank",
        RangeKind.Kernel => "kernel",
        RangeKind.PageDirectory => "page-directory",
        RangeKind.Bitmap => "bitmap",
        RangeKind.Initrd => "initrd",
        RangeKind.DeviceTree => "device-tree",
        RangeKind.Header => "header",
        RangeKind.Reserved => "reserved",
        RangeKind.Dynamic => "dynamic",
        RangeKind.Firmware => "firmware",
        RangeKind.PageTables => "page-tables",
        _ => "private",
    };

    private static void WriteRanges(TextWriter writer, string title, IReadOnlyList<OwnedRange> ranges)
    {
        writer.WriteLine();
        writer.WriteLine(title);
        foreach (OwnedRange range in ranges)
        {
            ByteRange bytes = new(range.Start, range.End);
            string more = range.Kind == RangeKind.Dynamic ? " (the kernel chooses the place: this one fits)"
                : range.IsNoMap ? " (no-map)" : "";
            writer.WriteLine($"  {bytes,-26} {bytes.SizeText,12}  {range.Owner}{more}");
        }

        if (ranges.Count == 0)
        {
            writer.WriteLine("  nothing");
        }
    }

    private static void WriteFindings(TextWriter writer, string title, IEnumerable<CheckFinding> findings)
    {
        bool isFirst = true;
        foreach (CheckFinding finding in findings)
        {
            if (isFirst)
            {
                writer.WriteLine();
                writer.WriteLine(title);
                isFirst = false;
            }

            writer.WriteLine($"  {FindingNames.Of(finding.Kind)}: {finding.Text}");
            if (finding.Consequence.Length != 0)
            {
                writer.WriteLine($"    {finding.Consequence}");
            }
        }
    }

    private static void WriteJson(Utf8JsonWriter json, CheckFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("kind", FindingNames.Of(finding.Kind));
        json.WriteBoolean("is_problem", finding.IsProblem);
        json.WriteString("text", finding.Text);
        json.WriteString("consequence", finding.Consequence);
        WriteJson(json, "owners", finding.Owners);
        json.WritePropertyName("common");
        if (finding.Common is ByteRange common)
        {
            json.WriteStartObject();
            WriteBytes(json, common.Start, common.End);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, string property, IReadOnlyList<OwnedRange> ranges)
    {
        json.WriteStartArray(property);
        foreach (OwnedRange range in ranges)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(range.Kind));
            json.WriteString("owner", range.Owner);
            WriteBytes(json, range.Start, range.End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Addresses of 64 bits are strings: many readers of JSON have numbers of 53.
    private static void WriteBytes(Utf8JsonWriter json, ulong start, ulong end)
    {
        json.WriteString("start", $"0x{start:x}");
        json.WriteString("end", $"0x{end:x}");
        json.WriteString("size", $"0x{end - start:x}");
    }
}
