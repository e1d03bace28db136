using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <summary>Runs the calls of a script one by one and writes down what each did to the pages.</summary>
internal sealed class StepRecorder : IDisposable
{
    private readonly ScriptFile _script;
    private readonly ScriptMachine _machine;
    private readonly StringWriter _told = new(CultureInfo.InvariantCulture);
    private readonly ScriptTrace _trace;
    private readonly PageMap _map;
    private readonly bool _isBoot;
    private readonly SortedDictionary<int, RecordedNode> _nodes = [];
    private readonly SortedDictionary<int, ulong[]> _handed = [];
    private int _index;

    public StepRecorder(ScriptFile script, ScriptHeader header, PageMap map, bool isBoot, Func<int, string>? placeOf)
    {
        _script = script;
        _map = map;
        _isBoot = isBoot;
        _machine = new ScriptMachine(header, script.NodeCount) { Records = true };
        _machine.Expect(script.Steps);
        _trace = new ScriptTrace(script, _machine, _told) { PlaceOf = placeOf };
    }

    public OwnerNames Owners { get; } = new();

    public List<RecordedStep> Steps { get; } = [];

    public IReadOnlyList<RecordedNode> Nodes => [.. _nodes.Values];

    /// <summary>Why the input is bad, if the last call showed it.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Runs the next call; whether another may follow.</summary>
    public bool Next(string caller, string? owner)
    {
        int index = _index++;
        ScriptStep step = _script.Steps[index];
        ScriptOutcome outcome = _machine.Execute(step);
        if (outcome.Kind == ScriptOutcomeKind.Refused)
        {
            Refusal = $"{_script.Name}:{step.Line}: {_machine.EndReason}: found a node whose bitmap is beyond "
                + $"{Words.Size(_machine.MaxMapBytes)}, expected less";
            return false;
        }

        _told.GetStringBuilder().Clear();
        _trace.Tell(index, outcome);
        string text = _script.CallText(index);
        int blank = text.AsSpan().IndexOfAny(' ', '\t');
        List<PageChange> changes = [];
        int ownerIndex = Owners.IndexOf(owner ?? OwnerOf(step));
        foreach (BootEvent change in _machine.Events)
        {
            Apply(change, ownerIndex, changes);
        }

        bool isHandOver = step.Op == ScriptOp.HandOver && !outcome.IsEnd;
        BootEvent taken = _machine.Events.FirstOrDefault(change => change.Kind == BootEventKind.Allocated);
        Steps.Add(new RecordedStep
        {
            Name = blank < 0 ? text : text[..blank],
            Arguments = blank < 0 ? "" : text[(blank + 1)..].Trim(),
            Outcome = ScriptOutcomeText.ToText(_machine, outcome),
            Caller = caller,
            Why = WhyOf(_told.ToString()),
            Owner = ownerIndex,
            Address = taken.Address,
            Size = taken.Size,
            IsEnd = outcome.IsEnd,
            Changes = changes,
            Buddies = isHandOver && owner == null ? HandedLists() : [],
        });
        return !outcome.IsEnd;
    }

    public void Dispose()
    {
        _machine.Dispose();
        _told.Dispose();
    }

    private void Apply(in BootEvent change, int owner, List<PageChange> changes)
    {
        ulong end = change.FirstPfn + change.PageCount;
        switch (change.Kind)
        {
            case BootEventKind.NodeInitialised:
                _nodes[change.Node] = new RecordedNode(change.Node, change.FirstPfn, end);

                // A machine's banks are known before: what lies between them is no RAM.
                Claim(change.FirstPfn, end, changes, run => !_isBoot || run.Use != PageUse.Hole, PageUse.Unclaimed, 0);
                break;
            case BootEventKind.Freed:
                Claim(change.FirstPfn, end, changes, _ => true, PageUse.Free, 0);
                break;
            case BootEventKind.Reserved or BootEventKind.Allocated:
                Claim(change.FirstPfn, end, changes, run => run.Use != PageUse.Owned, PageUse.Owned, owner);
                break;
            case BootEventKind.HandedOver:
                Claim(change.FirstPfn, end, changes, _ => true, PageUse.HandedOver, 0);
                Count(change);
                break;
            default:
                break;
        }
    }

    // What is owned already stays with its first owner.
    private void Claim(
        ulong start, ulong end, List<PageChange> changes, Func<MapRun, bool> isWanted, PageUse use, int owner)
    {
        int first = changes.Count;
        foreach (MapRun run in _map.Within(start, end))
        {
            if (!isWanted(run))
            {
                continue;
            }

            if (changes.Count > first && changes[^1].EndPfn == run.StartPfn)
            {
                changes[^1] = changes[^1] with { EndPfn = run.EndPfn };
            }
            else
            {
                changes.Add(new PageChange(run.StartPfn, run.EndPfn, use, owner));
            }
        }

        for (int i = first; i < changes.Count; i++)
        {
            _map.Set(changes[i], Steps.Count);
        }
    }

    private void Count(in BootEvent change)
    {
        if (!_handed.TryGetValue(change.Node, out ulong[]? counts))
        {
            _handed[change.Node] = counts = new ulong[Boot.Zone.MaxOrder];
        }

        counts[change.Order] += change.PageCount >> change.Order;
    }

    // A script has no zones, and nobody joins its blocks: they are shown as they were handed over.
    private List<BuddyList> HandedLists() =>
        [.. _handed.Select(entry => new BuddyList(entry.Key, "", [.. entry.Value]))];

    // A script does not say on whose behalf a call is; a reservation of a bitmap is plain to see.
    private string OwnerOf(in ScriptStep step)
    {
        if (step.IsAllocation)
        {
            return OwnerNames.Allocated;
        }

        foreach (int node in _nodes.Keys)
        {
            ulong map = _machine.Memory.Node(node).MapAddress;
            if (step.Op == ScriptOp.Reserve && step.A <= map && map - step.A < step.B)
            {
                return OwnerNames.Bitmap;
            }
        }

        return step.Op == ScriptOp.Reserve ? OwnerNames.Reserved : "";
    }

    // Without the line that names the call, and the outcome, which stand elsewhere.
    private static string WhyOf(string told) => string.Join('\n', told
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1).Select(line => line.Trim()).Where(line => !line.StartsWith("=> ", StringComparison.Ordinal)));
}
