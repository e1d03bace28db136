using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;

namespace Bootmem.Cli;

/// <summary>The options of every command that draws in the terminal.</summary>
internal sealed class MapOptions
{
    private const int PipedWidth = 80;

    private readonly Option<bool> _map = new("--map")
    {
        Description = "Show the memory as a picture: a colour an owner.",
    };

    private readonly Option<int?> _width = new("--width")
    {
        Description = "How many characters wide; without it, as wide as the terminal, and 80 where there is none.",
        HelpName = "N",
    };

    private readonly Option<string?> _color = new("--color")
    {
        Description = "24, 16 or none; without it, what the terminal has. NO_COLOR is honoured.",
        HelpName = "DEPTH",
    };

    /// <summary>Adds them to a command that can draw.</summary>
    public void AddTo(Command command)
    {
        command.Add(_map);
        AddStyleTo(command);
    }

    /// <summary>Adds them to a command that always draws.</summary>
    public void AddStyleTo(Command command)
    {
        command.Add(_width);
        command.Add(_color);
    }

    /// <summary>How the user wants it drawn; null if not at all.</summary>
    public MapStyle? StyleOf(ParseResult parsed, TextWriter output) =>
        parsed.GetValue(_map) ? AlwaysStyleOf(parsed, output) : null;

    /// <summary>How the user wants it drawn.</summary>
    /// <exception cref="MachineException">A value is not what it must be.</exception>
    public MapStyle AlwaysStyleOf(ParseResult parsed, TextWriter output)
    {
        MapStyle terminal = TerminalStyle(output);
        int width = parsed.GetValue(_width) ?? terminal.Width;
        if (width is < MapStyle.MinWidth or > MapStyle.MaxWidth)
        {
            throw new MachineException($"--width: found {width}, expected {MapStyle.MinWidth} .. {MapStyle.MaxWidth}");
        }

        ColorDepth depth = parsed.GetValue(_color) switch
        {
            null => terminal.Colors,
            "24" => ColorDepth.Rgb,
            "16" => ColorDepth.Ansi16,
            "none" => ColorDepth.None,
            string other => throw new MachineException($"--color: found '{other}', expected 24, 16 or none"),
        };
        return new MapStyle(width, depth);
    }

    /// <summary>How a map is drawn where the user wants nothing particular.</summary>
    /// <param name="output">Where it goes: only what is the terminal itself can have colours.</param>
    public static MapStyle TerminalStyle(TextWriter output) => IsTerminal(output)
        ? new MapStyle(TerminalWidth(), TerminalColors()) : new MapStyle(PipedWidth, ColorDepth.None);

    // The program's own output is a stream; whoever calls it from elsewhere collects text.
    private static bool IsTerminal(TextWriter output) => output is StreamWriter && !Console.IsOutputRedirected;

    private static int TerminalWidth()
    {
        try
        {
            return Math.Clamp(Console.WindowWidth, MapStyle.MinWidth, MapStyle.MaxWidth);
        }
        catch (IOException)
        {
            return PipedWidth;
        }
    }

    private static ColorDepth TerminalColors()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            return ColorDepth.None;
        }

        return Environment.GetEnvironmentVariable("COLORTERM") is "truecolor" or "24bit"
            ? ColorDepth.Rgb : ColorDepth.Ansi16;
    }
}
