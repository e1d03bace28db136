using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <summary>
/// Records a boot: watches a machine, and turns what it saw into the calls that were made. The reasons come from making
/// the same calls again on an allocator without memory, which does exactly the same. A machine that nobody records is
/// not slowed down: there is no observer then.
/// </summary>
public sealed unsafe partial class BootRecorder
{
    private readonly MachineHost _host;
    private readonly BootCalls _calls = new();
    private readonly List<Planned> _plan = [];
    private readonly string _title;
    private BootEvent _lastSearch;

    /// <summary>Begins to watch a machine on which nothing has run yet.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="title">What the recording is of: the machine's file, for one without a model.</param>
    public BootRecorder(MachineHost host, string title)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _title = title;
        host.Observe(Take);
    }

    /// <summary>Boots on until a step is the next, and records it.</summary>
    /// <param name="stop">The step that is not taken any more.</param>
    /// <exception cref="BootmemException">The kernel would have stopped. What came before it is recorded, and so is the
    /// call that stopped it.</exception>
    public void RunUntil(BootStep stop)
    {
        while (_host.NextStep < stop)
        {
            BootStep step = _host.NextStep;
            int first = _plan.Count;
            try
            {
                _host.Step();
            }
            catch (BootmemException e)
            {
                string? line = _calls.LineOf(e.Fault, _lastSearch);
                if (line != null)
                {
                    _plan.Add(new Planned(line, OwnerName(_host.Machine->Bootmem.Owner), FunctionOf(step)));
                }

                throw;
            }

            Settle(step, first);
        }
    }

    /// <summary>What was recorded up to now.</summary>
    /// <param name="progress">Is told how many of how many calls were told of; null: nobody.</param>
    public Recording Finish(IProgress<(int Done, int Count)>? progress = null)
    {
        Machine* machine = _host.Machine;
        Recording machineFacts = MachineFacts.Of(machine, _title);
        ScriptFile script = ToScript(machine);
        int[] places = [.. Enumerable.Range(0, _plan.Count).Where(i => _plan[i].Line != null)];
        PageMap map = machineFacts.NewMap();
        using StepRecorder recorder = new(
            script, script.Header, map, isBoot: true, index => $"call {places[index] + 1}");
        foreach (Planned planned in _plan)
        {
            progress?.Report((recorder.Steps.Count, _plan.Count));
            if (planned.Line != null)
            {
                recorder.Next(planned.Caller, planned.Owner);
            }
            else
            {
                recorder.Steps.Add(Outside(planned, recorder.Owners, map, recorder.Steps.Count));
            }

            if (planned.Buddies.Length != 0)
            {
                recorder.Steps[^1] = recorder.Steps[^1] with { Buddies = planned.Buddies };
            }
        }

        return machineFacts with { Owners = recorder.Owners.Names, Steps = recorder.Steps };
    }

    private void Take(BootEvent change)
    {
        _lastSearch = change.Kind == BootEventKind.SearchBegan ? change : _lastSearch;
        if (_calls.LineOf(change, _host.Machine->Bootmem.Word) is string line)
        {
            _plan.Add(new Planned(line, OwnerName(change.Owner), FunctionOf(_host.NextStep)));
        }
        else if (change.Kind == BootEventKind.Allocated)
        {
            _plan.Add(new Planned(null, OwnerName(change.Owner), FunctionOf(_host.NextStep))
            {
                Name = Encoding.ASCII.GetString(Calls.Name(change.Call)),
                Arguments = string.Create(CultureInfo.InvariantCulture, $"{change.Node} {change.Size}"),
                Outcome = string.Create(CultureInfo.InvariantCulture, $"0x{change.Address:x}"),
                Changes = [(new PageChange(change.FirstPfn, change.FirstPfn + change.PageCount, PageUse.Owned, 0), OwnerName(change.Owner))],
            });
        }
    }

    // What changed without a call of bootmem: memory beyond its reach, and its own when the boot is over.
    private void Settle(BootStep step, int first)
    {
        List<(PageChange Change, string Owner)> changes = step is BootStep.MemInit or BootStep.FreeInitmem
            ? [.. Freed(step, first)] : [];
        BuddyList[] buddies = _host.NextStep > BootStep.MemInit ? [.. Buddies()] : [];
        bool isNew = buddies.Length != 0 && !Same(buddies, _plan.LastOrDefault(p => p.Buddies.Length != 0)?.Buddies ?? []);
        if (changes.Count != 0 || (isNew && _plan.Count == first))
        {
            ulong pages = changes.Aggregate(0UL, (sum, entry) => sum + entry.Change.PageCount);
            _plan.Add(new Planned(null, "", FunctionOf(step))
            {
                Name = step == BootStep.MemInit ? "free_highmem" : FunctionOf(step),
                Outcome = changes.Count == 0 ? "" : Words.Count(pages, "page"),
                Changes = changes,
            });
        }

        if (isNew)
        {
            _plan[^1].Buddies = buddies;
        }
    }

    private IEnumerable<(PageChange Change, string Owner)> Freed(BootStep step, int first)
    {
        HashSet<ulong> seen = [];
        foreach (PageRun run in _host.Ledger.Runs)
        {
            // High memory is what bootmem does not manage; the init section lies in the image.
            bool isOutside = step == BootStep.MemInit ? IsHigh(run) : IsInit(run);
            if (run.Use == PageUse.HandedOver && isOutside && seen.Add(run.StartPfn))
            {
                (ulong start, ulong end) = step == BootStep.MemInit ? High(run) : Init(run);
                yield return (new PageChange(start, end, PageUse.HandedOver, 0), "");
            }
        }
    }

    private bool IsHigh(in PageRun run)
    {
        (ulong start, ulong end) = High(run);
        return start < end;
    }

    private (ulong Start, ulong End) High(in PageRun run)
    {
        int node = run.Node;
        ulong low = node >= 0 ? _host.Machine->Extents[node].LowEndPfn : 0;
        return (Math.Max(run.StartPfn, low), run.EndPfn);
    }

    private bool IsInit(in PageRun run)
    {
        (ulong start, ulong end) = Init(run);
        return start < end;
    }

    private (ulong Start, ulong End) Init(in PageRun run)
    {
        Machine* machine = _host.Machine;
        KernelWord word = machine->Bootmem.Word;
        ulong start = machine->Space.virt_to_phys(machine->Image.Init.Start);
        return (Math.Max(run.StartPfn, word.PagesOf(start)),
            Math.Min(run.EndPfn, word.PfnOf(start + machine->Image.Init.Size)));
    }

    private List<BuddyList> Buddies()
    {
        List<BuddyList> lists = [];
        PageAllocator* pages = &_host.Machine->Pages;
        for (int node = pages->FirstNode; node >= 0; node = pages->Node(node).NextNode)
        {
            for (int i = 0; i < pages->ZonesPerNode; i++)
            {
                Zone* zone = pages->ZoneOf(node, i);
                if (zone->PresentPages != 0)
                {
                    ulong[] counts = new ulong[Zone.MaxOrder];
                    for (int order = 0; order < counts.Length; order++)
                    {
                        counts[order] = zone->FreeCount(order);
                    }

                    lists.Add(new BuddyList(node, MachineFacts.ZoneName(zone), counts));
                }
            }
        }

        return lists;
    }
}
