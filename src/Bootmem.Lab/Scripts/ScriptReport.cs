using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
        json.WriteEndObject();
    }

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
