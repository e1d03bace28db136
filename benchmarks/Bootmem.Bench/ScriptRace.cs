using System;
using Bootmem.Lab.Benchmarks;
using Bootmem.Lab.Scripts;

namespace Bootmem.Bench;

/// <summary>A race over scripts against another allocator, whose outcomes must be the same; or against nobody.</summary>
/// <param name="against">One of <see cref="Opponents"/>; null for nobody.</param>
internal sealed class ScriptRace(string? against) : IDisposable
{
    /// <summary>The allocators that can be raced, the usual one first.</summary>
    public static string[] Opponents => ["naive"];

    /// <summary>Nanoseconds a replay that the other allocator takes, the median.</summary>
    public static double TheirNs(BenchResult result) => result.NaiveMedianNs;

    /// <summary>Measures a script; null if there is an error.</summary>
    public BenchResult? Run(ScriptFile script, int replays, out ScriptError? error) =>
        ScriptBench.Run(script, replays, against == "naive", out error);

    /// <summary>Removes what was compiled for the race.</summary>
    public void Dispose()
    {
    }
}
