using System;
using System.Globalization;

namespace Bootmem.Lab.Benchmarks;

/// <summary>How long a script takes.</summary>
public sealed record BenchResult
{
    /// <summary>The script's name.</summary>
    public required string Script { get; init; }

    /// <summary>How many calls one replay makes.</summary>
    public required int Calls { get; init; }

    /// <summary>How many figures were taken. Of what is quick each is the mean of many replays.</summary>
    public required int Replays { get; init; }

    /// <summary>Nanoseconds a replay, the middle one.</summary>
    public required double MedianNs { get; init; }

    /// <summary>Nanoseconds a replay, the fastest.</summary>
    public required double MinNs { get; init; }

    /// <summary>Nanoseconds between the replays a tenth from the fastest and a tenth from the slowest.</summary>
    public required double SpreadNs { get; init; }

    /// <summary>What it was raced against.</summary>
    public Opponent Opponent { get; init; }

    /// <summary>Nanoseconds a replay takes the opponent, the middle one; 0 if there is none.</summary>
    public double OpponentMedianNs { get; init; }

    /// <summary>Nanoseconds a replay takes the opponent, the fastest; 0 if there is none.</summary>
    public double OpponentMinNs { get; init; }

    /// <summary>Calls a second, at the median.</summary>
    public double CallsPerSecond => MedianNs > 0 ? Calls * 1e9 / MedianNs : 0;

    /// <summary>
    /// How many times as long the opponent takes: of each two figures that were taken one after the other, the middle
    /// one; 0 if there is no opponent. Where the machine has two speeds, the medians may be of one each.
    /// </summary>
    public double Ratio { get; init; }

    /// <summary>The same of the fastest replays, which what else the machine does hits least.</summary>
    public double MinRatio => MinNs > 0 ? OpponentMinNs / MinNs : 0;

    /// <summary>The result as one line.</summary>
    public override string ToString()
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Script}: median {MedianNs:F0} ns, min {MinNs:F0} ns, spread {SpreadNs:F0} ns a replay; ");
        text += string.Create(
            CultureInfo.InvariantCulture, $"{Calls} calls, {CallsPerSecond:F0} calls/s, {Replays} replays");
        return OpponentMedianNs == 0
            ? text
            : text + string.Create(
                CultureInfo.InvariantCulture,
                $"; {(Opponent == Opponent.Gcc ? "gcc" : "naive")} {OpponentMedianNs:F0} ns, ratio {Ratio:F2} ")
                + string.Create(CultureInfo.InvariantCulture, $"(of the fastest {MinRatio:F2})");
    }
}
