using System.Collections.Generic;

namespace Bootmem.Lab.Scripts;

/// <summary>What decided where an allocation landed: each thing is taken away, and the call is tried again.</summary>
internal static class ScriptDecision
{
    /// <summary>What decided, a sentence each.</summary>
    /// <param name="trials">Tries calls.</param>
    /// <param name="address">What the call gave.</param>
    public static IReadOnlyList<string> Find(ScriptTrials trials, ulong address)
    {
        List<string> found = [];
        ScriptStep step = trials.Step;
        if (step.C != 0)
        {
            Add(found, $"the goal 0x{step.C:x}", trials.Try(With(step, goal: 0)), address);
        }

        if (step.D != 0)
        {
            Add(found, $"the limit 0x{step.D:x}", trials.Try(With(step, limit: 0)), address);
        }

        if (step.C != 0)
        {
            Add(found, "last_success", trials.Try(step, static (ref BootmemNode node) => node.LastSuccess = 0),
                address);
        }

        Add(found, "a merge with the last allocation",
            trials.Try(step, static (ref BootmemNode node) => node.LastOffset = 0), address);
        if (step.B != 1)
        {
            Add(found, $"the alignment 0x{step.B:x}", trials.Try(With(step, align: 1)), address);
        }

        if (found.Count == 0)
        {
            string rest = step.C == 0 ? "no goal" : "the goal does not matter here";
            found.Add($"nothing but what is free: it is the first place that is large enough ({rest}).");
        }

        return found;
    }

    /// <summary>A call with another alignment, goal or limit.</summary>
    public static ScriptStep With(ScriptStep step, ulong? align = null, ulong? goal = null, ulong? limit = null)
    {
        step.B = align ?? step.B;
        step.C = goal ?? step.C;
        step.D = limit ?? step.D;
        return step;
    }

    private static void Add(List<string> found, string what, ulong? without, ulong address)
    {
        if (without is null)
        {
            found.Add($"{what}: without it the call fails.");
        }
        else if (without != address)
        {
            found.Add($"{what}: without it the call gives 0x{without:x}.");
        }
    }
}
