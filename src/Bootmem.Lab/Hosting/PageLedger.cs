using System;
using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>What a page is.</summary>
public enum PageUse
{
    /// <summary>No bank holds it.</summary>
    Hole,

    /// <summary>Reserved from the start: never freed to bootmem, as it is no whole page of RAM, or not
    /// bootmem's.</summary>
    Unclaimed,

    /// <summary>Free in bootmem.</summary>
    Free,

    /// <summary>Reserved or allocated; it has an owner.</summary>
    Owned,

    /// <summary>Handed over to the page allocator.</summary>
    HandedOver,
}

/// <summary>A run of pages that are used alike.</summary>
/// <param name="StartPfn">The first page.</param>
/// <param name="EndPfn">The first page behind it.</param>
/// <param name="Node">Its node.</param>
/// <param name="Use">What the pages are.</param>
/// <param name="Owner">Whose they are.</param>
/// <param name="Call">The call that made them so.</param>
public readonly record struct PageRun(ulong StartPfn, ulong EndPfn, int Node, PageUse Use, Owner Owner, Call Call)
{
    /// <summary>How many pages.</summary>
    public ulong PageCount => EndPfn - StartPfn;

    internal bool IsLike(in PageRun other) =>
        Node == other.Node && Use == other.Use && Owner == other.Owner && Call == other.Call;
}

/// <summary>
/// Who owns which page: kept from the allocator's events, as runs, sorted by page. What is owned already stays with its
/// first owner when it is reserved once more.
/// </summary>
public sealed class PageLedger
{
    private readonly List<PageRun> _runs = [];

    /// <summary>The runs, sorted by page, without overlap, each as long as it can be.</summary>
    public IReadOnlyList<PageRun> Runs => _runs;

    /// <summary>The bytes that somebody asked for and did not give back.</summary>
    public ByteLedger Bytes { get; } = new();

    /// <summary>Bytes that were asked for, and pages that they took, by owner.</summary>
    public Dictionary<Owner, OwnerUse> Uses { get; } = [];

    /// <summary>Follows a change.</summary>
    /// <param name="change">The allocator's event.</param>
    public void Record(in BootEvent change)
    {
        ulong end = change.FirstPfn + change.PageCount;
        Bytes.Record(change);
        switch (change.Kind)
        {
            case BootEventKind.NodeInitialised:
                Set(new PageRun(change.FirstPfn, end, change.Node, PageUse.Unclaimed, Owner.Unnamed, change.Call));
                break;
            case BootEventKind.Freed:
                Set(new PageRun(change.FirstPfn, end, change.Node, PageUse.Free, Owner.Unnamed, change.Call));
                break;
            case BootEventKind.Reserved:
                Claim(new PageRun(change.FirstPfn, end, change.Node, PageUse.Owned, change.Owner, change.Call));
                break;
            case BootEventKind.Allocated:
                Claim(new PageRun(change.FirstPfn, end, change.Node, PageUse.Owned, change.Owner, change.Call));
                OwnerUse use = Uses.GetValueOrDefault(change.Owner);
                Uses[change.Owner] = new OwnerUse(
                    use.CallCount + 1, use.ByteCount + change.Size, use.PageCount + change.PageCount);
                break;
            default:
                break;
        }
    }

    /// <summary>Gives pages that no call of bootmem tells of to an owner.</summary>
    /// <param name="run">The pages.</param>
    public void Set(PageRun run)
    {
        if (run.PageCount == 0)
        {
            return;
        }

        int first = FirstEndingBehind(run.StartPfn);
        int last = first;
        List<PageRun> replacement = [];
        while (last < _runs.Count && _runs[last].StartPfn < run.EndPfn)
        {
            PageRun old = _runs[last++];
            if (old.StartPfn < run.StartPfn)
            {
                replacement.Add(old with { EndPfn = run.StartPfn });
            }

            if (old.EndPfn > run.EndPfn)
            {
                replacement.Add(old with { StartPfn = run.EndPfn });
            }
        }

        int at = replacement.Count > 0 && replacement[0].StartPfn < run.StartPfn ? 1 : 0;
        replacement.Insert(at, run);
        _runs.RemoveRange(first, last - first);
        _runs.InsertRange(first, replacement);
        Join(Math.Max(first - 1, 0), first + replacement.Count);
    }

    /// <summary>The run that a page lies in.</summary>
    /// <param name="pfn">A page number.</param>
    public PageRun At(ulong pfn)
    {
        int index = FirstEndingBehind(pfn);
        return index < _runs.Count && _runs[index].StartPfn <= pfn
            ? _runs[index] : new PageRun(pfn, pfn + 1, -1, PageUse.Hole, Owner.Unnamed, default);
    }

    /// <summary>The runs of a range, cut to it; what no run tells of is a hole.</summary>
    /// <param name="startPfn">The first page.</param>
    /// <param name="endPfn">The first page behind the range.</param>
    public IEnumerable<PageRun> Within(ulong startPfn, ulong endPfn)
    {
        ulong next = startPfn;
        for (int i = FirstEndingBehind(startPfn); i < _runs.Count && _runs[i].StartPfn < endPfn; i++)
        {
            PageRun run = _runs[i];
            if (run.StartPfn > next)
            {
                yield return new PageRun(next, run.StartPfn, -1, PageUse.Hole, Owner.Unnamed, default);
            }

            yield return run with { StartPfn = Math.Max(run.StartPfn, next), EndPfn = Math.Min(run.EndPfn, endPfn) };
            next = Math.Min(run.EndPfn, endPfn);
        }

        if (next < endPfn)
        {
            yield return new PageRun(next, endPfn, -1, PageUse.Hole, Owner.Unnamed, default);
        }
    }

    // Only what has no owner yet.
    private void Claim(PageRun wanted)
    {
        ulong next = wanted.StartPfn;
        while (next < wanted.EndPfn)
        {
            PageRun old = At(next);
            ulong end = Math.Min(old.EndPfn, wanted.EndPfn);
            if (old.Use != PageUse.Owned)
            {
                Set(wanted with { StartPfn = next, EndPfn = end });
            }

            next = end;
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

    private void Join(int first, int end)
    {
        for (int i = Math.Min(end, _runs.Count - 1); i > first; i--)
        {
            PageRun left = _runs[i - 1];
            PageRun right = _runs[i];
            if (left.EndPfn == right.StartPfn && left.IsLike(right))
            {
                _runs[i - 1] = left with { EndPfn = right.EndPfn };
                _runs.RemoveAt(i);
            }
        }
    }
}

/// <summary>What an owner asked bootmem for, and what it took.</summary>
/// <param name="CallCount">Allocations.</param>
/// <param name="ByteCount">Bytes asked for.</param>
/// <param name="PageCount">Pages taken.</param>
public readonly record struct OwnerUse(int CallCount, ulong ByteCount, ulong PageCount);
