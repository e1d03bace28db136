using System;
using System.Collections.Generic;
using System.IO;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// Tells in words what each call of a script did and why it landed where it did. It draws on the allocator's own
/// events, and keeps beside them which call took which page.
/// </summary>
internal sealed partial class ScriptTrace(ScriptFile script, ScriptMachine machine, TextWriter writer)
{
    private readonly Dictionary<int, PageOwners> _owners = [];
    private readonly Dictionary<int, (ulong Pos, ulong Offset)> _ends = [];
    private readonly KernelWord _word = machine.Header.Word;
    private int _index;

    /// <summary>Names the place of a call, by its index; null for the script's lines.</summary>
    public Func<int, string>? PlaceOf { get; init; }

    /// <summary>How many of the ranges that stand in the way are named.</summary>
    public int MostObstacles { get; init; } = 3;

    /// <summary>Whether out of memory is left without advice: somebody else gives a better one.</summary>
    public bool LeavesOutOfMemory { get; init; }

    /// <summary>Who has each page of a node; null before its init and after its hand-over.</summary>
    public PageOwners? OwnersOf(int node) => _owners.GetValueOrDefault(node);

    /// <summary>Takes note of the call that was just run, without a word.</summary>
    public void Follow(int index)
    {
        _index = index;
        foreach (BootEvent change in machine.Events)
        {
            Apply(change);
        }
    }

    /// <summary>Tells of the call that was just run.</summary>
    /// <param name="index">Index of the call.</param>
    /// <param name="outcome">What it gave.</param>
    public void Tell(int index, ScriptOutcome outcome)
    {
        _index = index;
        ScriptStep step = script.Steps[index];
        writer.WriteLine($"{script.Name}:{step.Line}: {script.CallText(index)}");
        if (step.IsAllocation)
        {
            TellSearch(step);
        }
        else
        {
            TellCall(step, outcome);
        }

        if (outcome.IsEnd)
        {
            TellEnd(step, outcome);
        }

        Follow(index);
        writer.WriteLine($"  => {ScriptOutcomeText.ToText(machine, outcome)}");
    }

    private void TellCall(in ScriptStep step, ScriptOutcome outcome)
    {
        if (step.Op == ScriptOp.BitmapPages)
        {
            Say($"a bitmap of {Words.Count(step.A, "page")} takes {Words.Count(outcome.Value, "page")}.");
        }

        ulong handedPages = 0;
        foreach (BootEvent change in machine.Events)
        {
            switch (change.Kind)
            {
                case BootEventKind.NodeInitialised:
                    Say($"node {change.Node} comes up at {Range(change.FirstPfn, change.PageCount)}, "
                        + "every page reserved; "
                        + $"its bitmap of {Words.Size(change.Size)} lies at 0x{change.Address:x}.");
                    Say("it is now the first that allocations try.");
                    break;

                case BootEventKind.Reserved:
                    Say($"node {change.Node}: {Range(change.FirstPfn, change.PageCount)} is reserved"
                        + $"{Rounding(change, "outwards")}{AlreadyTaken(change)}.");
                    break;

                case BootEventKind.Freed when change.PageCount == 0:
                    Say($"node {change.Node}: nothing is freed: the range has no whole page "
                        + "in the node, or begins below it.");
                    break;

                case BootEventKind.Freed:
                    Say($"node {change.Node}: {Range(change.FirstPfn, change.PageCount)} is free"
                        + $"{Rounding(change, "inwards")}.");
                    break;

                case BootEventKind.HandedOver:
                    handedPages += change.PageCount;
                    break;

                case BootEventKind.MapGone:
                    Say($"node {change.Node}: {Words.Count(handedPages, "page")} "
                        + $"({Words.Size(handedPages << _word.PageShift)}) go to the page allocator, "
                        + $"{change.PageCount} of them from the bitmap itself, which is gone.");
                    break;

                default:
                    break;
            }
        }
    }

    private string Rounding(in BootEvent change, string how) =>
        change.PageCount << _word.PageShift == change.Size && (change.Address & (_word.PageSize - 1)) == 0
            ? "" : $", {Words.Size(change.Size)} rounded {how} to pages";

    private string AlreadyTaken(in BootEvent change)
    {
        if (!_owners.TryGetValue(change.Node, out PageOwners? owners))
        {
            return "";
        }

        ulong taken = 0;
        foreach (OwnedRun run in owners.Between(change.FirstPfn, change.FirstPfn + change.PageCount))
        {
            taken += run.IsFree ? 0 : run.PageCount;
        }

        return taken == 0 ? "" : $"; {taken} of these were reserved before";
    }

    private void Apply(in BootEvent change)
    {
        switch (change.Kind)
        {
            case BootEventKind.NodeInitialised:
                _owners[change.Node] = new PageOwners(change.FirstPfn, change.PageCount, _index);
                break;

            case BootEventKind.Allocated:
                BootmemNode node = machine.Memory.Node(change.Node);
                _ends[change.Node] = (node.LastPos, node.LastOffset);
                SetOwner(change, isFree: false);
                break;

            case BootEventKind.Reserved:
                SetOwner(change, isFree: false);
                break;

            case BootEventKind.Freed:
                SetOwner(change, isFree: true);
                break;

            case BootEventKind.MapGone:
                _owners.Remove(change.Node);
                break;

            default:
                break;
        }
    }

    private void SetOwner(in BootEvent change, bool isFree)
    {
        if (_owners.TryGetValue(change.Node, out PageOwners? owners))
        {
            owners.Set(change.FirstPfn, change.PageCount, _index, isFree);
        }
    }

    private void Say(string text) => writer.WriteLine("  " + text);

    private string Address(ulong pfn) => $"0x{pfn << _word.PageShift:x}";

    private string Range(ulong firstPfn, ulong pageCount) =>
        $"[{Address(firstPfn)}, {Address(firstPfn + pageCount)}) ({Words.Size(pageCount << _word.PageShift)})";

    private string Range(OwnedRun run) => Range(run.FirstPfn, run.PageCount);

    // "line 12, alloc_bootmem 64": the call that has a run of pages.
    public string OwnerOf(OwnedRun run) =>
        script.Steps[run.Owner].Op == ScriptOp.Initialise
            ? $"never freed since {Place(run.Owner)}"
            : $"{script.CallText(run.Owner)} in {Place(run.Owner)}";

    private string Place(int index) => PlaceOf?.Invoke(index) ?? $"line {script.Steps[index].Line}";
}
