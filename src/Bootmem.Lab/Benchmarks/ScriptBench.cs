using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>What the allocator is raced against.</summary>
public enum Opponent
{
    /// <summary>Nothing: its own time only.</summary>
    None,

    /// <summary>The allocator in C# that goes bit by bit.</summary>
    Naive,

    /// <summary>The yardstick: an allocator in C that goes bit by bit, compiled with gcc -O2.</summary>
    Gcc,
}

/// <summary>
/// Replays scripts and measures how long the calls take. Reading and showing are outside of it, <c>state</c> and
/// <c>handed</c> are left out. Where there is an opponent the two take turns, so that what else the machine does hits
/// both, and what each call gives is compared first.
/// </summary>
public sealed class ScriptBench : IDisposable
{
    /// <summary>How many figures are taken at the most where the opponent is slow: it would take minutes
    /// otherwise.</summary>
    public const int MostSlowSamples = 20;

    // What is quick is replayed as often for one figure as takes about this long: the clock's own cost must not show.
    // All figures together, and what goes before each, are to take about as long as the second, or one replay each.
    private const double SampleNs = 200_000;
    private const double MostRaceNs = 3_000_000_000;

    private const double LeadNs = 5_000_000;
    private const double MostLeadNs = 50_000_000;
    private const int LeastLead = 3;

    private const int MostFigures = 10_000;

    private const double SlowNs = 20_000_000;

    // Code is compiled anew while it runs hot, in the background, once nothing new was called for a while: it is run in
    // rounds with a pause behind each, until one is no faster than those before.
    private const double RoundNs = 50_000_000;
    private const int RoundReplays = 40;
    private const int LeastRounds = 4;
    private const int MostRounds = 20;
    private const int PauseMs = 150;
    private const double SteadyPart = 0.95;

    private const int TrainingRounds = 8;
    private const int MostTrained = 100;

    // What takes a second a replay is replayed but a few times.
    private const double MostWarmUpNs = 2_000_000_000;

    private readonly Opponent _opponent;
    private readonly YardstickBuild? _build;

    /// <summary>A race track.</summary>
    /// <param name="opponent">What to race against. For <see cref="Opponent.Gcc"/> the compiler is installed if it is
    /// not there and may be.</param>
    public ScriptBench(Opponent opponent = Opponent.None)
    {
        _opponent = opponent;
        if (opponent == Opponent.Gcc)
        {
            YardstickBuild.InstallCompiler();
            _build = new YardstickBuild();
        }
    }

    /// <summary>
    /// Replays scripts in turn, unmeasured. Code is compiled for good by what it did first: one script alone would have
    /// it made for that script.
    /// </summary>
    /// <param name="scripts">The scripts that are to be measured; of very many some are enough.</param>
    public static void Train(IEnumerable<ScriptFile> scripts)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        List<AllocatorReplay> replays = [];
        try
        {
            foreach (ScriptFile script in scripts.Take(MostTrained))
            {
                if (Prepare(script, out _, out _) is ScriptStep[] steps)
                {
                    replays.Add(new AllocatorReplay(script.Header, script.NodeCount, steps));
                }
            }

            for (int round = 0; round < TrainingRounds && replays.Count > 1; round++)
            {
                for (double total = 0; total < RoundNs;)
                {
                    total += replays.Sum(replay => Math.Max(replay.Replay(1), 1));
                }

                Thread.Sleep(PauseMs);
            }
        }
        finally
        {
            replays.ForEach(replay => replay.Dispose());
        }
    }

    /// <summary>Measures a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="replays">How many figures to take, at least 1. Of what is quick each is the mean of many
    /// replays.</param>
    /// <param name="error">What is wrong, if it cannot be measured.</param>
    /// <returns>The result; null if there is an error.</returns>
    public BenchResult? Run(ScriptFile script, int replays, out ScriptError? error)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentOutOfRangeException.ThrowIfLessThan(replays, 1);
        if (Prepare(script, out ScriptOutcome[] outcomes, out error) is not ScriptStep[] steps)
        {
            return null;
        }

        using IReplay? opponent = NewOpponent(script, steps, out ScriptOutcome[] expected, out error);
        error ??= opponent == null ? null : Compare(script.Name, steps, expected, outcomes);
        if (error != null)
        {
            return null;
        }

        using AllocatorReplay ours = new(script.Header, script.NodeCount, steps);
        (List<double> times, List<double> theirs) = Race(ours, opponent, ref replays);
        double ratio = Figures.MedianRatio(theirs, times);
        times.Sort();
        theirs.Sort();
        return new BenchResult
        {
            Script = script.Name,
            Calls = steps.Length,
            Replays = replays,
            MedianNs = Figures.At(times, 0.5),
            MinNs = times[0],
            SpreadNs = Figures.At(times, 0.9) - Figures.At(times, 0.1),
            Opponent = _opponent,
            OpponentMedianNs = theirs.Count == 0 ? 0 : Figures.At(theirs, 0.5),
            OpponentMinNs = theirs.Count == 0 ? 0 : theirs[0],
            Ratio = ratio,
        };
    }

    /// <summary>Removes what was compiled.</summary>
    public void Dispose() => _build?.Dispose();

    // The calls that are raced, and what they give; null if there is an error.
    private static ScriptStep[]? Prepare(ScriptFile script, out ScriptOutcome[] outcomes, out ScriptError? error)
    {
        ScriptStep[] steps = CallsOf(script.Steps);
        outcomes = new ScriptOutcome[steps.Length];
        error = script.CheckKernel(script.Header.Version);
        if (error != null)
        {
            return null;
        }

        using ScriptMachine machine = new(script.Header, script.NodeCount);
        int calls = machine.Run(steps, outcomes);
        if (calls > 0 && outcomes[calls - 1].Kind == ScriptOutcomeKind.Refused)
        {
            error = new ScriptError(
                script.Name, steps[calls - 1].Line, 1, "the bitmap is too large", Words.Size(machine.Fault.Size),
                $"at most {Words.Size(machine.MaxMapBytes)} for all bitmaps of a script");
            return null;
        }

        // What the kernel leaves undefined is not raced.
        calls -= calls > 0 && outcomes[calls - 1].Kind == ScriptOutcomeKind.Undefined ? 1 : 0;
        outcomes = outcomes[..calls];
        return steps[..calls];
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

    private IReplay? NewOpponent(
        ScriptFile script, ScriptStep[] steps, out ScriptOutcome[] outcomes, out ScriptError? error)
    {
        error = null;
        outcomes = [];
        if (_opponent == Opponent.None)
        {
            return null;
        }

        if (_opponent == Opponent.Naive)
        {
            NaiveReplay naive = new(script.Header, script.NodeCount, steps);
            outcomes = naive.Outcomes();
            return naive;
        }

        try
        {
            YardstickReplay yardstick = new(_build!, script.Header, script.NodeCount, steps);
            outcomes = yardstick.Outcomes();
            return yardstick;
        }
        catch (YardstickException e)
        {
            string[] parts = e.Message.Split([": found ", ", expected "], StringSplitOptions.None);
            error = new ScriptError(script.Name, 0, 0, parts[0], parts[1], parts[2]);
            return null;
        }
    }

    private static ScriptError? Compare(
        string name, ScriptStep[] steps, ScriptOutcome[] expected, ScriptOutcome[] outcomes)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (expected[i] != outcomes[i])
            {
                return new ScriptError(
                    name, steps[i].Line, 1, "the allocator differs from the bit-by-bit one",
                    outcomes[i].ToString(), expected[i].ToString());
            }
        }

        return null;
    }

    // Nanoseconds a replay of each sample: ours and the opponent's, who take turns.
    private static (List<double> Ours, List<double> Theirs) Race(
        AllocatorReplay ours, IReplay? opponent, ref int replays)
    {
        double ourNs = WarmUp(ours);
        double theirNs = opponent == null ? 0 : WarmUp(opponent);
        replays = theirNs > SlowNs ? Math.Min(replays, MostSlowSamples) : replays;
        int batch = BatchFor(ourNs, replays);
        int theirBatch = opponent == null ? 0 : BatchFor(theirNs, replays);
        double leadNs = Math.Min(LeadNs, MostRaceNs / replays);

        // Who slept for long comes back to a processor that has to get up to speed.
        double ourLeadNs = Math.Max(leadNs, Math.Min(theirNs, MostLeadNs));
        List<double> times = [];
        List<double> theirs = [];

        // The opponent is asked in another process: of very many replays some are one figure.
        for (int done = 0; done < replays; done += Math.Max(replays / MostFigures, 1))
        {
            times.Add(Turn(ours, ourNs, batch, opponent == null ? 0 : ourLeadNs));
            if (opponent != null)
            {
                theirs.Add(Turn(opponent, theirNs, theirBatch, leadNs));
            }
        }

        return (times, theirs);
    }

    // Whoever's turn it is comes to a processor that slept, and to caches full of the other's things: some replays are
    // made before those that are measured. A slow one has all that behind it soon.
    private static double Turn(IReplay replay, double ns, int batch, double leadNs)
    {
        if (leadNs > 0 && ns < SlowNs)
        {
            _ = replay.Replay((int)Math.Max(leadNs / ns, LeastLead));
        }

        return replay.Replay(batch);
    }

    private static int BatchFor(double ns, int replays) =>
        (int)Math.Max(Math.Min(SampleNs, MostRaceNs / replays) / ns, Math.Max(replays / MostFigures, 1));

    private static double WarmUp(IReplay replay)
    {
        double best = double.MaxValue;
        double total = 0;
        bool isSteady = false;
        for (int round = 0; total < MostWarmUpNs && round < MostRounds && !(isSteady && round >= LeastRounds); round++)
        {
            if (round > 0)
            {
                Thread.Sleep(PauseMs);
            }

            double fastest = FastestOfRound(replay, ref total);
            isSteady = fastest > best * SteadyPart;
            best = Math.Min(best, fastest);
        }

        return best;
    }

    // Ever more replays at a time: an opponent in another process is not asked for each.
    private static double FastestOfRound(IReplay replay, ref double total)
    {
        double best = double.MaxValue;
        double end = Math.Min(total + RoundNs, MostWarmUpNs);
        int count = 1;
        for (int done = 0; total < MostWarmUpNs && (done < RoundReplays || total < end); done += count)
        {
            double time = Math.Max(replay.Replay(count), 1);
            best = Math.Min(best, time);
            total += time * count;
            count = time * count < SampleNs ? count * 2 : count;
        }

        return best;
    }
}
