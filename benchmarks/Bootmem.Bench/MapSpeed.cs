using System;
using System.Collections.Generic;
using System.Diagnostics;
using Bootmem.Lab.Benchmarks;

namespace Bootmem.Bench;

/// <summary>
/// How fast a bitmap is filled and handed over, beside <see cref="Span{T}.Fill"/> over the same bytes. The two take
/// turns, so that what else the machine does hits both.
/// </summary>
internal static class MapSpeed
{
    // A bitmap of 32 MiB: no cache holds it.
    private const int Gigabytes = 1024;
    private const double Asked = 0.8;
    private const int WarmUps = 5;

    /// <summary>Measures both maps: with an index, as hosts have it, and plain bits, as bare metal has them.</summary>
    /// <param name="replays">How many times.</param>
    public static IEnumerable<TableRow> Measure(int replays)
    {
        foreach (bool isIndexed in new[] { true, false })
        {
            string map = isIndexed ? "indexed map" : "plain bits";
            using BenchNode node = new(Gigabytes, isIndexed);
            yield return Race($"fill: init_bootmem of 1 TiB, {map}", node, replays, node.Reset, node.Initialise);
            yield return Race(
                $"free: free_bootmem of 1 TiB, {map}", node, replays, () => ComeUp(node, false), node.FreeAll);
            yield return Race(
                $"hand-over: free_all_bootmem of 1 TiB, {map}", node, replays, () => ComeUp(node, true), node.HandOver);
        }
    }

    private static void ComeUp(BenchNode node, bool isFree)
    {
        node.Reset();
        node.Initialise();
        if (isFree)
        {
            node.FreeAll();
        }
    }

    private static TableRow Race(string work, BenchNode node, int replays, Action prepare, Action run)
    {
        List<double> ours = [];
        List<double> fills = [];
        for (int i = 0; i < replays + WarmUps; i++)
        {
            double fill = Time(() => node.Map.Fill(0xff));
            prepare();
            double time = Time(run);
            if (i >= WarmUps)
            {
                fills.Add(fill);
                ours.Add(time);
            }
        }

        return new TableRow
        {
            Work = work,
            OurNs = Figures.Median(ours),
            ReferenceNs = Figures.Median(fills),
            Ratio = Figures.MedianRatio(fills, ours),
            Reference = "Span.Fill",
            Asked = Asked,
        };
    }

    /// <summary>How long something takes, in nanoseconds.</summary>
    public static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Math.Max(Stopwatch.GetElapsedTime(start).TotalNanoseconds, 1);
    }
}
