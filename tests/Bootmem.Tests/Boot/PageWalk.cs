using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>
/// Every page of RAM, one by one, after a boot: what the lists of the page allocator hold, read link by link from its
/// mem_map; what bootmem handed over, from its events; who owns the rest, from the ledger.
/// </summary>
internal sealed unsafe class PageWalk
{
    private const byte InBuddy = 1;
    private const byte OnCpuList = 2;
    private const byte Owned = 4;
    private const byte Handed = 8;

    private readonly MachineHost _host;
    private readonly List<(ulong Start, ulong End, long Offset)> _runs = [];
    private readonly List<(ulong FirstPfn, ulong PageCount)> _handed = [];
    private byte[] _marks = [];

    /// <summary>Watches a machine that has not run yet.</summary>
    public PageWalk(MachineHost host)
    {
        _host = host;
        host.Observe(change =>
        {
            if (change.Kind == BootEventKind.HandedOver)
            {
                _handed.Add((change.FirstPfn, change.PageCount));
            }
        });
    }

    /// <summary>How many pages of RAM there are, counted here.</summary>
    public ulong RamPages { get; private set; }

    /// <summary>Pages in the buddy lists, counted here.</summary>
    public ulong BuddyPages { get; private set; }

    /// <summary>Checks the machine after its boot.</summary>
    public void Check()
    {
        Machine* machine = _host.Machine;
        FindRam(machine);
        Assert.Equal(VerifyResult.Sound, machine->Pages.Verify(out _));
        Assert.Equal(0UL, machine->Pages.RefusedBlocks);
        WalkLists(machine);
        foreach ((ulong first, ulong count) in _handed)
        {
            Mark(first, count, Handed);
        }

        MarkHighMemory(machine);
        MarkInit(machine);
        foreach (PageRun run in _host.Ledger.Runs)
        {
            if (run.Use == PageUse.Owned)
            {
                Assert.NotEqual("unnamed", Encoding.ASCII.GetString(Owners.Name(run.Owner)));
                MarkRam(run.StartPfn, run.EndPfn, Owned);
            }
        }

        for (int i = 0; i < _marks.Length; i++)
        {
            if (_marks[i] is not ((InBuddy | Handed) or (OnCpuList | Handed) or Owned))
            {
                Assert.Fail($"page 0x{PfnAt(i):x}: marks {_marks[i]:x}");
            }
        }

        PageAccount account = PageAccount.Of(_host);
        Assert.True(account.AddsUp);
        Assert.Equal(RamPages, account.RamPages);
        Assert.Equal(BuddyPages, account.BuddyPages);
        Assert.Equal(0UL, account.GivenPages);
        Assert.Equal(RamPages, account.BuddyPages + account.PerCpuPages + account.OwnedPages);
    }

    private void FindRam(Machine* machine)
    {
        int shift = machine->Config.PageShift;
        ulong size = 1UL << shift;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            ulong start = (bank.Start >> shift) + (bank.Start % size == 0 ? 0UL : 1UL);
            ulong end = Math.Min((bank.Start + bank.Size) >> shift, machine->Bootmem.MaxPfn);
            if (bank.Size != 0 && start < end)
            {
                _runs.Add((start, end, (long)RamPages));
                RamPages += end - start;
            }
        }

        _marks = new byte[RamPages];
    }

    private void WalkLists(Machine* machine)
    {
        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (!machine->Pages.IsOnline(node))
            {
                continue;
            }

            for (int index = 0; index < machine->Pages.ZonesPerNode; index++)
            {
                WalkZone(machine->Pages.ZoneOf(node, index));
            }
        }
    }

    private void WalkZone(Zone* zone)
    {
        for (int order = 0; order < Zone.MaxOrder; order++)
        {
            for (uint link = zone->FreeHead(order); link != 0; link = zone->PageAt(link)->Next)
            {
                Mark(zone->PfnOf(link), 1UL << order, InBuddy);
                BuddyPages += 1UL << order;
            }
        }

        for (int cpu = 0; cpu < Zone.MaxCpus; cpu++)
        {
            for (uint link = Zone.PageSetOf(zone, cpu)->Hot.Head; link != 0; link = zone->PageAt(link)->Next)
            {
                Mark(zone->PfnOf(link), 1, OnCpuList);
            }
        }
    }

    private void MarkHighMemory(Machine* machine)
    {
        for (int node = 0; node < machine->NodeCount; node++)
        {
            NodeExtent extent = machine->Extents[node];
            if (extent.HasMemory)
            {
                MarkRam(extent.LowEndPfn, extent.EndPfn, Handed);
            }
        }
    }

    private void MarkInit(Machine* machine)
    {
        int shift = machine->Config.PageShift;
        ulong start = machine->Space.virt_to_phys(machine->Image.Init.Start);
        ulong end = (start + machine->Image.Init.Size) >> shift;
        ulong first = (start + (1UL << shift) - 1) >> shift;
        Mark(first, end > first ? end - first : 0, Handed);
    }

    // The part of a range that is RAM.
    private void MarkRam(ulong startPfn, ulong endPfn, byte mark)
    {
        foreach ((ulong start, ulong end, _) in _runs)
        {
            ulong first = Math.Max(start, startPfn);
            ulong stop = Math.Min(end, endPfn);
            Mark(first, stop > first ? stop - first : 0, mark);
        }
    }

    // All of it must be RAM, and not yet be marked so.
    private void Mark(ulong firstPfn, ulong count, byte mark)
    {
        while (count != 0)
        {
            int at = _runs.FindIndex(run => run.Start <= firstPfn && firstPfn < run.End);
            Assert.True(at >= 0, $"page 0x{firstPfn:x} is no page of RAM");
            (ulong start, ulong end, long offset) = _runs[at];
            ulong part = Math.Min(count, end - firstPfn);
            Span<byte> marks = _marks.AsSpan((int)(offset + (long)(firstPfn - start)), (int)part);
            foreach (ref byte page in marks)
            {
                Assert.True((page & mark) == 0);
                page |= mark;
            }

            firstPfn += part;
            count -= part;
        }
    }

    private ulong PfnAt(int index)
    {
        foreach ((ulong start, ulong end, long offset) in _runs)
        {
            if (index >= offset && (ulong)(index - offset) < end - start)
            {
                return start + (ulong)(index - offset);
            }
        }

        return 0;
    }
}
