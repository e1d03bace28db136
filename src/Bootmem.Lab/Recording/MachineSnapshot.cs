using System;
using System.Collections.Generic;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Recordings;

/// <summary>A machine as it is now, as a recording of one moment: for pictures of a machine that somebody is
/// using.</summary>
public static unsafe class MachineSnapshot
{
    /// <summary>What the page allocator has given to somebody since the boot.</summary>
    public const string Given = "given out";

    /// <summary>The pages of a machine, each with what it is now.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="title">What it is called if its firmware names no model.</param>
    public static Recording Take(MachineHost host, string title)
    {
        ArgumentNullException.ThrowIfNull(host);
        OwnerNames owners = new();
        List<PageChange> changes = [];
        foreach (PageRun run in host.Ledger.Runs)
        {
            string owner = run.Use == PageUse.Owned ? Encoding.ASCII.GetString(Owners.Name(run.Owner)) : "";
            changes.Add(new PageChange(run.StartPfn, run.EndPfn, run.Use, owners.IndexOf(owner)));
        }

        // The ledger knows what went to the page allocator; only its lists know what is still there.
        if (host.HasPages && !host.IsLayoutOnly)
        {
            changes.AddRange(GivenOut(host, owners.IndexOf(Given)));
        }

        RecordedStep now = new() { Name = "", Changes = changes };
        return MachineFacts.Of(host.Machine, title) with { Owners = owners.Names, Steps = [now], Moment = "now" };
    }

    private static List<PageChange> GivenOut(MachineHost host, int owner)
    {
        List<PageChange> given = [];
        ulong freeUntil = 0;
        foreach (PageRun run in host.Ledger.Runs)
        {
            for (ulong pfn = run.StartPfn; run.Use == PageUse.HandedOver && pfn < run.EndPfn; pfn++)
            {
                Page* page = host.Pages.PageOf(pfn);
                freeUntil = page->IsBuddy ? pfn + (1UL << page->Order) : freeUntil;
                if (pfn < freeUntil || page->IsOnCpuList || page->IsReserved)
                {
                    continue;
                }

                if (given.Count != 0 && given[^1].EndPfn == pfn)
                {
                    given[^1] = given[^1] with { EndPfn = pfn + 1 };
                }
                else
                {
                    given.Add(new PageChange(pfn, pfn + 1, PageUse.Owned, owner));
                }
            }
        }

        return given;
    }
}
