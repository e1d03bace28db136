using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace Bootmem.Lab.Scripts;

/// <summary>Results of scripts, for people and as JSON.</summary>
public static class ScriptReport
{
    /// <summary>Writes every difference of a script: file, line, call, what was expected, what it gave.</summary>
    /// <param name="result">What running it gave.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteDifferences(ScriptResult result, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (ScriptDifference difference in result.Differences)
        {
            writer.WriteLine($"{difference.File}:{difference.Line}: {difference.Call}");
            WriteLines(writer, "    expected  ", difference.Expected);
            WriteLines(writer, "    got       ", difference.Got);
        }
    }

    /// <summary>Writes what a script loses to whole pages, by call.</summary>
    /// <param name="rounding">What was counted.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteRounding(ScriptRounding rounding, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(rounding);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (CallShare call in rounding.Calls)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {NameOf(call.Call),-30}{call.PageCount,12} pages   {call.ByteCount} bytes asked for, "
                + $"{call.LostByteCount} lost"));
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Lost to whole pages: {rounding.LostBytes} of {rounding.TakenBytes} bytes taken, "
            + $"for {rounding.AskedBytes} asked for"));
    }

    /// <summary>The last line: scripts that were run, calls, outcomes checked, differences.</summary>
    /// <param name="results">What running the scripts gave.</param>
    public static string Summary(IReadOnlyCollection<ScriptResult> results)
    {
        (int calls, int isChecked, int differ) = Totals(results);
        int scripts = results.Count(result => result.Error == null);
        return $"{scripts} scripts, {calls} calls, {isChecked} outcomes checked, {differ} differ";
    }

    /// <summary>Writes the results as one JSON object.</summary>
    /// <param name="results">What running the scripts gave.</param>
    /// <param name="stream">Where to.</param>
    public static void WriteJson(IReadOnlyCollection<ScriptResult> results, Stream stream)
    {
        (int calls, int isChecked, int differ) = Totals(results);
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("calls", calls);
        json.WriteNumber("checked", isChecked);
        json.WriteNumber("differ", differ);
        json.WriteStartArray("scripts");
        foreach (ScriptResult result in results)
        {
            WriteScript(json, result);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteScript(Utf8JsonWriter json, ScriptResult result)
    {
        json.WriteStartObject();
        json.WriteString("file", result.File);
        if (result.Error is ScriptError error)
        {
            json.WriteString("error", error.ToString());
        }

        if (result.Version is KernelVersion version)
        {
            json.WriteString("kernel", KernelVersions.Name(version));
        }

        json.WriteNumber("calls", result.Calls);
        json.WriteNumber("notRun", result.NotRun);
        json.WriteNumber("checked", result.Checked);
        json.WriteStartArray("differences");
        foreach (ScriptDifference difference in result.Differences)
        {
            json.WriteStartObject();
            json.WriteNumber("line", difference.Line);
            json.WriteString("call", difference.Call);
            WriteStrings(json, "expected", difference.Expected);
            WriteStrings(json, "got", difference.Got);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.Rounding is ScriptRounding rounding)
        {
            WriteRounding(json, rounding);
        }

        json.WriteEndObject();
    }

    private static void WriteRounding(Utf8JsonWriter json, ScriptRounding rounding)
    {
        json.WriteStartObject("page_rounding");
        json.WriteNumber("bytes_asked", rounding.AskedBytes);
        json.WriteNumber("bytes_taken", rounding.TakenBytes);
        json.WriteNumber("bytes_lost", rounding.LostBytes);
        json.WriteStartArray("calls");
        foreach (CallShare call in rounding.Calls)
        {
            json.WriteStartObject();
            json.WriteString("name", NameOf(call.Call));
            json.WriteNumber("pages", call.PageCount);
            json.WriteNumber("bytes_asked", call.ByteCount);
            json.WriteNumber("bytes_lost", call.LostByteCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string NameOf(Call call) => Encoding.ASCII.GetString(Calls.Name(call));

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteLines(TextWriter writer, string label, IReadOnlyList<string> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            writer.WriteLine((i == 0 ? label : new string(' ', label.Length)) + lines[i]);
        }
    }

    private static (int Calls, int Checked, int Differ) Totals(IReadOnlyCollection<ScriptResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        (int calls, int isChecked, int differ) = (0, 0, 0);
        foreach (ScriptResult result in results)
        {
            calls += result.Calls;
            isChecked += result.Checked;
            differ += result.Differences.Count;
        }

        return (calls, isChecked, differ);
    }
}
