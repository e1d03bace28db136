using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <summary>A call that scripts can make.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">The names of its numbers, separated by spaces.</param>
public sealed record ScriptCallName(string Name, string Arguments);

/// <summary>Single calls in the words of a script, for an allocator that is no script's.</summary>
public static class ScriptCalls
{
    /// <summary>The calls of bootmem that a script can make.</summary>
    public static IReadOnlyList<ScriptCallName> All { get; } = [.. ScriptVerbs.All
        .Where(verb => verb.Op is not (ScriptOp.State or ScriptOp.Handed))
        .Select(verb => new ScriptCallName(verb.Name, string.Join(' ', verb.Arguments)))];

    /// <summary>Whether a word is such a call.</summary>
    /// <param name="name">A word.</param>
    public static bool IsCall(string name) =>
        ScriptVerbs.Find(Encoding.UTF8.GetBytes(name)) is { Op: not (ScriptOp.State or ScriptOp.Handed) };

    /// <summary>Reads one call for a machine: what its name implies, such as a goal, is that machine's.</summary>
    /// <param name="line">One line, that begins with a call's name.</param>
    /// <param name="options">The machine's.</param>
    /// <param name="step">The call, ready to run.</param>
    /// <param name="error">What is wrong, in one line.</param>
    public static bool TryParse(
        string line, in BootMemoryOptions options, out ScriptStep step, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(line);
        step = default;
        string header = string.Create(
            CultureInfo.InvariantCulture,
            $"kernel {Encoding.ASCII.GetString(KernelVersions.Name(options.Version))}\nbits {options.Bits}\npage "
                + $"{1UL << options.PageShift}\ncache_line {options.CacheLine}\ndma_goal {options.DmaGoal}\n");
        if (!ScriptFile.TryParse(
            "", Encoding.UTF8.GetBytes(header + line), out ScriptFile? script, out ScriptError? wrong))
        {
            error = $"{wrong.What}: found {wrong.Found}, expected {wrong.Expected}";
            return false;
        }

        if (script.Steps.Length != 1)
        {
            error = "found no call, expected one";
            return false;
        }

        step = script.Steps[0];
        error = null;
        return true;
    }

    /// <summary>
    /// Makes a call on an allocator that is somebody else's. No state has changed where the outcome is a fault.
    /// </summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="step">The call; neither <c>state</c> nor <c>handed</c>.</param>
    /// <param name="sink">Takes the pages of a hand-over.</param>
    /// <param name="fault">The fault, if the outcome is one.</param>
    public static ScriptOutcome Execute(ref BootMemory memory, in ScriptStep step, in PageSink sink, out Fault fault)
    {
        fault = default;
        ulong value = 0;
        bool isDone;
        ScriptOutcomeKind kind = ScriptOutcomeKind.Number;
        switch (step.Op)
        {
            case ScriptOp.BitmapPages:
                return new ScriptOutcome(kind, memory.BitmapPages(step.A));
            case ScriptOp.Initialise:
                isDone = memory.TryInitialise(step.Call, step.Node, step.A, step.B, step.C, out value, out fault);
                break;
            case ScriptOp.Reserve:
                kind = ScriptOutcomeKind.Ok;
                isDone = memory.TryReserve(step.Call, step.Node, step.A, step.B, out fault);
                break;
            case ScriptOp.Free:
                kind = ScriptOutcomeKind.Ok;
                isDone = memory.TryFree(step.Call, step.Node, step.A, step.B, out fault);
                break;
            case ScriptOp.HandOver:
                isDone = memory.TryHandOver(step.Call, step.Node, sink, out value, out fault);
                break;
            default:
                kind = ScriptOutcomeKind.Address;
                AllocationRequest request = new(step.Call, step.A, step.B, step.C, step.D);
                isDone = step.Op == ScriptOp.AllocateOnNode
                    ? memory.TryAllocateOnNode(step.Node, request, out value, out fault)
                    : memory.TryAllocate(request, out value, out fault);
                break;
        }

        return isDone ? new ScriptOutcome(kind, value) : new ScriptOutcome(fault.Kind switch
        {
            FaultKind.Bug => ScriptOutcomeKind.Bug,
            FaultKind.Panic => ScriptOutcomeKind.Panic,
            _ => ScriptOutcomeKind.Undefined,
        });
    }

    /// <summary>An outcome of <see cref="Execute"/> as a script shows it, without the arrow.</summary>
    /// <param name="outcome">The outcome.</param>
    public static string ToText(ScriptOutcome outcome) => outcome.Kind switch
    {
        ScriptOutcomeKind.Number => outcome.Value.ToString(CultureInfo.InvariantCulture),
        ScriptOutcomeKind.Address => $"0x{outcome.Value:x}",
        _ => Encoding.ASCII.GetString(ScriptOutcomeText.Word(outcome.Kind)),
    };

    /// <summary>A node's state as a script shows it.</summary>
    /// <param name="memory">The allocator.</param>
    /// <param name="node">0 .. <see cref="BootMemory.NodeCapacity"/>-1.</param>
    public static string StateOf(in BootMemory memory, int node)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)node, (uint)memory.NodeCapacity);
        Span<byte> text = stackalloc byte[ScriptOutcomeText.MaxLength];
        return Encoding.ASCII.GetString(text[..ScriptOutcomeText.WriteState(text,
            ScriptMachine.StateOf(memory, node))]);
    }
}
