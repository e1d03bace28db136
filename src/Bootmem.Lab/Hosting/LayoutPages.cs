using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// Takes the hand-over of a machine whose memory is not there: instead of a mem_map it keeps the runs of free pages,
/// and computes from them what the buddy lists and the per-CPU list would hold. The cost grows with the runs, not the
/// pages.
/// </summary>
internal sealed unsafe class LayoutPages : IDisposable
{
    private readonly Machine* _machine;
    private readonly Dictionary<nint, ZoneRuns> _zones = [];
    private GCHandle _self;

    public LayoutPages(Machine* machine)
    {
        _machine = machine;
        _self = GCHandle.Alloc(this);
    }

    public PageSink ToSink() => new() { Context = (void*)GCHandle.ToIntPtr(_self), Take = &Take };

    public void Dispose()
    {
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    /// <summary>Writes into the zones what the lists would hold by now.</summary>
    public void Settle()
    {
        foreach ((nint zone, ZoneRuns runs) in _zones)
        {
            runs.Settle((Zone*)zone);
        }
    }

    private static void Take(void* context, ulong firstPfn, int order, ulong blockCount) =>
        ((LayoutPages)GCHandle.FromIntPtr((nint)context).Target!).Take(firstPfn, order, blockCount);

    private void Take(ulong firstPfn, int order, ulong blockCount)
    {
        ulong end = firstPfn + (blockCount << order);
        while (firstPfn < end)
        {
            Zone* zone = _machine->Pages.FindZone(firstPfn);
            if (zone == null)
            {
                throw new MachineException($"page 0x{firstPfn:x} was handed over, but lies in no zone");
            }

            if (!_zones.TryGetValue((nint)zone, out ZoneRuns? runs))
            {
                _zones[(nint)zone] = runs = new ZoneRuns(_machine->Bootmem.Behaviour.Version);
            }

            ulong stop = Math.Min(end, zone->EndPfn);
            _machine->Pages.TotalPages += stop - firstPfn;
            _machine->Pages.TotalHighPages += zone->Kind == ZoneKind.HighMem ? stop - firstPfn : 0;
            _machine->Pages.Counters.PgFree += stop - firstPfn;
            runs.Free(zone, firstPfn, stop, order == 0);
            firstPfn = stop;
        }
    }

    /// <summary>The pages of one zone that were freed, and how many of them the boot CPU's hot list holds.</summary>
    private sealed class ZoneRuns(KernelVersion version)
    {
        private readonly List<(ulong Start, ulong End)> _freed = [];
        private readonly List<(ulong Start, ulong End)> _single = [];
        private ulong _held;

        public void Free(Zone* zone, ulong start, ulong end, bool isSingle)
        {
            _freed.Add((start, end));
            ulong heldBefore = _held;
            if (isSingle)
            {
                _single.Add((start, end));
                _held = HeldAfter(Zone.PageSetOf(zone, 0)->Hot, end - start);
            }

            zone->FreePages += end - start + heldBefore - _held;
        }

        public void Settle(Zone* zone)
        {
            Zone.PageSetOf(zone, 0)->Hot.Count = (int)_held;
            Span<ulong> counts = stackalloc ulong[Zone.MaxOrder];
            foreach ((ulong start, ulong end) in FreeOfHeld())
            {
                CountBlocks(start, end, counts);
            }

            for (int order = 0; order < counts.Length; order++)
            {
                zone->SetFreeCount(order, counts[order]);
            }
        }

        // What the list holds after more pages went through it. 2.6.12 makes room before it adds, later ones after.
        private ulong HeldAfter(in PerCpuPages list, ulong added)
        {
            ulong total = _held + added;
            ulong high = (ulong)list.High;
            ulong batch = (ulong)Math.Max(list.Batch, 1);
            if (high == 0)
            {
                return 0;
            }

            bool makesRoomFirst = version < KernelVersion.V2_6_13;
            if (makesRoomFirst ? total <= high : total < high)
            {
                return total;
            }

            ulong over = total - high;
            ulong flushes = makesRoomFirst ? (over + batch - 1) / batch : (over / batch) + 1;
            return total - (flushes * batch);
        }

        // The list gives back its oldest pages: it holds the ones that were freed last.
        private List<(ulong Start, ulong End)> FreeOfHeld()
        {
            List<(ulong Start, ulong End)> held = [];
            ulong left = _held;
            for (int i = _single.Count - 1; i >= 0 && left > 0; i--)
            {
                ulong count = Math.Min(left, _single[i].End - _single[i].Start);
                held.Add((_single[i].End - count, _single[i].End));
                left -= count;
            }

            held.Sort();
            _freed.Sort();
            List<(ulong Start, ulong End)> free = [];
            int next = 0;
            foreach ((ulong runStart, ulong end) in _freed)
            {
                ulong start = runStart;
                while (next < held.Count && held[next].Start < end)
                {
                    Append(free, start, held[next].Start);
                    start = held[next].End;
                    next++;
                }

                Append(free, start, end);
            }

            return free;
        }

        private static void Append(List<(ulong Start, ulong End)> runs, ulong start, ulong end)
        {
            if (start >= end)
            {
                return;
            }

            if (runs.Count > 0 && runs[^1].End == start)
            {
                runs[^1] = (runs[^1].Start, end);
                return;
            }

            runs.Add((start, end));
        }

        // Buddies that are free always join: a run falls into the largest blocks that are aligned to themselves.
        private static void CountBlocks(ulong start, ulong end, Span<ulong> counts)
        {
            int largest = counts.Length - 1;
            while (start < end)
            {
                int order = Math.Min(Math.Min(Bits.LowestSet(start), Bits.Log2(end - start)), largest);
                ulong blocks = order == largest ? (end - start) >> largest : 1;
                counts[order] += blocks;
                start += blocks << order;
            }
        }
    }
}
