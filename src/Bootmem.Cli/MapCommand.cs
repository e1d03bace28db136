using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary><c>bootmem map</c>: the memory of a machine, a script or a recording as a picture.</summary>
internal static class MapCommand
{
    private const string More = """
        A cell is a run of pages. It shows an owner if any page of it is owned, so that nothing hides.
        Without colours: x taken, . free, - never freed, # hole.

        Examples:
          bootmem map                              the article's machine after its boot
          bootmem map machines/numa4-8g.dts --layout-only
          bootmem map scripts/merge.bm --step 4    after the fourth call
          bootmem map scripts/merge.bm --only 0-0x8000 -o merge.svg
          bootmem map boot.rec -o map.svg          a picture for a document
          bootmem map --text -o map.txt            the same as text
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        RecordingInput input = new();
        MapOptions style = new();
        Option<int?> step = new("--step")
        {
            Description = "The memory after this many calls; without it, after all.",
            HelpName = "N",
        };
        Option<string?> only = new("--only")
        {
            Description = "This part of the memory: two addresses, as in 0x1000-0x9000.",
            HelpName = "START-END",
        };
        Option<string?> file = new("-o", "--output")
        {
            Description = "Write to this file; one that ends in .svg becomes a picture.",
            HelpName = "FILE",
        };
        Option<bool> text = new("--text")
        {
            Description = "Without colours, 80 characters wide: the same on every machine.",
        };
        DocumentedCommand command = new(
            "map", "Shows the memory of a machine, a script or a recording as a picture.", More);
        input.AddTo(command);
        style.AddStyleTo(command);
        command.Add(step);
        command.Add(only);
        command.Add(file);
        command.Add(text);
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            MapStyle chosen = style.AlwaysStyleOf(parsed, output);
            chosen = parsed.GetValue(text) ? chosen with { Colors = ColorDepth.None } : chosen;
            Recording recording = input.Load(parsed);
            int count = parsed.GetValue(step) ?? recording.Steps.Count;
            if (count < 0 || count > recording.Steps.Count)
            {
                throw new MachineException($"--step: found {count}, expected 0 .. {recording.Steps.Count}");
            }

            (ulong start, ulong end) = RangeOf(parsed.GetValue(only));
            MapModel model = MapModel.Of(recording, count, start, end);
            string? path = parsed.GetValue(file);
            if (path is null)
            {
                TerminalMap.Write(model, chosen, output);
                return CommandLine.Success;
            }

            if (parsed.GetValue(text))
            {
                RecordingInput.SaveBytes(Encoding.UTF8.GetBytes(TextOf(model, chosen)), path);
            }
            else
            {
                Save(model, chosen, path);
            }

            return CommandLine.Success;
        }));
        return command;
    }

    /// <summary>Writes a picture to a file: as SVG if its name ends so, else as text.</summary>
    /// <exception cref="MachineException">The file cannot be written.</exception>
    public static void Save(MapModel model, MapStyle style, string path)
    {
        bool isSvg = path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
        RecordingInput.SaveBytes(Encoding.UTF8.GetBytes(isSvg ? SvgMap.Write(model) : TextOf(model, style)), path);
    }

    private static (ulong Start, ulong End) RangeOf(string? range)
    {
        if (range is null)
        {
            return (0, ulong.MaxValue);
        }

        string[] words = range.Split('-');
        ulong start = 0;
        ulong end = 0;
        bool isRange = words.Length == 2 && TryAddress(words[0], out start) && TryAddress(words[1], out end);
        return isRange && start < end
            ? (start, end)
            : throw new MachineException($"--only: found '{range}', expected two addresses, as in 0x1000-0x9000");
    }

    private static bool TryAddress(string word, out ulong address) =>
        word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address)
        : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out address);

    private static string TextOf(MapModel model, MapStyle style)
    {
        using StringWriter text = new() { NewLine = "\n" };
        TerminalMap.Write(model, style with { Colors = ColorDepth.None }, text);
        return text.ToString();
    }
}
