using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <summary>Where two recordings of the same calls part, and why.</summary>
/// <param name="Index">Index of the first call that differs.</param>
/// <param name="Left">That call on the first kernel; null if its run had ended before.</param>
/// <param name="Right">That call on the second kernel; null if its run had ended before.</param>
/// <param name="IsSameCall">Whether both kernels made the same call there.</param>
/// <param name="IsSameBefore">Whether the pages before it were the same.</param>
/// <param name="Cause">Which change of the history did it, in words.</param>
/// <param name="Release">The release that the change came with; empty where it is none of bootmem's.</param>
public sealed record RecordingDifference(
    int Index, RecordedStep? Left, RecordedStep? Right, bool IsSameCall, bool IsSameBefore, string Cause,
    string Release)
{
    /// <summary>The first difference; null if there is none.</summary>
    /// <param name="left">A recording.</param>
    /// <param name="right">One of the same machine or script on another kernel.</param>
    public static RecordingDifference? Find(Recording left, Recording right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        int most = Math.Max(left.Steps.Count, right.Steps.Count);
        for (int i = 0; i < most; i++)
        {
            RecordedStep? a = i < left.Steps.Count ? left.Steps[i] : null;
            RecordedStep? b = i < right.Steps.Count ? right.Steps[i] : null;
            bool isSameCall = a?.Text == b?.Text;
            if (isSameCall && a?.Outcome == b?.Outcome && SamePages(a!, b!, left, right))
            {
                continue;
            }

            (string cause, string release) = CauseOf(left, right, a, b, isSameCall);
            return new RecordingDifference(i, a, b, isSameCall, SameMap(left, right, i), cause, release);
        }

        return null;
    }

    /// <summary>The difference in words: lines.</summary>
    /// <param name="left">The first recording.</param>
    /// <param name="right">The second.</param>
    public string Describe(Recording left, Recording right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        StringBuilder text = new();
        RecordedStep call = Left ?? Right!;
        text.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"{left.Kernel} and {right.Kernel} part at call {Index + 1}");
        text.Append(call.Caller.Length == 0 ? ":\n" : $", {call.Caller}:\n");
        if (IsSameCall)
        {
            text.Append("  ").Append(call.Text).Append('\n');
        }

        int width = Math.Max(left.Kernel.Length, right.Kernel.Length);
        text.Append("  ").Append(left.Kernel.PadRight(width)).Append("  ").Append(Gave(Left)).Append('\n');
        text.Append("  ").Append(right.Kernel.PadRight(width)).Append("  ").Append(Gave(Right)).Append('\n');
        text.Append("Why: ").Append(Cause);
        return text.Append(Release.Length == 0 ? "\n" : $" See docs/history.md, {Release}.\n").ToString();
    }

    private string Gave(RecordedStep? step) => step is null ? "makes no call any more"
        : IsSameCall ? $"=> {step.Outcome}" : $"{step.Text} => {step.Outcome}";

    private static (string Cause, string Release) CauseOf(
        Recording left, Recording right, RecordedStep? a, RecordedStep? b, bool isSameCall)
    {
        Behaviour first = BehaviourOf(left.Kernel);
        Behaviour second = BehaviourOf(right.Kernel);
        if (isSameCall && first.StopsAtNodeEnd != second.StopsAtNodeEnd && IsAllocation(a!))
        {
            return ("up to 2.6.14 the search of a node looks at one bit too many: where it finds no free page, it "
                + "may take the bit "
                + "at the end for one, and that is a BUG(). 2.6.15 leaves the search at the end, and the next node "
                + "is tried.", "2.6.15");
        }

        // The areas are cut off a node's end before its first call: the calls part long before one is asked for.
        if (first.AsksRemap != second.AsksRemap
            && left.Steps.Concat(right.Steps).Any(step => step.Name == "alloc_remap"))
        {
            return ("from 2.6.13 on the memory map of a node can come from a remap area at that node's end, and "
                + "bootmem is not asked.", "2.6.13");
        }

        return isSameCall
            ? ("none of bootmem's own changes is known to do this.", "")
            : ("the kernels make different calls. That is no change of bootmem: zones, and the sizes of what the "
                + "kernel "
                + "allocates, are not the same in every release.", "");
    }

    private static bool IsAllocation(RecordedStep step) =>
        ScriptVerbs.Find(Encoding.UTF8.GetBytes(step.Name))?.Op is ScriptOp.Allocate or ScriptOp.AllocateOnNode;

    private static Behaviour BehaviourOf(string kernel) => new(
        KernelVersions.TryParse(Encoding.UTF8.GetBytes(kernel), out KernelVersion version) ? version : default);

    private static bool SamePages(RecordedStep a, RecordedStep b, Recording left, Recording right) =>
        a.Changes.Select(change => Named(change, left)).SequenceEqual(b.Changes.Select(change => Named(change, right)));

    private static (ulong, ulong, PageUse, string) Named(PageChange change, Recording recording) =>
        (change.StartPfn, change.EndPfn, change.Use, recording.Owners[change.Owner]);

    private static bool SameMap(Recording left, Recording right, int count)
    {
        IEnumerable<MapRun> a = left.MapAfter(Math.Min(count, left.Steps.Count)).Runs;
        IEnumerable<MapRun> b = right.MapAfter(Math.Min(count, right.Steps.Count)).Runs;
        return a.Select(run => (run.StartPfn, run.EndPfn, run.Use, left.Owners[run.Owner]))
            .SequenceEqual(b.Select(run => (run.StartPfn, run.EndPfn, run.Use, right.Owners[run.Owner])));
    }
}
