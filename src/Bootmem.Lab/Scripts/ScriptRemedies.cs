using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Scripts;

/// <summary>The smallest changes that make an allocation succeed that failed. Each was tried.</summary>
internal static class ScriptRemedies
{
    // Tries of one kind: what is no success by then is not looked for any further.
    private const int MostTries = 64;

    /// <summary>What would have to change, a sentence each; the smallest change of each kind.</summary>
    /// <param name="trials">Tries calls.</param>
    public static IReadOnlyList<string> Find(ScriptTrials trials)
    {
        List<string> found = [];
        AddIf(found, SizeOfOne(trials));
        AddIf(found, Alignment(trials));
        AddIf(found, Limit(trials));
        AddIf(found, Size(trials));
        AddIf(found, Kernel(trials));
        AddIf(found, Free(trials));
        if (found.Count == 0)
        {
            found.Add("nothing that was tried: another alignment, limit, size or kernel, or memory that is freed.");
        }

        return found;
    }

    private static void AddIf(List<string> found, string? sentence)
    {
        if (sentence is not null)
        {
            found.Add(sentence);
        }
    }

    private static string? SizeOfOne(ScriptTrials trials)
    {
        ScriptStep step = trials.Step;
        step.A = 1;
        return trials.Step.A == 0 && trials.Try(step) is ulong address
            ? $"a size of 1 byte in place of 0: it gives 0x{address:x}." : null;
    }

    // The greatest alignment below the one that was asked for.
    private static string? Alignment(ScriptTrials trials)
    {
        ScriptStep step = trials.Step;
        if (step.A == 0 || step.B <= 1)
        {
            return null;
        }

        bool isPowerOfTwo = (step.B & (step.B - 1)) == 0;
        ulong align = 1UL << Bits.Log2(step.B);
        for (align = isPowerOfTwo ? align >> 1 : align; align != 0; align >>= 1)
        {
            if (trials.Try(ScriptDecision.With(step, align: align)) is ulong address)
            {
                return $"an alignment of 0x{align:x} in place of 0x{step.B:x}: it gives 0x{address:x}.";
            }
        }

        return null;
    }

    // The lowest limit that leaves room: the end of a place in a free run.
    private static string? Limit(ScriptTrials trials)
    {
        ScriptStep step = trials.Step;
        if (step.A == 0 || step.D == 0)
        {
            return null;
        }

        KernelWord word = trials.Word;
        ulong pages = word.PagesOf(step.A);
        SortedSet<ulong> limits = [];
        foreach ((_, OwnedRun run) in FreeRuns(trials))
        {
            ulong first = FirstAligned(run.FirstPfn, trials);
            if (first >= run.FirstPfn && first < run.EndPfn && run.EndPfn - first >= pages)
            {
                limits.Add(word.AddressOf(first + pages));
            }
        }

        foreach (ulong limit in limits.Where(limit => limit > step.D).Take(MostTries))
        {
            if (trials.Try(ScriptDecision.With(step, limit: limit)) is ulong address)
            {
                return $"a limit of 0x{limit:x} in place of 0x{step.D:x}: it gives 0x{address:x}.";
            }
        }

        return trials.Try(ScriptDecision.With(step, limit: 0)) is ulong unlimited
            ? $"no limit in place of 0x{step.D:x}: it gives 0x{unlimited:x}." : null;
    }

    // The most bytes that are had: halved until no page more would do.
    private static string? Size(ScriptTrials trials)
    {
        ScriptStep step = trials.Step;
        KernelWord word = trials.Word;
        ulong good = 0;
        ulong bad = word.PagesOf(step.A);
        while (bad > good + 1)
        {
            ulong middle = good + ((bad - good) / 2);
            step.A = middle << word.PageShift;
            if (trials.Try(step) is not null)
            {
                good = middle;
            }
            else
            {
                bad = middle;
            }
        }

        step.A = good << word.PageShift;
        return good != 0 && trials.Try(step) is ulong address
            ? $"a size of {Words.ExactSize(step.A)} at most: it gives 0x{address:x}." : null;
    }

    // Before 2.6.15 a full node can stop a search that had more nodes to go to.
    private static string? Kernel(ScriptTrials trials) =>
        trials.Machine.Header.Version != KernelVersion.V2_6_15 && trials.TryKernel(KernelVersion.V2_6_15)
            is ulong address
            ? $"the kernel 2.6.15: it gives 0x{address:x}." : null;

    // The place where the fewest pages are taken.
    private static string? Free(ScriptTrials trials)
    {
        ScriptStep step = trials.Step;
        if (step.A == 0)
        {
            return null;
        }

        IReadOnlyList<RemedyPlace> places = RemedyPlaces.Find(trials);
        foreach (RemedyPlace place in places.OrderBy(place => place.TakenPages).Take(MostTries))
        {
            List<OwnedRun> taken = [.. trials.Trace.OwnersOf(place.Node)!
                .Between(place.FirstPfn, place.EndPfn).Where(run => !run.IsFree)];
            if (taken.Count != 0 && trials.TryFreed(place.Node, taken) is ulong address)
            {
                string runs = string.Join(" and ", taken.Select(run => Describe(trials, run)));
                return $"free {runs}: it gives 0x{address:x}.";
            }
        }

        return places.Count == 0
            ? $"freeing does not help: no node has {Words.Count(trials.Word.PagesOf(step.A), "page")} where the "
                + $"call looks."
            : places.All(place => HoldsBitmap(trials, place))
            ? "freeing does not help: in every place that is large enough lies a bitmap that is in use." : null;
    }

    private static bool HoldsBitmap(ScriptTrials trials, RemedyPlace place)
    {
        for (int number = 0; number < trials.Machine.Memory.NodeCapacity; number++)
        {
            BootmemNode node = trials.Machine.Memory.Node(number);
            ulong first = trials.Word.PfnOf(node.MapAddress);
            ulong end = trials.Word.PagesOf(node.MapAddress + (node.Map.BitCount >> 3));
            if (node.HasMap && first < place.EndPfn && place.FirstPfn < end)
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(ScriptTrials trials, OwnedRun run)
    {
        int shift = trials.Word.PageShift;
        return $"[0x{run.FirstPfn << shift:x}, 0x{run.EndPfn << shift:x}) "
            + $"({Words.Size(run.PageCount << shift)}, {trials.Trace.OwnerOf(run)})";
    }

    private static IEnumerable<(int Node, OwnedRun Run)> FreeRuns(ScriptTrials trials)
    {
        for (int node = 0; node < trials.Machine.Memory.NodeCapacity; node++)
        {
            foreach (OwnedRun run in trials.Trace.OwnersOf(node)?.FreeBetween(0, ulong.MaxValue) ?? [])
            {
                yield return (node, run);
            }
        }
    }

    private static ulong FirstAligned(ulong pfn, ScriptTrials trials)
    {
        ulong step = Math.Max(trials.Word.PfnOf(trials.Step.B), 1);
        return (pfn + step - 1) & ~(step - 1);
    }
}
