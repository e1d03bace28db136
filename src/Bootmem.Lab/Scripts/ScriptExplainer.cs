using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace Bootmem.Lab.Scripts;

/// <summary>
/// Explains one allocation of a script: where it was looked for, what stood in the way, and what decided; or, if it
/// failed, what would have to change. What is said of changes was tried on a copy of the allocator's state.
/// </summary>
public static class ScriptExplainer
{
    private const int MostObstacles = 20;

    /// <summary>Explains the allocation in a line.</summary>
    /// <param name="script">The script.</param>
    /// <param name="line">The line of the call, or of its outcome, from 1.</param>
    /// <param name="version">The kernel that runs the script; null for the script's own.</param>
    /// <param name="writer">Takes the explanation.</param>
    /// <param name="error">Why there is none, if there is none.</param>
    public static bool TryExplain(
        ScriptFile script, int line, KernelVersion? version, TextWriter writer,
        [NotNullWhen(false)] out ScriptError? error)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(writer);
        ScriptHeader header = script.Header with { Version = version ?? script.Header.Version };
        error = script.CheckKernel(header.Version) ?? FindCall(script, line, out int index);
        if (error is not null)
        {
            return false;
        }

        FindCall(script, line, out index);
        using ScriptMachine machine = new(header, script.NodeCount) { Records = true };
        ScriptTrace trace = new(script, machine, writer) { MostObstacles = MostObstacles, LeavesOutOfMemory = true };
        error = RunTo(script, machine, trace, index);
        if (error is not null)
        {
            return false;
        }

        ScriptMachine.Snapshot before = machine.Save();
        ScriptOutcome outcome = machine.Try(before, script.Steps[index]);
        trace.Tell(index, outcome);
        ScriptTrials trials = new(script, machine, trace, before, index);
        IReadOnlyList<string> found = outcome.Kind == ScriptOutcomeKind.Address
            ? ScriptDecision.Find(trials, outcome.Value) : ScriptRemedies.Find(trials);
        writer.WriteLine(outcome.Kind == ScriptOutcomeKind.Address ? "What decided" : "What would change that");
        foreach (string sentence in found)
        {
            writer.WriteLine($"  {sentence}");
        }

        return true;
    }

    private static ScriptError? FindCall(ScriptFile script, int line, out int index)
    {
        ReadOnlySpan<ScriptStep> steps = script.Steps;
        index = -1;
        int nearest = -1;
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].Line == line || script.Place(i).OutcomeLine == line)
            {
                index = i;
            }

            nearest = steps[i].IsAllocation && (
                nearest < 0 || Distance(steps[i], line) < Distance(steps[nearest], line))
                ? i : nearest;
        }

        if (index >= 0 && steps[index].IsAllocation)
        {
            return null;
        }

        string found = index < 0 ? "no call" : ScriptError.Quote(
            System.Text.Encoding.UTF8.GetBytes(script.CallText(index)));
        string expected = nearest < 0
            ? "a script that allocates" : $"a call that allocates; the nearest is in line {steps[nearest].Line}";
        return new ScriptError(script.Name, line, 1, "no allocation stands there", found, expected);
    }

    private static int Distance(in ScriptStep step, int line) => Math.Abs(step.Line - line);

    // All calls before the one that is asked about.
    private static ScriptError? RunTo(ScriptFile script, ScriptMachine machine, ScriptTrace trace, int index)
    {
        for (int i = 0; i < index; i++)
        {
            ScriptOutcome outcome = machine.Execute(script.Steps[i]);
            trace.Follow(i);
            if (outcome.IsEnd)
            {
                return new ScriptError(
                    script.Name, script.Steps[index].Line, 1, "the call is not reached",
                    $"{ScriptOutcomeText.ToText(machine, outcome)} in line {script.Steps[i].Line}",
                    "a run that gets there");
            }
        }

        return null;
    }
}

/// <summary>Tries calls on the state that the call in question met, and takes them back.</summary>
internal sealed class ScriptTrials(
    ScriptFile script, ScriptMachine machine, ScriptTrace trace, ScriptMachine.Snapshot before, int index)
{
    /// <summary>The call in question.</summary>
    public ScriptStep Step => script.Steps[index];

    public ScriptMachine Machine => machine;

    public ScriptTrace Trace => trace;

    public KernelWord Word => machine.Header.Word;

    /// <summary>What another call would have given: its address, or null if it would have failed.</summary>
    public ulong? Try(ScriptStep step, ScriptMachine.NodeChange? change = null)
    {
        machine.Restore(before);
        if (change is not null)
        {
            machine.Change(change);
        }

        return Run(step);
    }

    /// <summary>What the call would have given if runs of pages had been freed before it.</summary>
    public ulong? TryFreed(int node, IEnumerable<OwnedRun> runs)
    {
        machine.Restore(before);
        foreach (OwnedRun run in runs)
        {
            ScriptOutcome freed = machine.Try(before, new ScriptStep
            {
                Op = ScriptOp.Free,
                Call = Call.free_bootmem_node,
                Node = node,
                A = Word.AddressOf(run.FirstPfn),
                B = run.PageCount << Word.PageShift,
            });
            if (freed.IsEnd)
            {
                return null;
            }
        }

        return Run(Step);
    }

    /// <summary>What the call would have given on another kernel that had run the whole script up to it.</summary>
    public ulong? TryKernel(KernelVersion version)
    {
        if (script.CheckKernel(version) is not null)
        {
            return null;
        }

        using ScriptMachine other = new(machine.Header with { Version = version }, script.NodeCount);
        ScriptOutcome outcome = default;
        for (int i = 0; i <= index; i++)
        {
            outcome = other.Execute(script.Steps[i]);
            if (outcome.IsEnd)
            {
                return null;
            }
        }

        return outcome.Value;
    }

    private ulong? Run(in ScriptStep step)
    {
        ScriptOutcome outcome = machine.Try(before, step);
        return outcome.Kind == ScriptOutcomeKind.Address ? outcome.Value : null;
    }
}
