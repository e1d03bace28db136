using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab.Logs;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>Facts of real boots: maps and figures, in lines of name and values parted by tabs.</summary>
internal static class LogFacts
{
    private static string Folder { get; } = RepositoryRoot.Combine("tests", "data", "logs");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.tsv").Select(static path => Path.GetFileNameWithoutExtension(path))
            .Order()];

    /// <summary>A log of these facts, with one figure changed if one is named.</summary>
    public static BootLog Load(string name, string? planted = null, long value = 0)
    {
        BootLog log = new() { Name = name };
        int line = 0;
        foreach (string text in File.ReadLines(Path.Combine(Folder, name + ".tsv")))
        {
            line++;
            string[] words = text.Split('\t');
            if (words[0] == "figure")
            {
                long printed = long.Parse(words[2], CultureInfo.InvariantCulture);
                log.Figures.Add(new LogFigure(words[1], words[1] == planted ? value : printed, line));
            }
            else
            {
                Add(log, words);
            }
        }

        log.Kernel = KernelReleases.ModelOf(log.Release!, log.Architecture == Architecture.X86_64);
        log.AreNodesFromSetup = false;
        return log;
    }

    private static void Add(BootLog log, string[] words)
    {
        switch (words[0])
        {
            case "release":
                log.Release = words[1];
                break;
            case "architecture":
                log.Architecture = words[1] == "arm" ? Architecture.Arm : words[1] == "i386" ? Architecture.I386
                    : Architecture.X86_64;
                break;
            case "smp":
                log.IsSmp = true;
                break;
            case "numa":
                log.IsNuma = true;
                break;
            case "has_initrd":
                log.HasInitrd = true;
                break;
            case "command_line":
                log.CommandLine = words[1];
                break;
            case "map":
                MapRangeType type = Enum.Parse<MapRangeType>(words[3]);
                log.Map.Add(new MapRange { Start = Hex(words[1]), End = Hex(words[2]), Type = type });
                break;
            case "node":
                int node = int.Parse(words[1], CultureInfo.InvariantCulture);
                log.Nodes.Add(new NodeRange { Node = node, Start = Hex(words[2]), End = Hex(words[3]) });
                break;
            case "bank":
                log.Banks.Add(long.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            case "initrd":
                log.InitrdStart = Hex(words[1]);
                log.InitrdSize = Hex(words[2]);
                break;
            case "dma_buffers":
                log.DmaBufferSize = ulong.Parse(words[1], CultureInfo.InvariantCulture);
                break;
            case "mp_table":
                log.Pc = log.Pc with { MpTable = Hex(words[1]) };
                break;
            default:
                throw new InvalidDataException($"{log.Name}: {words[0]}");
        }
    }

    private static ulong Hex(string word) => Convert.ToUInt64(word[2..], 16);
}
