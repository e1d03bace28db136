using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Recordings;

/// <summary>Pages that are alike.</summary>
/// <param name="StartPfn">The first page.</param>
/// <param name="EndPfn">The first page behind them.</param>
/// <param name="Use">What they are.</param>
/// <param name="Owner">Index of their owner's name.</param>
/// <param name="Step">Index of the call that made them so; -1 if none did.</param>
public readonly record struct MapRun(ulong StartPfn, ulong EndPfn, PageUse Use, int Owner, int Step)
{
    /// <summary>How many pages.</summary>
    public ulong PageCount => EndPfn - StartPfn;
}

/// <summary>What each page is at one moment, as sorted runs. What no run tells of is a hole.</summary>
public sealed class PageMap
{
    private readonly List<MapRun> _runs = [];

    /// <summary>The runs, sorted, without overlap.</summary>
    public IReadOnlyList<MapRun> Runs => _runs;

    /// <summary>Applies a change.</summary>
    /// <param name="change">The pages and what they become.</param>
    /// <param name="step">Index of the call.</param>
    public void Set(PageChange change, int step)
    {
        if (change.StartPfn >= change.EndPfn)
        {
            return;
        }

        int first = FirstEndingBehind(change.StartPfn);
        int last = first;
        List<MapRun> replacement = [new(change.StartPfn, change.EndPfn, change.Use, change.Owner, step)];
        for (; last < _runs.Count && _runs[last].StartPfn < change.EndPfn; last++)
        {
            MapRun old = _runs[last];
            if (old.StartPfn < change.StartPfn)
            {
                replacement.Insert(0, old with { EndPfn = change.StartPfn });
            }

            if (old.EndPfn > change.EndPfn)
            {
                replacement.Add(old with { StartPfn = change.EndPfn });
            }
        }

        _runs.RemoveRange(first, last - first);
        _runs.InsertRange(first, replacement);
    }

    /// <summary>The runs of a range, cut to it, without a gap: holes too.</summary>
    /// <param name="startPfn">The first page.</param>
    /// <param name="endPfn">The first page behind the range.</param>
    public IEnumerable<MapRun> Within(ulong startPfn, ulong endPfn)
    {
        ulong next = startPfn;
        for (int i = FirstEndingBehind(startPfn); i < _runs.Count && _runs[i].StartPfn < endPfn; i++)
        {
            MapRun run = _runs[i];
            if (run.StartPfn > next)
            {
                yield return new MapRun(next, run.StartPfn, PageUse.Hole, 0, -1);
                next = run.StartPfn;
            }

            ulong end = Math.Min(run.EndPfn, endPfn);
            yield return run with { StartPfn = next, EndPfn = end };
            next = end;
        }

        if (next < endPfn)
        {
            yield return new MapRun(next, endPfn, PageUse.Hole, 0, -1);
        }
    }

    private int FirstEndingBehind(ulong pfn)
    {
        int low = 0;
        int high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_runs[middle].EndPfn <= pfn)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
