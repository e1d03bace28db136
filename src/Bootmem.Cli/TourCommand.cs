using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary><c>bootmem tour</c>: a boot, call by call, with a person at the keyboard.</summary>
internal sealed class TourCommand
{
    private const string More = """
        At each stop: Enter or the space bar goes on. why: the reasons. map: the memory now. state: pages by owner.
        quit: leave. Words may come through a pipe; where they end, the tour goes on to its end.

        Examples:
          bootmem tour                             the article's machine
          bootmem tour scripts/merge.bm            a script of your own
          printf 'why\nmap\n' | bootmem tour
        """;

    private readonly Recording _recording;
    private readonly MapStyle _style;
    private readonly TextReader _input;
    private readonly TextWriter _output;
    private readonly TourKeys? _keys;
    private bool _isOver;

    private TourCommand(Recording recording, MapStyle style, TextReader input, TextWriter output, TourKeys? keys = null)
    {
        _keys = keys;
        _recording = recording;
        _style = style;
        _input = input;
        _output = output;
    }

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        RecordingInput input = new();
        MapOptions style = new();
        DocumentedCommand command = new("tour", "Boots the article's machine call by call, and explains each.", More);
        input.AddTo(command);
        style.AddStyleTo(command);
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            MapStyle chosen = style.AlwaysStyleOf(parsed, output);
            bool hasKeys = !Console.IsInputRedirected && !Console.IsOutputRedirected;
            TourKeys? keys = hasKeys ? new TourKeys(output) : null;
            new TourCommand(input.Load(parsed), chosen, Console.In, output, keys).Run();
            return CommandLine.Success;
        }));
        return command;
    }

    /// <summary>Runs a tour on a text instead of the keyboard.</summary>
    internal static void Run(Recording recording, MapStyle style, TextReader input, TextWriter output) =>
        new TourCommand(recording, style, input, output).Run();

    private void Run()
    {
        Say($"{_recording.Title}, kernel {_recording.Kernel}: {_recording.Steps.Count} calls.");
        Say("Enter or the space bar goes on; why, map, state, help, quit.");
        if (_recording.IsBoot)
        {
            _output.WriteLine();
            Say(TourText.Beginning);
        }

        string stage = "";
        for (int i = 0; i < _recording.Steps.Count && !_isOver; i++)
        {
            RecordedStep step = _recording.Steps[i];
            _output.WriteLine();
            if (_recording.IsBoot && step.Caller != stage)
            {
                Say($"== {step.Caller}: {TourText.OfStage(step.Caller)}");
                stage = step.Caller;
            }

            string owner = _recording.Owners[step.Owner];
            Say($"{i + 1}. {step.Text}{(owner.Length == 0 || owner == "unnamed" ? "" : $", for {owner}")}");
            Say($"   => {step.Outcome}");
            Say($"   {TourText.OfCall(step)}");
            MapModel model = MapModel.Of(_recording, i + 1);
            TerminalMap.WriteStrip(model, _style, _output);
            TerminalMap.WriteKey(model, _style, _output);
            Stop(i);
        }

        Say(_isOver ? "The tour ends here." : "That was all.");
    }

    private void Stop(int index)
    {
        while (true)
        {
            _output.Write("> ");
            _output.Flush();
            string? line = _keys is null ? _input.ReadLine() : _keys.Read();

            // A pipe shows no typing: its words, and line ends, are written out.
            if (_keys is null)
            {
                _output.WriteLine(Terminal.Clean(line ?? ""));
            }

            switch (line?.Trim())
            {
                case null or "" or "next" or "n":
                    return;
                case "why" or "w":
                    string why = _recording.Steps[index].Why;
                    Say(why.Length == 0 ? "There is nothing to tell." : why);
                    break;
                case "map" or "m":
                    TerminalMap.Write(MapModel.Of(_recording, index + 1), _style, _output);
                    break;
                case "state" or "s":
                    TerminalMap.WriteLegend(MapModel.Of(_recording, index + 1), _style, _output);
                    break;
                case "quit" or "q":
                    _isOver = true;
                    return;
                default:
                    Say("Enter or the space bar goes on; why: the reasons; map: the memory; "
                        + "state: pages by owner; quit.");
                    break;
            }
        }
    }

    private void Say(string text)
    {
        foreach (string line in text.Split('\n').SelectMany(line => Wrap(Terminal.Clean(line))))
        {
            _output.WriteLine(line);
        }
    }

    // At blanks, as wide as the map is; what follows stands below the beginning of the first line.
    private IEnumerable<string> Wrap(string line)
    {
        string indent = new(' ', line.Length - line.TrimStart().Length);
        while (line.Length > _style.Width)
        {
            int at = line.LastIndexOf(' ', _style.Width);
            if (at <= indent.Length)
            {
                break;
            }

            yield return line[..at];
            line = indent + line[(at + 1)..];
        }

        yield return line;
    }
}
