using System.Collections.Generic;

namespace Bootmem.Tests.Pages;

/// <summary>
/// A zone in the plainest C#: lists of page numbers, searched from end to end. Written from the description of the
/// lists, not from the allocator.
/// </summary>
internal sealed class ModelZone
{
    private readonly ulong _start;
    private readonly ulong _end;
    private readonly int _batch;
    private readonly bool _trimsFirst;
    private readonly int _coldBatch;
    private readonly int _low;

    public ModelZone(KernelVersion version, ulong start, ulong count, int batch)
    {
        _start = start;
        _end = start + count;
        bool is12 = version < KernelVersion.V2_6_13;
        bool is15 = version == KernelVersion.V2_6_15;
        _trimsFirst = is12;
        _batch = is12 ? batch : System.Math.Max(1, batch);
        _coldBatch = is15 ? System.Math.Max(1, batch / 2) : _batch;
        _low = is15 ? 0 : 2 * batch;
        HotHigh = 6 * batch;
        ColdHigh = 2 * batch;
        for (int i = 0; i < 11; i++)
        {
            Free.Add([]);
        }
    }

    public List<List<ulong>> Free { get; } = [];

    public List<ulong> Hot { get; } = [];

    public List<ulong> Cold { get; } = [];

    public int HotHigh { get; }

    public int ColdHigh { get; }

    public long FreePages
    {
        get
        {
            long sum = 0;
            for (int order = 0; order < 11; order++)
            {
                sum += (long)Free[order].Count << order;
            }

            return sum;
        }
    }

    public void FreeBlock(ulong pfn, int order)
    {
        for (; order < 10; order++)
        {
            ulong buddy = pfn ^ (1UL << order);
            if (buddy < _start || buddy >= _end || !Free[order].Remove(buddy))
            {
                break;
            }

            pfn = pfn < buddy ? pfn : buddy;
        }

        Free[order].Insert(0, pfn);
    }

    public void FreeSingle(ulong pfn, bool isCold)
    {
        List<ulong> list = isCold ? Cold : Hot;
        int high = isCold ? ColdHigh : HotHigh;
        if (_trimsFirst && list.Count >= high)
        {
            Trim(list, isCold);
        }

        list.Insert(0, pfn);
        if (!_trimsFirst && list.Count >= high)
        {
            Trim(list, isCold);
        }
    }

    // With no marks set up, an allocation needs a free page in the buddy lists, and one in an order that is of use.
    public bool MayTake(int order)
    {
        long free = FreePages - (1L << order) + 1;
        for (int i = 0; i < order && free > 0; i++)
        {
            free -= (long)Free[i].Count << i;
        }

        return free > 0;
    }

    public ulong? Take(int order, bool isCold)
    {
        if (!MayTake(order))
        {
            return null;
        }

        if (order != 0)
        {
            return TakeBlock(order);
        }

        List<ulong> list = isCold ? Cold : Hot;
        if (list.Count <= (isCold ? 0 : _low))
        {
            int batch = isCold ? _coldBatch : _batch;
            for (int i = 0; i < batch && TakeBlock(0) is ulong pfn; i++)
            {
                list.Add(pfn);
            }
        }

        if (list.Count == 0)
        {
            return null;
        }

        ulong first = list[0];
        list.RemoveAt(0);
        return first;
    }

    private ulong? TakeBlock(int order)
    {
        int from = order;
        while (from < 11 && Free[from].Count == 0)
        {
            from++;
        }

        if (from == 11)
        {
            return null;
        }

        ulong pfn = Free[from][0];
        Free[from].RemoveAt(0);
        while (from > order)
        {
            from--;
            Free[from].Insert(0, pfn + (1UL << from));
        }

        return pfn;
    }

    private void Trim(List<ulong> list, bool isCold)
    {
        int batch = isCold ? _coldBatch : _batch;
        for (int i = 0; i < batch && list.Count != 0; i++)
        {
            ulong last = list[^1];
            list.RemoveAt(list.Count - 1);
            FreeBlock(last, 0);
        }
    }
}
