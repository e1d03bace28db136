using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Scripts;

/// <summary>A run of pages of one owner.</summary>
/// <param name="FirstPfn">Number of its first page.</param>
/// <param name="EndPfn">Number of the first page behind it.</param>
/// <param name="Owner">Index of the call that took the pages, or that freed them.</param>
/// <param name="IsFree">Whether they are free.</param>
internal readonly record struct OwnedRun(ulong FirstPfn, ulong EndPfn, int Owner, bool IsFree)
{
    public ulong PageCount => EndPfn - FirstPfn;
}

/// <summary>
/// Which call took or freed each page of a node: a sorted list of runs that covers the node without a gap. Kept
/// beside the allocator, from its events, so that a trace can say who stands in the way.
/// </summary>
internal sealed class PageOwners
{
    private readonly List<OwnedRun> _runs = [];

    /// <summary>A node, all reserved by the call that brought it up.</summary>
    public PageOwners(ulong firstPfn, ulong pageCount, int owner)
    {
        if (pageCount != 0)
        {
            _runs.Add(new OwnedRun(firstPfn, firstPfn + pageCount, owner, false));
        }
    }

    /// <summary>Gives pages to a call; what lies outside the node is left out.</summary>
    public void Set(ulong firstPfn, ulong pageCount, int owner, bool isFree)
    {
        if (pageCount == 0 || _runs.Count == 0)
        {
            return;
        }

        ulong first = Math.Max(firstPfn, _runs[0].FirstPfn);
        ulong end = Math.Min(firstPfn + pageCount, _runs[^1].EndPfn);
        if (first >= end)
        {
            return;
        }

        int from = IndexOf(first);
        int to = IndexOf(end - 1);
        OwnedRun head = _runs[from];
        OwnedRun tail = _runs[to];
        List<OwnedRun> replacement = [];
        if (head.FirstPfn < first)
        {
            replacement.Add(head with { EndPfn = first });
        }

        replacement.Add(new OwnedRun(first, end, owner, isFree));
        if (end < tail.EndPfn)
        {
            replacement.Add(tail with { FirstPfn = end });
        }

        _runs.RemoveRange(from, to - from + 1);
        _runs.InsertRange(from, replacement);
    }

    /// <summary>Who has a page; null outside the node.</summary>
    public OwnedRun? Find(ulong pfn) =>
        _runs.Count == 0 || pfn < _runs[0].FirstPfn || pfn >= _runs[^1].EndPfn ? null : _runs[IndexOf(pfn)];

    /// <summary>The runs in [first, end), cut to it.</summary>
    public IEnumerable<OwnedRun> Between(ulong first, ulong end)
    {
        if (_runs.Count == 0 || first >= end)
        {
            yield break;
        }

        for (int i = IndexOf(Math.Max(first, _runs[0].FirstPfn)); i < _runs.Count && _runs[i].FirstPfn < end; i++)
        {
            OwnedRun run = _runs[i];
            if (run.EndPfn > first)
            {
                yield return run with { FirstPfn = Math.Max(first, run.FirstPfn), EndPfn = Math.Min(end, run.EndPfn) };
            }
        }
    }

    /// <summary>The free runs in [first, end), those side by side as one, whoever freed them.</summary>
    public IEnumerable<OwnedRun> FreeBetween(ulong first, ulong end)
    {
        OwnedRun? open = null;
        foreach (OwnedRun run in Between(first, end))
        {
            if (run.IsFree)
            {
                open = open is OwnedRun before ? before with { EndPfn = run.EndPfn } : run;
            }
            else if (open is OwnedRun done)
            {
                yield return done;
                open = null;
            }
        }

        if (open is OwnedRun last)
        {
            yield return last;
        }
    }

    private int IndexOf(ulong pfn)
    {
        int low = 0;
        int high = _runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_runs[middle].FirstPfn <= pfn)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
