using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <content>The calls as a script, and what no call tells of.</content>
public sealed unsafe partial class BootRecorder
{
    // A call, or a change that no call tells of: that one has no line.
    private sealed record Planned(string? Line, string Owner, string Caller)
    {
        public string Name { get; init; } = "";

        public string Arguments { get; init; } = "";

        public string Outcome { get; init; } = "";

        public IReadOnlyList<(PageChange Change, string Owner)> Changes { get; init; } = [];

        public BuddyList[] Buddies { get; set; } = [];
    }

    private static RecordedStep Outside(Planned planned, OwnerNames owners, PageMap map, int step)
    {
        PageChange[] changes = [.. planned.Changes.Select(entry => entry.Change with { Owner = owners.IndexOf(entry.Owner) })];
        foreach (PageChange change in changes)
        {
            map.Set(change, step);
        }

        return new RecordedStep
        {
            Name = planned.Name,
            Arguments = planned.Arguments,
            Outcome = planned.Outcome,
            Caller = planned.Caller,
            Owner = owners.IndexOf(planned.Owner),
            Changes = changes,
            Why = "this is no call of bootmem.",
        };
    }

    private static bool Same(BuddyList[] left, BuddyList[] right) =>
        left.Length == right.Length && left.Zip(right).All(pair => pair.First.Counts.SequenceEqual(pair.Second.Counts));

    private static string OwnerName(Owner owner) => Encoding.ASCII.GetString(Owners.Name(owner));

    // The kernel function that a step of the boot stands for.
    private static string FunctionOf(BootStep step) => step switch
    {
        BootStep.SetupArch => "setup_arch",
        BootStep.BootmemInit => "bootmem_init",
        BootStep.PagingInit => "paging_init",
        BootStep.PercpuInit => "setup_per_cpu_areas",
        BootStep.Zonelists => "build_all_zonelists",
        BootStep.PidHash => "pidhash_init",
        BootStep.EarlyHashes => "vfs_caches_init_early",
        BootStep.MemInit => "mem_init",
        BootStep.PcpInit => "setup_per_cpu_pageset",
        BootStep.FreeInitmem => "free_initmem",
        _ => "initcalls",
    };

    private ScriptFile ToScript(Machine* machine)
    {
        ref readonly BootMemoryOptions options = ref machine->Bootmem.Options;
        string search = options.Search switch
        {
            SearchKind.X86 => "x86",
            SearchKind.Arm => "arm",
            _ => "generic",
        };
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"kernel {Configuration.NameOf(machine->Config.Version)}\nbits {machine->Config.Bits}\n");
        text.Append(CultureInfo.InvariantCulture, $"page {1UL << Math.Max(options.PageShift, 6)}\nsearch {search}\n");
        text.Append(CultureInfo.InvariantCulture, $"cache_line {options.CacheLine}\ndma_goal 0x{options.DmaGoal:x}\n");
        foreach (Planned planned in _plan)
        {
            if (planned.Line != null)
            {
                text.Append(planned.Line).Append('\n');
            }
        }

        return ScriptFile.Parse(_title, text.ToString());
    }
}
