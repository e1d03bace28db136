using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Scripts;

/// <content>Where an allocation looked, what stood in its way, and where it landed.</content>
internal sealed partial class ScriptTrace
{
    private void TellSearch(in ScriptStep step)
    {
        ulong from = 0;
        ulong end = 0;
        bool isFallback = false;
        foreach (BootEvent change in machine.Events)
        {
            switch (change.Kind)
            {
                case BootEventKind.NodeBeyondLimit:
                    Say($"node {change.Node} is passed over: it begins at {Address(change.FirstPfn)}, "
                        + $"not below the limit 0x{change.Limit:x}.");
                    break;

                case BootEventKind.SearchBegan:
                    from = change.FirstPfn;
                    end = EndOf(change);
                    TellStart(step, change, isFallback);
                    break;

                case BootEventKind.SearchRestarted:
                    TellObstacles(change.Node, from, end);
                    from = change.FirstPfn;
                    Say($"nothing from there on: the search starts over at {Address(from)}, "
                        + $"the beginning of node {change.Node}.");
                    break;

                case BootEventKind.NodeGaveNothing:
                    TellObstacles(change.Node, from, end);
                    Say($"node {change.Node} gives nothing.");
                    isFallback = true;
                    break;

                case BootEventKind.Allocated:
                    TellAllocated(step, change, from);
                    break;

                default:
                    break;
            }
        }
    }

    // The first page that the search may not take: the node's end, or the limit in whole pages.
    private ulong EndOf(in BootEvent change)
    {
        ulong limit = _word.PfnOf(change.Limit);
        ulong low = machine.Memory.Node(change.Node).LowPfn;
        return limit != 0 && limit < low ? limit : low;
    }

    private void TellStart(in ScriptStep step, in BootEvent change, bool isFallback)
    {
        BootmemNode node = machine.Memory.Node(change.Node);
        ulong end = EndOf(change);
        string goal = $"the goal 0x{change.Goal:x}";
        string why = change.Start switch
        {
            // Rounding up to a multiple of 0 clears every bit.
            SearchStart.Goal when step.B == 0 => $"the node's beginning, as an alignment of 0 makes 0 of {goal}",
            SearchStart.LastSuccess when step.B == 0
                => "the node's beginning, as an alignment of 0 makes 0 of last_success, which is not below " + goal,
            SearchStart.Goal => goal + InWholePages(change.FirstPfn, change.Goal),
            SearchStart.LastSuccess => $"last_success, which is not below {goal}",
            _ when change.Goal == 0 => "the node's beginning, as there is no goal",
            _ when change.Goal < node.BootStart || _word.PfnOf(change.Goal) >= node.LowPfn
                => $"the node's beginning, as {goal} lies outside it",
            _ => $"the node's beginning, as {goal} is not below the limit",
        };
        string stop = end == node.LowPfn ? "the node's end" : $"the limit 0x{change.Limit:x} in whole pages";
        string turn = isFallback ? "next is node" : "node";
        Say(change.PageCount == 0
            ? $"{turn} {change.Node}: the search would begin at {Address(change.FirstPfn)}, {why}: "
                + $"that is not below {Address(end)}, {stop}."
            : $"{turn} {change.Node}: the search begins at {Address(change.FirstPfn)}, {why}, "
                + $"and goes up to {Address(end)}, {stop}.");
    }

    private string InWholePages(ulong pfn, ulong address) =>
        pfn << _word.PageShift == address ? "" : " in whole pages, aligned";

    // What lies between where the search began and where it landed or ended.
    private void TellObstacles(int node, ulong from, ulong end)
    {
        if (!_owners.TryGetValue(node, out PageOwners? owners))
        {
            return;
        }

        int reserved = 0;
        ulong freePages = 0;
        int freeRuns = 0;
        foreach (OwnedRun run in owners.Between(from, end))
        {
            if (!run.IsFree && reserved++ < MostObstacles)
            {
                Say($"in the way: {Range(run)}, {OwnerOf(run)}.");
            }
        }

        foreach (OwnedRun run in owners.FreeBetween(from, end))
        {
            freePages += run.PageCount;
            freeRuns++;
        }

        if (reserved > MostObstacles)
        {
            Say($"… and {Words.Count((ulong)(reserved - MostObstacles), "more range")}.");
        }

        if (freePages != 0)
        {
            Say($"{Words.Count(freePages, "page")} on the way {(freePages == 1 ? "is" : "are")} free, in "
                + $"{Words.Count((ulong)freeRuns, "run")}, but too few together or not at a place that is tried.");
        }
    }

    private void TellAllocated(in ScriptStep step, in BootEvent change, ulong from)
    {
        // A merge that takes no page still found one, which begins behind the partial page.
        TellObstacles(change.Node, from, change.FirstPfn);
        (ulong pos, ulong offset) = _ends.GetValueOrDefault(change.Node);
        ulong left = _word.PageSize - offset;
        BootmemNode node = machine.Memory.Node(change.Node);
        if (change.IsMerged)
        {
            string partial = $"the last allocation ended in page {Address(_word.PfnOf(node.BootStart) + pos)} "
                + $"and left {Words.Size(left)} of it, and the page behind it is what the search found: ";
            string at = $"at 0x{change.Address:x}";
            string more = $"{Words.Count(change.PageCount, "page")} more, from {Address(change.FirstPfn)} on";
            bool isOverLast = step.B == 0;
            Say(partial + (isOverLast, change.PageCount) switch
            {
                // Rounding up to a multiple of 0 makes 0 of where the last allocation ended.
                (true, 0) => $"as the alignment is 0, this one lies over that allocation, {at}, and takes no page.",
                (true, _) => $"as the alignment is 0, this one begins over that allocation, {at}, and takes {more}.",
                (_, 0) => $"this one fits in there, {at}, and takes no page.",
                _ => $"this one begins in there, {at}, and takes {more}.",
            });
            return;
        }

        Say($"it takes {Words.Count(change.PageCount, "page")} of node {change.Node}, "
            + $"{Range(change.FirstPfn, change.PageCount)}, for {Words.Size(step.A)}.");
        if (offset != 0)
        {
            string reason = step.B >= _word.PageSize
                ? "this call is aligned to a page or more"
                : $"the page behind that one, {Address(_word.PfnOf(node.BootStart) + pos + 1)}, "
                    + "is not what the search found";
            Say($"it does not merge into the {Words.Size(left)} that the last allocation left: {reason}.");
        }
    }
}
