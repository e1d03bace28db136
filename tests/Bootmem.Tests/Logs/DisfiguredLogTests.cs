using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>
/// Random machines are booted, and their logs are replayed as people would paste them: nothing differs, and nothing is
/// lost.
/// </summary>
public sealed class DisfiguredLogTests
{
    private static readonly Func<string, Random, string>[] _prefixes =
    [
        static (line, _) => line,
        static (line, random) => $"<{random.Next(8)}>{line}",
        static (line, random) => $"[{random.Next(100),5}.{random.Next(1000000):d6}] {line}",
        static (line, random) => $"[429466{random.Next(10)}.296000] {line}",
        static (line, _) => $"Nov 23 10:00:00 box kernel: {line}",
        static (line, random) => $"Nov  3 10:00:0{random.Next(10)} box kernel: [   {random.Next(10)}.000000] {line}",
        static (line, _) => $"2005-11-23T10:00:00.123456+01:00 box kernel: {line}",
        static (line, _) => $"> {line}",
        static (line, _) => $"> > | {line}",
        static (line, _) => $"[Wed Nov 23 10:00:00 2005] {line}",
        static (line, random) => $"[{random.Next(9)}.000123 0.000045] {line}",
        static (line, _) => $"\x1b[0m{line}\x1b[K",
        static (line, _) => $"\t{line}  \t",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NothingDiffersHoweverItIsPasted(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 60; i++)
        {
            List<string> log = MadeLogs.Random(random);
            ReplayResult plain = Replay(log, "\n");
            AssertSame(plain, log);
            Assert.True(plain.Count(ReplayVerdict.Match) > 10, string.Join('\n', log));

            List<string> pasted = Disfigure(log, random);
            ReplayResult result = Replay(pasted, random.Next(2) == 0 ? "\n" : "\r\n");
            AssertSame(result, pasted);
            Assert.Equal(plain.Rows.Count, result.Rows.Count);
            Assert.Equal(plain.Count(ReplayVerdict.Match), result.Count(ReplayVerdict.Match));
        }
    }

    // A ring buffer that was too small, a screen's worth of a log: what is left does not differ.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void NothingDiffersWhereAnEndIsMissing(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 60; i++)
        {
            List<string> log = MadeLogs.Random(random);
            int range = log.FindIndex(static line => line.Contains("0000100000 - ", StringComparison.Ordinal));
            int first = random.Next(2) == 0 ? 0 : range;
            List<string> left = [.. log.Skip(Math.Max(first, 0)).Take(random.Next(12, log.Count))];
            try
            {
                AssertSame(Replay(left, "\n"), left);
            }
            catch (Lab.MachineFileException e)
            {
                Assert.Contains("found no ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static void AssertSame(ReplayResult result, List<string> log) => Assert.True(
        result.Differing == 0,
        $"{result.Rows.FirstOrDefault(static row => row.Verdict == ReplayVerdict.Differ)}\n{string.Join('\n', log)}");

    private static List<string> Disfigure(List<string> log, Random random)
    {
        Func<string, Random, string> prefix = _prefixes[random.Next(_prefixes.Length)];
        int width = random.Next(3) == 0 ? random.Next(60, 80) : int.MaxValue;
        List<string> pasted = [];
        if (random.Next(2) == 0)
        {
            pasted.Add("Hello, my machine prints this:");
        }

        foreach (string line in log)
        {
            foreach (string part in Wrap(line, width))
            {
                pasted.Add(prefix(part, random));
            }

            if (random.Next(12) == 0)
            {
                pasted.Add("");
            }
        }

        return pasted;
    }

    // The banner and the command line are let be: a mail program cannot be told from a user there.
    private static IEnumerable<string> Wrap(string line, int width)
    {
        bool isText = line.StartsWith("Linux", StringComparison.Ordinal)
            || line.Contains("ommand line", StringComparison.Ordinal);
        while (!isText && line.Length > width)
        {
            int space = line.LastIndexOf(' ', width);
            if (space <= 0)
            {
                break;
            }

            yield return line[..space];
            line = line[(space + 1)..];
        }

        yield return line;
    }

    private static ReplayResult Replay(List<string> lines, string end) =>
        LogReplay.Run(BootLogReader.Read(Encoding.UTF8.GetBytes(string.Join(end, lines)), "log"));
}
