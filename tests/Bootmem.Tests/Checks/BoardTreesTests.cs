using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Checks;
using Bootmem.Tests.Firmware;
using Xunit;

namespace Bootmem.Tests.Checks;

/// <summary>The trees of real boards. The command <c>tests/boards</c> gets them and runs this.</summary>
public sealed class BoardTreesTests
{
    [Fact(Explicit = true)]
    public unsafe void EveryBoardIsReadAsDtcReadsIt()
    {
        string? folder = Environment.GetEnvironmentVariable("BOOTMEM_BOARDS");
        Assert.SkipWhen(folder is null, "BOOTMEM_BOARDS names no folder: the command tests/boards does.");
        string[] paths =
            [.. Directory.EnumerateFiles(folder!, "*.dtb", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(paths);
        SortedDictionary<string, int> found = new(StringComparer.Ordinal);
        List<double> times = [];
        int withoutRam = 0;
        int withProblems = 0;
        using (MachineFile first = MachineFile.Load(paths[0]))
        {
            // Once for nothing: compiling our own code is not what is measured.
            CheckReport.Write("", MachineCheck.Run(first), TextWriter.Null);
        }

        foreach (string path in paths)
        {
            DtcTree expected = new(ExternalTool.Run("dtc", "-q", "-I", "dtb", "-O", "dts", path));
            long begun = Stopwatch.GetTimestamp();
            using MachineFile file = MachineFile.Load(path);
            CheckResult result = MachineCheck.Run(file);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            ref readonly BootInfo info = ref *file.Info;
            Assert.Equal(expected.Banks(), Banks(info));
            Assert.Equal(expected.Header, Reservations(info, true));
            Assert.Equal(expected.Reserved(), Reservations(info, false));
            Assert.Equal(expected.DynamicCount(), info.DynamicReservationCount);
            Assert.Equal(expected.DynamicCount(), result.Picture.Dynamic.Count);
            using StringWriter report = new();
            CheckReport.Write(Path.GetFileName(path), result, report);
            Assert.EndsWith(result.Findings.Count - result.ProblemCount == 1 ? " note\n" : " notes\n",
                report.ToString(), StringComparison.Ordinal);
            withoutRam += result.Picture.HasRam ? 0 : 1;
            withProblems += result.ProblemCount == 0 ? 0 : 1;
            foreach (CheckFinding finding in result.Findings.Where(finding => finding.IsProblem))
            {
                string name = FindingNames.Of(finding.Kind);
                found[name] = found.GetValueOrDefault(name) + 1;
                TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {name}: {finding.Text}");
            }
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{paths.Length} boards, {withoutRam} without RAM, {withProblems} with problems "
            + $"({string.Join(", ", found.Select(pair => $"{pair.Value} {pair.Key}"))}); "
            + $"read and checked in {times[times.Count / 2]:0.00} ms each (median), {times[^1]:0.0} ms the slowest"));
    }

    private static unsafe List<(ulong Start, ulong Size)> Banks(in BootInfo info)
    {
        List<(ulong Start, ulong Size)> banks = [];
        for (int i = 0; i < info.BankCount; i++)
        {
            banks.Add((info.Banks[i].Start, info.Banks[i].Size));
        }

        return banks;
    }

    private static unsafe List<(ulong Start, ulong Size)> Reservations(in BootInfo info, bool isHeader)
    {
        List<(ulong Start, ulong Size)> kept = [];
        for (int i = 0; i < info.ReservationCount; i++)
        {
            if (info.Reservations[i].IsHeader == isHeader)
            {
                kept.Add((info.Reservations[i].Start, info.Reservations[i].Size));
            }
        }

        return kept;
    }
}
