using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bootmem.Lab.Reference;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>
/// Replays scripts and measures how long the calls take. Reading and showing are outside of it, <c>state</c> and
/// <c>handed</c> are left out, and bitmaps lie in the same memory each time.
/// </summary>
public static class ScriptBench
{
    // A sample is made of as many replays as take about this long: the clock's own cost must not show.
    private const double SampleNs = 50_000;

    private const int LeastSamples = 20;

    // Code is compiled anew while it runs hot; that takes a while, and calls.
    private const double WarmUpNs = 400_000_000;
    private const int WarmUpReplays = 40;

    // Slow scripts would take minutes otherwise: what takes a second a replay is replayed but a few times.
    private const double MostWarmUpNs = 3_000_000_000;

    /// <summary>Measures a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="replays">How many replays to measure, at least 1.</param>
    /// <param name="againstNaive">Whether to measure the bit-by-bit allocator as well, and compare outcomes.</param>
    /// <param name="error">What is wrong, if it cannot be measured.</param>
    /// <returns>The result; null if there is an error.</returns>
    public static BenchResult? Run(ScriptFile script, int replays, bool againstNaive, out ScriptError? error)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentOutOfRangeException.ThrowIfLessThan(replays, 1);
        ScriptStep[] steps = CallsOf(script.Steps);
        error = script.CheckKernel(script.Header.Version);
        if (error != null)
        {
            return null;
        }

        using ScriptMachine machine = new(script.Header, script.NodeCount);
        ScriptOutcome[] outcomes = new ScriptOutcome[steps.Length];
        int calls = machine.Run(steps, outcomes);
        if (calls > 0 && outcomes[calls - 1].Kind == ScriptOutcomeKind.Refused)
        {
            error = new ScriptError(
                script.Name, steps[calls - 1].Line, 1, "the bitmap is too large", Words.Size(machine.Fault.Size),
                $"at most {Words.Size(machine.MaxMapBytes)} for all bitmaps of a script");
            return null;
        }

        List<double> naive = [];
        if (againstNaive)
        {
            using NaiveBootmem reference = new(script.Header, script.NodeCount);
            error = Compare(script.Name, reference, steps.AsSpan(0, calls), outcomes);
            if (error != null)
            {
                return null;
            }

            naive = Measure(Math.Min(replays, 20), () => Replay(reference, steps));
        }

        List<double> times = Measure(replays, () => Replay(machine, steps));
        return new BenchResult
        {
            Script = script.Name,
            Calls = calls,
            Replays = replays,
            MedianNs = At(times, 0.5),
            MinNs = times[0],
            SpreadNs = At(times, 0.9) - At(times, 0.1),
            NaiveMedianNs = naive.Count == 0 ? 0 : At(naive, 0.5),
        };
    }

    private static ScriptStep[] CallsOf(ReadOnlySpan<ScriptStep> steps)
    {
        List<ScriptStep> calls = [];
        foreach (ref readonly ScriptStep step in steps)
        {
            if (step.Op is not (ScriptOp.State or ScriptOp.Handed))
            {
                calls.Add(step);
            }
        }

        return [.. calls];
    }

    private static ScriptError? Compare(
        string name, NaiveBootmem reference, ReadOnlySpan<ScriptStep> steps, ScriptOutcome[] outcomes)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            // What the kernel leaves undefined is not told apart bit by bit.
            if (outcomes[i].Kind == ScriptOutcomeKind.Undefined)
            {
                break;
            }

            ScriptOutcome expected = reference.Execute(steps[i]);
            if (expected != outcomes[i])
            {
                return new ScriptError(
                    name, steps[i].Line, 1, "the allocator differs from the bit-by-bit one",
                    outcomes[i].ToString(), expected.ToString());
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Replay(ScriptMachine machine, ScriptStep[] steps)
    {
        machine.Reset();
        machine.Run(steps, default);
    }

    private static void Replay(NaiveBootmem reference, ScriptStep[] steps)
    {
        reference.Reset();
        for (int i = 0; i < steps.Length; i++)
        {
            if (reference.Execute(steps[i]).IsEnd)
            {
                break;
            }
        }
    }

    // Nanoseconds a replay of each sample, ascending.
    private static List<double> Measure(int replays, Action replay)
    {
        double each = WarmUp(replay);
        int batch = (int)Math.Clamp(SampleNs / each, 1, Math.Max(replays / LeastSamples, 1));
        List<double> times = [];
        for (int done = 0; done < replays; done += batch)
        {
            int count = Math.Min(batch, replays - done);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                replay();
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
        }

        times.Sort();
        return times;
    }

    private static double WarmUp(Action replay)
    {
        double best = double.MaxValue;
        double total = 0;
        for (int i = 0; total < MostWarmUpNs && (i < WarmUpReplays || total < WarmUpNs); i++)
        {
            long start = Stopwatch.GetTimestamp();
            replay();
            double time = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            best = Math.Min(best, Math.Max(time, 1));
            total += time;
        }

        return best;
    }

    private static double At(List<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];
}
