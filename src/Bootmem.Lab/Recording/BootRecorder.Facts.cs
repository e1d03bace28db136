using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Recordings;

/// <content>What is fixed about the machine, and the calls as a script.</content>
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

    private static string ZoneName(Zone* zone) => Encoding.ASCII.GetString(Zones.Name(zone->Kind));

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

    private Recording Facts(Machine* machine)
    {
        List<RecordedBank> banks = [];
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            if (bank.Size != 0)
            {
                banks.Add(new RecordedBank(bank.Start, bank.Size, bank.Node));
            }
        }

        List<RecordedNode> nodes = [];
        for (int i = 0; i < machine->NodeCount; i++)
        {
            NodeExtent extent = machine->Extents[i];
            if (extent.HasMemory)
            {
                nodes.Add(new RecordedNode(i, extent.StartPfn, extent.EndPfn));
            }
        }

        string model = Encoding.UTF8.GetString(machine->Info.Model, machine->Info.ModelLength);
        return new Recording
        {
            Title = model.Length == 0 ? _title : model,
            Kernel = Configuration.NameOf(machine->Config.Version),
            Bits = machine->Config.Bits,
            PageShift = Math.Max(machine->Bootmem.Options.PageShift, 6),
            IsBoot = true,
            Banks = banks,
            Nodes = nodes,
            Zones = ZonesOf(machine),
        };
    }

    private static List<RecordedZone> ZonesOf(Machine* machine)
    {
        List<RecordedZone> zones = [];
        PageAllocator* pages = &machine->Pages;
        for (int node = pages->FirstNode; machine->NextStep > BootStep.PagingInit && node >= 0; node = pages->Node(node).NextNode)
        {
            for (int i = 0; i < pages->ZonesPerNode; i++)
            {
                Zone* zone = pages->ZoneOf(node, i);
                if (zone->PresentPages != 0)
                {
                    zones.Add(new RecordedZone(node, ZoneName(zone), zone->StartPfn, zone->EndPfn));
                }
            }
        }

        zones.Sort((left, right) => left.StartPfn.CompareTo(right.StartPfn));
        return zones;
    }
}
