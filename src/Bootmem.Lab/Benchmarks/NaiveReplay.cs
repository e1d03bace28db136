using System;
using System.Diagnostics;
using Bootmem.Lab.Reference;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The allocator that goes bit by bit.</summary>
internal sealed class NaiveReplay(ScriptHeader header, int nodeCount, ScriptStep[] steps) : IReplay
{
    private readonly NaiveBootmem _reference = new(header, nodeCount);

    /// <summary>What each call gives.</summary>
    public ScriptOutcome[] Outcomes()
    {
        _reference.Reset();
        ScriptOutcome[] outcomes = new ScriptOutcome[steps.Length];
        for (int i = 0; i < steps.Length && (i == 0 || !outcomes[i - 1].IsEnd); i++)
        {
            outcomes[i] = _reference.Execute(steps[i]);
        }

        return outcomes;
    }

    public double Replay(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            _reference.Reset();
            foreach (ref readonly ScriptStep step in steps.AsSpan())
            {
                if (_reference.Execute(step).IsEnd)
                {
                    break;
                }
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    public void Dispose() => _reference.Dispose();
}
