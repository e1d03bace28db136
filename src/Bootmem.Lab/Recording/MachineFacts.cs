using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Recordings;

/// <summary>What a recording of a machine begins with: its name, its banks, nodes and zones. No owner, no
/// call.</summary>
internal static unsafe class MachineFacts
{
    /// <summary>The facts of a machine, as far as its boot has come.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="title">What it is called if its firmware names no model.</param>
    public static Recording Of(Machine* machine, string title)
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
            Title = model.Length == 0 ? title : model,
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
        int first = machine->NextStep > BootStep.PagingInit ? pages->FirstNode : -1;
        for (int node = first; node >= 0; node = pages->Node(node).NextNode)
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

    /// <summary>A zone's name, as the kernel prints it.</summary>
    /// <param name="zone">The zone.</param>
    public static string ZoneName(Zone* zone) => Encoding.ASCII.GetString(Zones.Name(zone->Kind));
}
