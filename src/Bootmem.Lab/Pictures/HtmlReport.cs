using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bootmem.Lab.Recordings;

namespace Bootmem.Lab.Pictures;

/// <summary>
/// One HTML file that shows a recording step by step, or two side by side. It loads nothing from anywhere. The data is
/// a block of JSON with every <c>&lt;</c> escaped, and a policy in the page lets no script run but its own.
/// </summary>
public static class HtmlReport
{
    private static readonly string[] s_scripts =
        ["text.js", "chinese.js", "colors.js", "state.js", "map.js", "page.js", "list.js", "app.js"];

    /// <summary>The page.</summary>
    /// <param name="recordings">One recording, or two that step together.</param>
    /// <param name="start">How many calls have been made where it opens; null for all.</param>
    /// <param name="verdict">What stands above it; null for nothing.</param>
    public static byte[] Write(IReadOnlyList<Recording> recordings, int? start = null, string? verdict = null)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        string script = "\"use strict\";\n(() => {\n" + string.Concat(s_scripts.Select(Resource)) + "})();\n";
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        // The data goes in last: it may hold the marks.
        string page = Resource("report.html")
            .Replace("@HASH@", $"'sha256-{hash}'", StringComparison.Ordinal)
            .Replace("@CSS@", Resource("report.css"), StringComparison.Ordinal)
            .Replace("@SCRIPT@", script, StringComparison.Ordinal);
        const string Mark = "@DATA@";
        int at = page.IndexOf(Mark, StringComparison.Ordinal);
        using MemoryStream stream = new();
        stream.Write(Encoding.UTF8.GetBytes(page[..at]));
        WriteData(recordings, start, verdict, stream);
        stream.Write(Encoding.UTF8.GetBytes(page[(at + Mark.Length)..]));
        return stream.ToArray();
    }

    private static void WriteData(IReadOnlyList<Recording> recordings, int? start, string? verdict, Stream stream)
    {
        // The default encoder escapes <, >, & and both quotes.
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        if (start is int step)
        {
            json.WriteNumber("start", step);
        }

        if (verdict is not null)
        {
            json.WriteString("verdict", verdict);
        }

        json.WriteStartArray("recordings");
        foreach (Recording recording in recordings)
        {
            WriteRecording(recording, json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRecording(Recording recording, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("title", recording.Title);
        json.WriteString("kernel", recording.Kernel);
        json.WriteNumber("bits", recording.Bits);
        json.WriteNumber("shift", recording.PageShift);
        json.WriteStartArray("banks");
        foreach (MapRun run in recording.NewMap().Runs)
        {
            WriteNumbers(json, run.StartPfn, run.EndPfn);
        }

        json.WriteEndArray();
        json.WriteStartArray("blocks");
        foreach (MapBlock block in MapModel.Of(recording).Blocks)
        {
            json.WriteStartArray();
            json.WriteNumberValue(block.Node);
            json.WriteStringValue(block.Zone);
            json.WriteNumberValue(block.StartPfn);
            json.WriteNumberValue(block.EndPfn);
            json.WriteNumberValue(block.IsHole ? 1 : 0);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteStrings(json, "owners", recording.Owners);
        WriteStrings(json, "colors", recording.Owners.Select(name => OwnerColors.Of(PageUse.Owned, name).Hex));
        WriteStrings(json, "marks", OwnerMarks.Of(recording.Owners));

        // Most lines of reasons stand in many calls: each is written once.
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        json.WriteStartArray("steps");
        foreach (RecordedStep recorded in recording.Steps)
        {
            WriteStep(recorded, lines, json);
        }

        json.WriteEndArray();
        WriteStrings(json, "lines", lines.OrderBy(entry => entry.Value).Select(entry => entry.Key));
        json.WriteEndObject();
    }

    private static void WriteStep(RecordedStep step, Dictionary<string, int> lines, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(step.Name);
        json.WriteStringValue(step.Arguments);
        json.WriteStringValue(step.Outcome);
        json.WriteStringValue(step.Caller);
        json.WriteStartArray();
        foreach (string line in step.Why.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            lines.TryAdd(line, lines.Count);
            json.WriteNumberValue(lines[line]);
        }

        json.WriteEndArray();
        json.WriteNumberValue(step.Owner);
        json.WriteNumberValue(step.Address);
        json.WriteNumberValue(step.Size);
        json.WriteNumberValue(step.IsEnd ? 1 : 0);
        json.WriteStartArray();
        foreach (PageChange change in step.Changes)
        {
            json.WriteNumberValue(change.StartPfn);
            json.WriteNumberValue(change.EndPfn);
            json.WriteNumberValue((int)change.Use);
            json.WriteNumberValue(change.Owner);
        }

        json.WriteEndArray();
        json.WriteStartArray();
        foreach (BuddyList list in step.Buddies)
        {
            json.WriteStartArray();
            json.WriteNumberValue(list.Node);
            json.WriteStringValue(list.Zone);
            WriteNumbers(json, [.. list.Counts]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, params ReadOnlySpan<ulong> numbers)
    {
        json.WriteStartArray();
        foreach (ulong number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("web/" + name)
            ?? throw new InvalidOperationException($"the resource {name} is not in the assembly");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
