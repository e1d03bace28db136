using System;
using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>Bytes that one owner asked for.</summary>
/// <param name="Start">Address of the first byte.</param>
/// <param name="End">Address behind the last byte.</param>
/// <param name="Owner">Whose they are.</param>
public readonly record struct ByteRun(ulong Start, ulong End, Owner Owner)
{
    /// <summary>How many bytes.</summary>
    public ulong ByteCount => End - Start;
}

/// <summary>
/// Which bytes somebody asked for and did not give back. Bootmem itself knows whole pages only: what lies between these
/// bytes and the pages they keep is lost. What is asked for twice stays with the first who asked.
/// </summary>
public sealed class ByteLedger
{
    private readonly List<ByteRun> _runs = [];

    /// <summary>The runs, sorted by address, without overlap, each as long as it can be.</summary>
    public IReadOnlyList<ByteRun> Runs => _runs;

    /// <summary>Follows a change.</summary>
    /// <param name="change">The allocator's event.</param>
    public void Record(in BootEvent change)
    {
        ulong end = change.Size > ulong.MaxValue - change.Address ? ulong.MaxValue : change.Address + change.Size;
        switch (change.Kind)
        {
            case BootEventKind.Reserved or BootEventKind.Allocated:
                Claim(new ByteRun(change.Address, end, change.Owner));
                break;
            case BootEventKind.Freed:
                Release(change.Address, end);
                break;
            default:
                break;
        }
    }

    /// <summary>Gives those of a range's bytes that are nobody's to an owner.</summary>
    /// <param name="wanted">The bytes.</param>
    public void Claim(ByteRun wanted)
    {
        ulong next = wanted.Start;
        for (int i = FirstEndingBehind(next); next < wanted.End; i++)
        {
            if (i < _runs.Count && _runs[i].Start <= next)
            {
                next = _runs[i].End;
                continue;
            }

            ulong end = i < _runs.Count ? Math.Min(_runs[i].Start, wanted.End) : wanted.End;
            Insert(ref i, wanted with { Start = next, End = end });
            next = end;
        }
    }

    /// <summary>The bytes of a range that somebody holds, cut to it.</summary>
    /// <param name="start">Address of the first byte.</param>
    /// <param name="end">Address behind the last byte.</param>
    public IEnumerable<ByteRun> Within(ulong start, ulong end)
    {
        for (int i = FirstEndingBehind(start); i < _runs.Count && _runs[i].Start < end; i++)
        {
            yield return _runs[i] with { Start = Math.Max(_runs[i].Start, start), End = Math.Min(_runs[i].End, end) };
        }
    }

    private void Release(ulong start, ulong end)
    {
        int first = FirstEndingBehind(start);
        int last = first;
        List<ByteRun> kept = [];
        for (; last < _runs.Count && _runs[last].Start < end; last++)
        {
            if (_runs[last].Start < start)
            {
                kept.Add(_runs[last] with { End = start });
            }

            if (_runs[last].End > end)
            {
                kept.Add(_runs[last] with { Start = end });
            }
        }

        _runs.RemoveRange(first, last - first);
        _runs.InsertRange(first, kept);
    }

    // Between its neighbours, one run with those that are the same owner's; leaves the index on it.
    private void Insert(ref int index, ByteRun run)
    {
        if (index < _runs.Count && _runs[index].Start == run.End && _runs[index].Owner == run.Owner)
        {
            run = run with { End = _runs[index].End };
            _runs.RemoveAt(index);
        }

        if (index > 0 && _runs[index - 1].End == run.Start && _runs[index - 1].Owner == run.Owner)
        {
            _runs[--index] = run with { Start = _runs[index].Start };
            return;
        }

        _runs.Insert(index, run);
    }

    private int FirstEndingBehind(ulong address)
    {
        int low = 0;
        int high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_runs[middle].End <= address)
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
