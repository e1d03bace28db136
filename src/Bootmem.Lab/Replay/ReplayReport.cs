using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>Shows what came of replayed logs.</summary>
public static class ReplayReport
{
    /// <summary>A table of one log's figures, and what was inferred.</summary>
    /// <param name="result">The log.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReplayResult result, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(result.Log.Name);
        foreach (string note in result.Notes)
        {
            output.WriteLine($"  {note}");
        }

        if (result.Rows.Count != 0)
        {
            output.WriteLine($"  {"line",5}  {"figure",-34}{"predicted",14}{"printed",14}");
        }

        foreach (ReplayRow row in result.Rows)
        {
            string verdict = row.Verdict switch
            {
                ReplayVerdict.Match => "same",
                ReplayVerdict.Differ => "DIFFERS",
                _ => "not predictable",
            };
            string reason = row.Reason.Length == 0 ? "" : $": {row.Reason}";
            output.WriteLine(
                $"  {row.Line,5}  {row.Name,-34}{Text(row.Name, row.Predicted),14}{Text(row.Name, row.Printed),14}  "
                    + $"{verdict}{reason}");
        }

        output.WriteLine();
    }

    /// <summary>The last line.</summary>
    /// <param name="results">All logs.</param>
    public static string Summary(IReadOnlyList<ReplayResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        int match = 0;
        int differ = 0;
        int not = 0;
        foreach (ReplayResult result in results)
        {
            match += result.Count(ReplayVerdict.Match);
            differ += result.Count(ReplayVerdict.Differ);
            not += result.Count(ReplayVerdict.NotPredictable);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} {(results.Count == 1 ? "log" : "logs")}, {match + differ + not} figures: {match} "
                + $"match, {differ} differ, {not} not predictable");
    }

    /// <summary>The same as JSON.</summary>
    /// <param name="results">All logs.</param>
    /// <param name="output">Where to.</param>
    public static void WriteJson(IReadOnlyList<ReplayResult> results, Stream output)
    {
        ArgumentNullException.ThrowIfNull(results);
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (ReplayResult result in results)
        {
            WriteOne(json, result);
        }

        json.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter json, ReplayResult result)
    {
        BootLog log = result.Log;
        json.WriteStartObject();
        json.WriteString("file", log.Name);
        json.WriteString("release", log.Release);
        json.WriteString("architecture", Encoding.ASCII.GetString(Architectures.Name(log.Architecture)));
        json.WriteBoolean("smp", log.IsSmp);
        json.WriteBoolean("numa", log.IsNuma);
        json.WriteString("command_line", log.CommandLine);
        WriteMap(json, "map", log.Map);
        WriteMap(json, "user_map", log.UserMap);
        json.WriteStartArray("banks_mb");
        log.Banks.ForEach(json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in result.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteStartArray("figures");
        foreach (ReplayRow row in result.Rows)
        {
            WriteRow(json, row);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, List<MapRange> map)
    {
        json.WriteStartArray(name);
        foreach (MapRange range in map)
        {
            json.WriteStartObject();
            json.WriteString("start", $"0x{range.Start:x}");
            json.WriteString("end", $"0x{range.End:x}");
            json.WriteString("type", range.Type.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRow(Utf8JsonWriter json, ReplayRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteNumber("line", row.Line);
        if (row.Predicted is { } predicted)
        {
            json.WriteNumber("predicted", predicted);
        }
        else
        {
            json.WriteNull("predicted");
        }

        json.WriteNumber("printed", row.Printed);
        json.WriteString("verdict", row.Verdict switch
        {
            ReplayVerdict.Match => "match",
            ReplayVerdict.Differ => "differ",
            _ => "not predictable",
        });
        json.WriteString("reason", row.Reason);
        json.WriteEndObject();
    }

    // Addresses are hex, as the kernel prints them.
    private static string Text(string name, long? value)
    {
        bool isAddress = name.EndsWith(" start", StringComparison.Ordinal) || name.EndsWith(
            " end", StringComparison.Ordinal)
            || name.StartsWith("PCI", StringComparison.Ordinal);
        return value is not { } number ? "-"
            : isAddress ? $"0x{number:x}" : number.ToString(CultureInfo.InvariantCulture);
    }
}
