using System;
using System.Collections.Generic;

namespace Bootmem.Lab.Scripts;

/// <summary>A place where an allocation would fit if what is taken there were free.</summary>
/// <param name="Node">Its node.</param>
/// <param name="FirstPfn">Its first page.</param>
/// <param name="EndPfn">The page behind its last one.</param>
/// <param name="TakenPages">How many of its pages are taken.</param>
internal readonly record struct RemedyPlace(int Node, ulong FirstPfn, ulong EndPfn, ulong TakenPages);

/// <summary>
/// The places worth trying. How many pages of a place are taken changes at the edges of runs only: so the best place
/// begins or ends at one, but for the alignment.
/// </summary>
internal static class RemedyPlaces
{
    // A node of a million runs would take longer than anybody waits.
    private const int MostRuns = 4096;

    /// <summary>All places worth trying, of all nodes.</summary>
    /// <param name="trials">Knows the call and the nodes.</param>
    public static IReadOnlyList<RemedyPlace> Find(ScriptTrials trials)
    {
        HashSet<RemedyPlace> places = [];
        for (int node = 0; node < trials.Machine.Memory.NodeCapacity; node++)
        {
            if (trials.Trace.OwnersOf(node) is PageOwners owners && trials.Machine.Memory.Node(node).HasMap)
            {
                Find(trials, node, owners, places);
            }
        }

        return [.. places];
    }

    private static void Find(ScriptTrials trials, int node, PageOwners owners, HashSet<RemedyPlace> places)
    {
        KernelWord word = trials.Word;
        ScriptStep step = trials.Step;
        BootmemNode state = trials.Machine.Memory.Node(node);
        ulong nodeFirst = word.PfnOf(state.BootStart);
        ulong limit = word.PfnOf(step.D);
        ulong end = limit != 0 && limit < state.LowPfn ? limit : state.LowPfn;
        ulong pages = word.PagesOf(step.A);
        ulong align = Math.Max(word.PfnOf(step.B), 1);
        List<OwnedRun> runs = [];
        foreach (OwnedRun run in owners.Between(nodeFirst, end))
        {
            runs.Add(run);
            if (runs.Count > MostRuns)
            {
                return;
            }
        }

        ulong[] taken = TakenBefore(runs);
        foreach (OwnedRun run in runs)
        {
            // The multiples of the alignment around the place that begins here, and around the one that ends here.
            foreach (ulong edge in (ReadOnlySpan<ulong>)[run.FirstPfn, run.EndPfn - Math.Min(pages, run.EndPfn)])
            {
                ulong below = edge & ~(align - 1);
                foreach (ulong first in (ReadOnlySpan<ulong>)[below, below + align])
                {
                    if (first >= nodeFirst && first < end && end - first >= pages)
                    {
                        ulong count = Taken(runs, taken, first + pages) - Taken(runs, taken, first);
                        places.Add(new RemedyPlace(node, first, first + pages, count));
                    }
                }
            }
        }
    }

    // Taken pages before each run.
    private static ulong[] TakenBefore(List<OwnedRun> runs)
    {
        ulong[] taken = new ulong[runs.Count + 1];
        for (int i = 0; i < runs.Count; i++)
        {
            taken[i + 1] = taken[i] + (runs[i].IsFree ? 0 : runs[i].PageCount);
        }

        return taken;
    }

    // Taken pages before a page.
    private static ulong Taken(List<OwnedRun> runs, ulong[] taken, ulong pfn)
    {
        int low = 0;
        int high = runs.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (runs[middle].EndPfn <= pfn)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        bool isInside = low < runs.Count && !runs[low].IsFree && pfn > runs[low].FirstPfn;
        return taken[low] + (isInside ? pfn - runs[low].FirstPfn : 0);
    }
}
