using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>
/// Reads boot logs as people paste them, and memory maps as text: takes what it knows and passes over the rest. Time and
/// memory go with the size of the text, which is bounded.
/// </summary>
public sealed partial class BootLogReader
{
    /// <summary>The greatest size of a log in bytes.</summary>
    public const int MaxSize = 16 << 20;

    /// <summary>The most ranges of a map, and nodes, that are read.</summary>
    public const int MaxRanges = 1024;

    // A line that a mail has wrapped goes on in this many more.
    private const int MaxWraps = 3;

    private readonly LogFigures _figures = new();
    private readonly List<NodeRange> _srat = [];
    private readonly List<NodeRange> _bridges = [];
    private readonly List<NodeRange> _setup = [];
    private readonly BootLog _log;
    private readonly List<string> _lines;
    private bool _isSratUsed = true;
    private bool _isArm;
    private bool _is64;
    private bool _is32;
    private bool _hasMapTitle;

    private BootLogReader(string name, ReadOnlySpan<byte> bytes)
    {
        _log = new BootLog { Name = name };
        _lines = LogLines.Read(bytes);
    }

    /// <summary>Reads a log from a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="MachineFileException">It cannot be read, or something in it is wrong: file, line, what was found
    /// and what was expected.</exception>
    public static BootLog Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            byte[] bytes = BoundedFile.Read(path, MaxSize);
            BoundedFile.RefusePacked(bytes, path);
            return Read(bytes, path);
        }
        catch (MachineFileException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new MachineFileException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a log.</summary>
    /// <param name="bytes">The text; bytes beyond ASCII do no harm.</param>
    /// <param name="name">The name that errors show.</param>
    /// <exception cref="MachineFileException">Something in it is wrong.</exception>
    public static BootLog Read(ReadOnlySpan<byte> bytes, string name) => new BootLogReader(name, bytes).Read();

    private BootLog Read()
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            string text = _lines[i];
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            if (Version().IsMatch(text))
            {
                if (_log.Release is not null)
                {
                    CountLaterBoots(i);
                    break;
                }

                // What was printed before a kernel says its name is another boot's end.
                _figures.Clear();
            }

            ReadLine(text, i);
        }

        Finish();
        return _log;
    }

    private void ReadLine(string text, int index)
    {
        if (MapLine.TryParse(text, out MapLine map))
        {
            AddRange(map, index);
        }
        else if (!_figures.TryRead(text, index + 1))
        {
            ReadKernel(text, index);
            ReadMachine(text, index);
            ReadNodes(text);
            if (LogFigures.BeginsLikeOne(text) || MapLine.BeginsLikeOne(text))
            {
                ReadWrapped(text, index);
            }
        }

        _isArm |= ArmOnly().IsMatch(text);
        _is64 |= X64Only().IsMatch(text);
        _is32 |= I386Only().IsMatch(text);
    }

    // Mail programs break lines at a space, and some in the middle of a word.
    private void ReadWrapped(string text, int index)
    {
        string spaced = text;
        string joined = text;
        for (int i = 1; i <= MaxWraps && index + i < _lines.Count; i++)
        {
            // "=" at the end of a line is a mail's sign that the line goes on.
            spaced = $"{spaced} {_lines[index + i]}";
            joined = joined.TrimEnd('=') + _lines[index + i];
            foreach (string whole in (string[])[spaced, joined])
            {
                if (MapLine.TryParse(whole, out MapLine map))
                {
                    AddRange(map, index);
                    return;
                }

                if (_figures.TryRead(whole, index + 1))
                {
                    _is32 |= I386Only().IsMatch(whole);
                    _is64 |= X64Only().IsMatch(whole);
                    _isArm |= ArmOnly().IsMatch(whole);
                    return;
                }
            }
        }
    }

    private void AddRange(in MapLine line, int index)
    {
        if (line.Range.Type == MapRangeType.None)
        {
            throw Wrong(index, "a range that ends before it begins", "one such as 0000000000100000 - 0000000004000000 (usable)");
        }

        List<MapRange> map = line.Origin == MapLineOrigin.User ? _log.UserMap : _log.Map;
        if (map.Count == MaxRanges)
        {
            throw Wrong(index, "one more range", $"at most {MaxRanges} ranges of memory");
        }

        // Where the log tells of what happens to the map later, the first telling is the firmware's.
        map.Add(line.Range);
        if (line.Origin == MapLineOrigin.Bios)
        {
            _log.Pc = _log.Pc with { Source = line.Source };
        }
    }

    private void ReadKernel(string text, int index)
    {
        if (Version().Match(text) is { Success: true } version)
        {
            _log.Release = version.Groups[1].Value;
            bool isWhole = text.Contains('#', StringComparison.Ordinal) || index + 1 == _lines.Count;
            string whole = isWhole ? text : $"{text} {_lines[index + 1]}";
            _log.IsSmp = Smp().IsMatch(whole);
        }
        else if (CommandLineText().Match(text) is { Success: true } command)
        {
            Keep(command.Groups["text"].Value.Trim());
        }
        else if (text.StartsWith("Bootdata ok (command line is ", StringComparison.Ordinal) && index + 1 < _lines.Count)
        {
            // A wrapped one: it ends with its bracket.
            Keep(CommandLineText().Match($"{text} {_lines[index + 1]}").Groups["text"].Value.Trim());
        }

        _hasMapTitle |= text.StartsWith("BIOS-provided physical RAM map", StringComparison.Ordinal);

        _log.IsNuma |= text.StartsWith("No NUMA configuration found", StringComparison.Ordinal)
            || text.StartsWith("NUMA turned off", StringComparison.Ordinal);
    }

    // x86-64 prints its command line twice; where one was wrapped, the other is whole.
    private void Keep(string commandLine) =>
        _log.CommandLine = commandLine.Length > _log.CommandLine.Length ? commandLine : _log.CommandLine;

    private void ReadMachine(string text, int index)
    {
        if (RunningKernel().Match(text) is { Success: true } part)
        {
            AddKernelPart(Hex(part.Groups[1].Value), Hex(part.Groups[2].Value), index);
        }
        else if (Initrd().Match(text) is { Success: true } initrd)
        {
            _log.InitrdStart = Hex(initrd.Groups[1].Value);
            _log.InitrdSize = Hex(initrd.Groups[2].Value);
            _log.HasInitrd = true;
        }
        else if (Mp().Match(text) is { Success: true } mp)
        {
            _log.Pc = _log.Pc with { MpTable = Hex(mp.Groups[1].Value) };
        }
        else if (Directive().Match(text) is { Success: true } directive)
        {
            ulong value = Hex(directive.Groups[2].Value);
            _log.Pc = directive.Groups[1].Value == "ebda" ? _log.Pc with { Ebda = value } : _log.Pc with { MpConfig = value };
        }
        else if (IoTlb().Match(text) is { Success: true } tlb)
        {
            ulong start = Hex(tlb.Groups[1].Value);
            ulong end = Hex(tlb.Groups[2].Value);
            if (end < start)
            {
                throw Wrong(index, "an I/O TLB that ends before it begins", "two addresses in order");
            }

            _log.DmaBufferSize += end - start;
        }
        else if (Aperture().Match(text) is { Success: true } aperture)
        {
            _log.DmaBufferSize += ulong.Parse(aperture.Groups[1].Value, CultureInfo.InvariantCulture) << 10;
        }

        _log.HasInitrd |= text.StartsWith("checking if image is initramfs", StringComparison.Ordinal);
    }

    // Code, data and bss, each with its last byte. To those who are not root all of them are 0.
    private void AddKernelPart(ulong first, ulong last, int index)
    {
        if (last < first || last == ulong.MaxValue)
        {
            throw Wrong(index, "a part of the kernel that ends before it begins", "two addresses in order");
        }

        if (last != 0)
        {
            _log.KernelStart = _log.KernelEnd == 0 ? first : Math.Min(_log.KernelStart, first);
            _log.KernelEnd = Math.Max(_log.KernelEnd, last + 1);
        }
    }

    private void ReadNodes(string text)
    {
        _isSratUsed &= !text.StartsWith("SRAT: SRAT not used", StringComparison.Ordinal);
        Match match = Srat().Match(text);
        List<NodeRange> nodes = _srat;
        if (!match.Success)
        {
            match = Bridge().Match(text);
            nodes = _bridges;
        }

        if (match.Success && nodes.Count < MaxRanges)
        {
            nodes.Add(NodeOf(match));
        }
    }

    private static NodeRange NodeOf(Match match) => new()
    {
        Node = int.Parse(match.Groups["node"].Value, CultureInfo.InvariantCulture),
        Start = Hex(match.Groups["start"].Value),
        End = Hex(match.Groups["end"].Value),
    };

    private void CountLaterBoots(int index)
    {
        for (; index < _lines.Count; index++)
        {
            _log.LaterBoots += Version().IsMatch(_lines[index]) ? 1 : 0;
        }
    }

    private static ulong Hex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private MachineFileException Wrong(int index, string found, string expected) =>
        new($"{_log.Name}:{index + 1}: found {found}, expected {expected}");
}
