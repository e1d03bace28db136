using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>
/// A wrong figure is planted into the text of a log, for every kind of figure that is read from logs: replaying it says
/// so. The kinds are those of the reader, so a new one needs a log here that has it.
/// </summary>
public sealed partial class PlantedFigureTests
{
    private const string Low = " BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)";
    private const string Of512MiB = " BIOS-e820: 0000000000100000 - 000000001fff0000 (usable)";
    private const string Of3GiB = " BIOS-e820: 0000000000100000 - 00000000c0000000 (usable)";
    private const string Above = " BIOS-e820: 0000000100000000 - 0000000180000000 (usable)";

    private static readonly Dictionary<string, List<string>> _logs = Logs();

    public static TheoryData<string> Kinds => [.. FigureKinds.All];

    [Fact]
    public void TheLogsHoldBeforeAnythingIsPlanted() =>
        Assert.All(_logs, static log => Assert.Empty(Differing(log.Value)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AWrongFigureIsSeen(string kind)
    {
        int planted = 0;
        foreach ((string name, List<string> log) in _logs)
        {
            foreach (LogFigure figure in Read(log).Figures.Where(figure => FigureKinds.Of(figure.Name) == kind))
            {
                List<string>? wrong = Plant(log, figure);
                if (wrong is not null)
                {
                    planted++;
                    Assert.True(Differing(wrong).Count != 0, $"{name}: {figure}: {wrong[figure.Line - 1]} is not seen");
                }
            }
        }

        Assert.True(planted != 0, $"no log has a figure of the kind {kind}");
    }

    // A great deal more, so that it is outside of bounds too. Everything else in the line stays.
    private static List<string>? Plant(List<string> log, LogFigure figure)
    {
        string line = log[figure.Line - 1];
        foreach (Match number in Number().Matches(line))
        {
            long value = figure.Value + (figure.Name.Contains("KB", StringComparison.Ordinal) ? 400_000 : 4);
            foreach (string format in (string[])["d", "x8", "x16"])
            {
                string text = value.ToString(format, CultureInfo.InvariantCulture);
                List<string> wrong = [.. log];
                wrong[figure.Line - 1] = line.Remove(number.Index, number.Length).Insert(number.Index, text);
                List<LogFigure> figures = Read(wrong).Figures;
                bool isAlone = figures.Except(Read(log).Figures).Count() == 1;
                if (isAlone && figures.Contains(figure with { Value = value }))
                {
                    return wrong;
                }
            }
        }

        return null;
    }

    private static List<ReplayRow> Differing(List<string> log)
    {
        try
        {
            return [.. LogReplay.Run(Read(log)).Rows.Where(static row => row.Verdict == ReplayVerdict.Differ)];
        }
        catch (Exception e) when (e is MachineException)
        {
            // A machine that cannot be: that is seen, too.
            return [new ReplayRow(e.Message, null, 0, 0, ReplayVerdict.Differ)];
        }
    }

    private static BootLog Read(List<string> log) =>
        BootLogReader.Read(Encoding.UTF8.GetBytes(string.Join('\n', log)), "log");

    private static Dictionary<string, List<string>> Logs()
    {
        BootConfig i386 = BootConfig.Default with { Architecture = Architecture.I386, HasPae = true };
        BootConfig narrow = i386 with { HasHighMem = false, HasPae = false };
        BootConfig arm = BootConfig.Default with { Architecture = Architecture.Arm };
        BootConfig x64 = BootConfig.Default with { Architecture = Architecture.X86_64, IsNuma = true, CpuCount = 8 };
        string[] nodes = ["SRAT: Node 0 PXM 0 0-5fffffff", "SRAT: Node 1 PXM 1 60000000-bfffffff"];
        const string Initrd = "[Linux-initrd @ 0x1fa00000, 0x200000 bytes]";
        List<string> withInitrd = MadeLogs.Boot("2.6.14", [Low, Of512MiB, Initrd], i386);
        withInitrd.Add("Freeing initrd memory: 2048k freed");
        return new Dictionary<string, List<string>>
        {
            ["i386 2.6.9"] = MadeLogs.Boot("2.6.9", [Low, Of512MiB], i386),
            ["i386 2.6.12, 896 MB"] = MadeLogs.Boot("2.6.12", [Low, Of3GiB], narrow),
            ["i386 2.6.12, 4 GB"] = MadeLogs.Boot("2.6.12", [Low, Of3GiB, Above], i386 with { HasPae = false }),
            ["i386 2.6.13, PAE"] = MadeLogs.Boot("2.6.13", [Low, Of3GiB, Above], i386),
            ["i386 2.6.14, INITRD"] = withInitrd,
            ["i386 2.6.16"] = MadeLogs.Boot("2.6.16", [Low, Of3GiB], i386),
            ["i386 2.6.18"] = MadeLogs.Boot("2.6.18", [Low, Of512MiB], i386),
            ["x86-64 2.6.13, one node"] = MadeLogs.Boot("2.6.13", [Low, Of3GiB], x64),
            ["x86-64 2.6.14, two nodes"] = MadeLogs.Boot("2.6.14", [Low, Of3GiB, .. nodes], x64),
            ["x86-64 2.6.15"] = MadeLogs.Boot("2.6.15", [Low, Of3GiB, Above], x64 with { IsNuma = false }),
            ["ARM 2.6.13"] = MadeLogs.Boot("2.6.13", ["Memory: 64MB 0MB = 64MB total"], arm),
        };
    }

    [GeneratedRegex("""(?<!\w)-?(?:\d+|[0-9a-f]{8,16})(?![\da-f])""")]
    private static partial Regex Number();
}
