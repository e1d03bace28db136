using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Scripts;

/// <content>Why a call ended the run, and what would have to change for it not to.</content>
internal sealed partial class ScriptTrace
{
    private void TellEnd(in ScriptStep step, ScriptOutcome outcome)
    {
        string end = outcome.Kind switch
        {
            ScriptOutcomeKind.Bug => "the kernel stops with BUG()",
            ScriptOutcomeKind.Panic => "the kernel panics",
            ScriptOutcomeKind.Refused => "this cannot be run here",
            _ => "what the kernel does here is not defined",
        };
        Say($"{end}: {machine.EndReason}.");
        foreach (string advice in Advise(step, outcome))
        {
            Say("to change that: " + advice);
        }
    }

    private List<string> Advise(ScriptStep step, ScriptOutcome outcome)
    {
        if (outcome.Kind == ScriptOutcomeKind.Undefined && machine.Fault.Kind == FaultKind.None)
        {
            return ["reserve the memory of the bitmap after its node is brought up."];
        }

        Fault fault = machine.Fault;
        switch (fault.Reason)
        {
            case FaultReason.OutOfMemory:
                return LeavesOutOfMemory ? [] : AdviseMemory(step);

            case FaultReason.ZeroSize:
                return ["ask for at least one byte."];

            case FaultReason.AlignNotPowerOfTwo:
                return ["align to a power of two."];

            case FaultReason.FoundBeyondNode:
                return ["2.6.15 stops at the end of the search and goes on to the next node; "
                    + "before it, a request of one page must not meet a node without a free page."];

            case FaultReason.BeyondNode or FaultReason.EmptyRange when fault.Node >= 0:
                return [$"stay within node {fault.Node}, {NodeRange(fault.Node)}."];

            case FaultReason.FreeOfFreePage:
                return [$"do not free page {Address(fault.Pfn)} again: it is free since {FreedBy(fault)}."];

            case FaultReason.NoMap:
                return [$"bring node {fault.Node} up first, and make no call on it after its hand-over."];

            default:
                return [];
        }
    }

    private string NodeRange(int number)
    {
        BootmemNode node = machine.Memory.Node(number);
        return Range(_word.PfnOf(node.BootStart), node.PageCount(_word));
    }

    private string FreedBy(in Fault fault) =>
        _owners.TryGetValue(fault.Node, out PageOwners? owners) && owners.Find(fault.Pfn) is OwnedRun run
            ? OwnerOf(run) : "an earlier call";

    // Out of memory: the longest free run decides what there is to say.
    private List<string> AdviseMemory(in ScriptStep step)
    {
        ulong needed = _word.PagesOf(step.A);
        ulong limitPfn = _word.PfnOf(step.D);
        OwnedRun longest = default;
        int longestNode = -1;
        ulong? lowestEnd = null;
        bool fitsBelowLimit = false;
        foreach ((int node, PageOwners owners) in _owners)
        {
            // A node that begins at or beyond the limit is passed over, even where the limit is below a page.
            bool isTried = step.D == 0 || machine.Memory.Node(node).BootStart < step.D;
            foreach (OwnedRun run in owners.FreeBetween(0, ulong.MaxValue))
            {
                if (run.PageCount > longest.PageCount)
                {
                    longest = run;
                    longestNode = node;
                }

                ulong end = run.FirstPfn + needed;
                if (run.PageCount >= needed && (lowestEnd == null || end < lowestEnd))
                {
                    lowestEnd = end;
                }

                fitsBelowLimit |= isTried && run.PageCount >= needed && (limitPfn == 0 || end <= limitPfn);
            }
        }

        if (longestNode < 0)
        {
            return ["no node has a free page: free some, or bring up a node with memory."];
        }

        if (fitsBelowLimit)
        {
            return [$"there is room for {Words.Count(needed, "page")}, "
                + $"but not where an alignment of 0x{step.B:x} looks: a smaller one would do."];
        }

        if (lowestEnd is ulong limit)
        {
            return [$"a limit of {Address(limit)} or more, or none, leaves room for {Words.Count(needed, "page")}."];
        }

        return [$"{Words.Count(needed, "page")} side by side are needed; the longest free run is "
            + $"{Range(longest)} in node {longestNode}: {Words.Count(needed - longest.PageCount, "page")} "
            + "more would have to be free beside it."];
    }
}
