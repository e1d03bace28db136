using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>What an owner holds.</summary>
/// <param name="Name">The owner.</param>
/// <param name="PageCount">Pages.</param>
/// <param name="ByteCount">Bytes that were asked for from bootmem; 0 for what was reserved.</param>
/// <param name="CallCount">Allocations from bootmem.</param>
public readonly record struct OwnerShare(string Name, ulong PageCount, ulong ByteCount, int CallCount);

/// <summary>
/// Every page of RAM once: free in bootmem or in the buddy lists, on a per-CPU list, or reserved by a named owner. The sum is the RAM.
/// </summary>
public sealed unsafe class PageAccount
{
    private PageAccount(ulong ramPages, ulong bootmem, ulong buddy, ulong perCpu, IReadOnlyList<OwnerShare> owners)
    {
        RamPages = ramPages;
        BootmemFreePages = bootmem;
        BuddyPages = buddy;
        PerCpuPages = perCpu;
        Owners = owners;
    }

    /// <summary>Whole pages of RAM in all banks.</summary>
    public ulong RamPages { get; }

    /// <summary>Pages that are free in bootmem.</summary>
    public ulong BootmemFreePages { get; }

    /// <summary>Pages in the buddy lists.</summary>
    public ulong BuddyPages { get; }

    /// <summary>Pages on per-CPU lists.</summary>
    public ulong PerCpuPages { get; }

    /// <summary>Who holds the others, the largest first.</summary>
    public IReadOnlyList<OwnerShare> Owners { get; }

    /// <summary>Pages that somebody holds.</summary>
    public ulong OwnedPages => Owners.Aggregate(0UL, (sum, owner) => sum + owner.PageCount);

    /// <summary>Pages that the page allocator gave to somebody after the boot.</summary>
    public ulong GivenPages { get; private init; }

    /// <summary>
    /// Whether the parts add up to the RAM, and the page allocator took exactly what the ledger says was handed over to it.
    /// </summary>
    public bool AddsUp => TookAll && BootmemFreePages + BuddyPages + PerCpuPages + OwnedPages + GivenPages == RamPages;

    // Given pages are what is left of the pages handed over: without this, they would hide a page that is lost or counted
    // twice.
    private bool TookAll { get; init; }

    /// <summary>Counts the pages of a machine as it is now.</summary>
    /// <param name="host">The machine; its banks are known.</param>
    public static PageAccount Of(MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Machine* machine = host.Machine;
        int shift = machine->Bootmem.Word.PageShift;
        Dictionary<string, ulong> owned = [];
        ulong ram = 0;
        ulong free = 0;
        ulong handed = 0;
        foreach ((ulong start, ulong end) in RamRuns(machine, shift))
        {
            ram += end - start;
            foreach (PageRun run in host.Ledger.Within(start, end))
            {
                switch (run.Use)
                {
                    case PageUse.Free:
                        free += run.PageCount;
                        break;
                    case PageUse.HandedOver:
                        handed += run.PageCount;
                        break;
                    default:
                        string name = NameOf(run);
                        owned[name] = owned.GetValueOrDefault(name) + run.PageCount;
                        break;
                }
            }
        }

        bool hasPages = machine->NextStep > BootStep.MemInit;
        ulong buddy = hasPages ? machine->Pages.FreePageCount : 0;
        ulong perCpu = hasPages ? machine->Pages.PerCpuPageCount : 0;
        bool tookAll = hasPages ? machine->Pages.TotalPages == handed && machine->Pages.RefusedBlocks == 0 : handed == 0;
        OwnerShare[] owners = [.. owned.Select(entry => Share(entry.Key, entry.Value, host.Ledger))
            .OrderByDescending(share => share.PageCount).ThenBy(share => share.Name, StringComparer.Ordinal)];
        return new PageAccount(ram, free, buddy, perCpu, owners)
        {
            GivenPages = handed - buddy - perCpu,
            TookAll = tookAll && buddy + perCpu <= handed,
        };
    }

    private static string NameOf(in PageRun run) => run.Use switch
    {
        PageUse.Owned => Encoding.ASCII.GetString(Bootmem.Owners.Name(run.Owner)),
        PageUse.Unclaimed => "never freed",
        _ => "not bootmem's",
    };

    private static OwnerShare Share(string name, ulong pages, PageLedger ledger)
    {
        foreach ((Owner owner, OwnerUse use) in ledger.Uses)
        {
            if (Encoding.ASCII.GetString(Bootmem.Owners.Name(owner)) == name)
            {
                return new OwnerShare(name, pages, use.ByteCount, use.CallCount);
            }
        }

        return new OwnerShare(name, pages, 0, 0);
    }

    private static List<(ulong Start, ulong End)> RamRuns(Machine* machine, int shift)
    {
        List<(ulong Start, ulong End)> runs = [];
        ulong most = machine->Bootmem.MaxPfn;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            ulong partial = (bank.Start & ((1UL << shift) - 1)) == 0 ? 0UL : 1UL;
            ulong start = (bank.Start >> shift) + partial;
            ulong end = Math.Min((bank.Start + bank.Size) >> shift, most);
            if (bank.Size != 0 && start < end)
            {
                runs.Add((start, end));
            }
        }

        return runs;
    }
}
