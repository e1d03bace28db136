using System;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// Where bitmaps that are in use lie in physical memory, sorted and disjoint. A script's bitmaps are kept elsewhere, so
/// this is how it is noticed that a call would have written over one.
/// </summary>
internal sealed class MapRanges
{
    private ulong[] _starts = new ulong[4];
    private ulong[] _lasts = new ulong[4];
    private int _count;

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>Whether [start, start + size) touches one; the sum may wrap.</summary>
    public bool Overlaps(ulong start, ulong size)
    {
        if (_count == 0 || size == 0)
        {
            return false;
        }

        // Most calls touch nothing near: an allocation must not cost a search.
        ulong last = LastOf(start, size);
        if (last < _starts[0] || start > _lasts[_count - 1])
        {
            return false;
        }

        int at = IndexOf(start);
        return (at > 0 && _lasts[at - 1] >= start) || (at < _count && _starts[at] <= last);
    }

    /// <summary>Adds one that overlaps none.</summary>
    public void Add(ulong start, ulong size)
    {
        if (size == 0)
        {
            return;
        }

        if (_count == _starts.Length)
        {
            Array.Resize(ref _starts, 2 * _count);
            Array.Resize(ref _lasts, 2 * _count);
        }

        int at = IndexOf(start);
        Array.Copy(_starts, at, _starts, at + 1, _count - at);
        Array.Copy(_lasts, at, _lasts, at + 1, _count - at);
        _starts[at] = start;
        _lasts[at] = LastOf(start, size);
        _count++;
    }

    /// <summary>Takes the one that begins at an address away, if there is one.</summary>
    public void Remove(ulong start)
    {
        int at = Array.BinarySearch(_starts, 0, _count, start);
        if (at >= 0)
        {
            _count--;
            Array.Copy(_starts, at + 1, _starts, at, _count - at);
            Array.Copy(_lasts, at + 1, _lasts, at, _count - at);
        }
    }

    private static ulong LastOf(ulong start, ulong size) =>
        start + size - 1 < start ? ulong.MaxValue : start + size - 1;

    private int IndexOf(ulong start)
    {
        // The first one that begins at or after an address. By hand: this is on every allocation's way.
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_starts[middle] < start)
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
