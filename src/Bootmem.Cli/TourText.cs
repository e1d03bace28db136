using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary>What the tour tells of a boot: what a stage is for, and which rule a call follows.</summary>
internal static class TourText
{
    /// <summary>What stands before the first call.</summary>
    public const string Beginning =
        "The kernel runs, and has no memory to give: no page allocator, no list of pages. It knows the banks of "
            + "RAM, and\n"
        + "where its own image lies. From a bit for each page it makes its first allocator.";

    /// <summary>What a kernel function is there for.</summary>
    public static string OfStage(string function) => function switch
    {
        "bootmem_init" => "a bitmap for each node; free what is RAM, reserve what is in use.",
        "paging_init" => "what paging needs: the zero page, page tables, the map of all pages, wait tables.",
        "setup_per_cpu_areas" => "a copy of the per-CPU data for each CPU.",
        "pidhash_init" => "the table of process numbers.",
        "vfs_caches_init_early" => "tables that are too large for the page allocator to come.",
        "mem_init" => "bootmem hands every free page to the page allocator.",
        "free_initmem" => "what was needed for the boot only is given away, bootmem's own code with it.",
        "setup_per_cpu_pageset" => "each CPU gets lists of its own.",
        "initcalls" => "tests that are built in.",
        _ => "the boot goes on.",
    };

    /// <summary>Which rule a call follows.</summary>
    public static string OfCall(RecordedStep step)
    {
        string name = step.Name;
        if (name.StartsWith("init_bootmem", System.StringComparison.Ordinal))
        {
            return "Rule: a node comes up with every page reserved. What is not known to be RAM is never given out.";
        }

        if (name.StartsWith("free_bootmem", System.StringComparison.Ordinal))
        {
            return "Rule: a free is rounded inwards. A page that is not wholly free stays reserved.";
        }

        if (name.StartsWith("reserve_bootmem", System.StringComparison.Ordinal))
        {
            return "Rule: a reservation is rounded outwards. A page that is used in part is taken.";
        }

        if (name.StartsWith("free_all_bootmem", System.StringComparison.Ordinal))
        {
            return "Rule: free pages go in whole words of the bitmap where they can, then the bitmap's own pages. "
                + "Bootmem is gone.";
        }

        if (step.Size != 0)
        {
            return step.Changes.Count == 0
                ? "Rule: a small allocation begins in the page where the last one ended, if the next page is free. "
                    + "It takes no page."
                : "Rule: first fit. The first free pages from the goal on, or from the node's start, that are enough.";
        }

        return step.IsEnd ? "The kernel stops here." : "No rule of bootmem: it only shows, or lies outside of it.";
    }
}
