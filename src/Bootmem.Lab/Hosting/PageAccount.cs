using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>What an owner holds.</summary>
/// <param name="Name">The owner.</param>
/// <param name="PageCount">Pages of RAM.</param>
/// <param name="ByteCount">
/// Bytes that it asked for and did not give back, allocated or reserved. They may lie in the pages of another owner,
/// who had them first; so there can be more of them than its own pages have.
/// </param>
/// <param name="LostByteCount">Bytes of its pages that nobody asked for.</param>
/// <param name="CallCount">Allocations from bootmem.</param>
public readonly record struct OwnerShare(
    string Name, ulong PageCount, ulong ByteCount, ulong LostByteCount, int CallCount);

/// <summary>
/// Every page of RAM once: free in bootmem or in the buddy lists, on a per-CPU list, or reserved by a named owner. The
/// sum is the RAM. And what bootmem's grain costs: bytes of RAM and of owned pages that are nobody's.
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

    /// <summary>Bytes of the pages whose owner asked for bytes: of all that are reserved or allocated.</summary>
    public ulong TakenBytes { get; private init; }

    /// <summary>Bytes that owners asked for and did not give back.</summary>
    public ulong AskedBytes => Owners.Aggregate(0UL, (sum, owner) => sum + owner.ByteCount);

    /// <summary>Bytes of owned pages that nobody asked for: lost to the rounding to whole pages.</summary>
    public ulong LostBytes => Owners.Aggregate(0UL, (sum, owner) => sum + owner.LostByteCount);

    /// <summary>Bytes of banks that are no whole page: a bank is rounded inwards.</summary>
    public ulong PartialBankBytes { get; private init; }

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
    /// Whether the parts add up to the RAM, and the page allocator took exactly what the ledger says was handed over to
    /// it, and bytes asked for and bytes lost are the bytes taken.
    /// </summary>
    public bool AddsUp => TookAll && AskedBytes + LostBytes == TakenBytes
        && BootmemFreePages + BuddyPages + PerCpuPages + OwnedPages + GivenPages == RamPages;

    // Given pages are what is left of the pages handed over: without this, they would hide a page that is lost or
    // counted twice.
    private bool TookAll { get; init; }

    /// <summary>Counts the pages of a machine as it is now.</summary>
    /// <param name="host">The machine; its banks are known.</param>
    public static PageAccount Of(MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Machine* machine = host.Machine;
        int shift = machine->Bootmem.Word.PageShift;
        Dictionary<Owner, OwnerBytes> owned = [];
        Dictionary<string, ulong> ownerless = [];
        ulong ram = 0;
        ulong free = 0;
        ulong handed = 0;
        ulong taken = 0;
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
                    case PageUse.Owned:
                        taken += run.PageCount << shift;
                        OwnerBytes.Add(owned, run, host.Ledger.Bytes, shift);
                        break;
                    default:
                        string name = run.Use == PageUse.Unclaimed ? "never freed" : "not bootmem's";
                        ownerless[name] = ownerless.GetValueOrDefault(name) + run.PageCount;
                        break;
                }
            }
        }

        bool hasPages = machine->NextStep > BootStep.MemInit;
        ulong buddy = hasPages ? machine->Pages.FreePageCount : 0;
        ulong perCpu = hasPages ? machine->Pages.PerCpuPageCount : 0;
        bool tookAll = hasPages ? machine->Pages.TotalPages == handed
            && machine->Pages.RefusedBlocks == 0 : handed == 0;
        OwnerShare[] owners = [.. owned.Select(entry => Share(entry.Key, entry.Value, host.Ledger))
            .Concat(ownerless.Select(entry => new OwnerShare(entry.Key, entry.Value, 0, 0, 0)))
            .OrderByDescending(share => share.PageCount).ThenBy(share => share.Name, StringComparer.Ordinal)];
        return new PageAccount(ram, free, buddy, perCpu, owners)
        {
            GivenPages = handed - buddy - perCpu,
            TookAll = tookAll && buddy + perCpu <= handed,
            TakenBytes = taken,
            PartialBankBytes = PartialBytes(machine, shift),
        };
    }

    private static OwnerShare Share(Owner owner, OwnerBytes held, PageLedger ledger) => new(
        Encoding.ASCII.GetString(Bootmem.Owners.Name(owner)), held.PageCount, held.ByteCount, held.LostByteCount,
        ledger.Uses.GetValueOrDefault(owner).CallCount);

    // Both ends of each bank, as far as they are no whole page.
    private static ulong PartialBytes(Machine* machine, int shift)
    {
        ulong bytes = 0;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            (ulong start, ulong end) = WholePages(bank, shift);
            bytes += bank.Size - (start < end ? (end - start) << shift : 0);
        }

        return bytes;
    }

    private static (ulong Start, ulong End) WholePages(Bank bank, int shift)
    {
        ulong partial = (bank.Start & ((1UL << shift) - 1)) == 0 ? 0UL : 1UL;
        return ((bank.Start >> shift) + partial, (bank.Start + bank.Size) >> shift);
    }

    private static List<(ulong Start, ulong End)> RamRuns(Machine* machine, int shift)
    {
        List<(ulong Start, ulong End)> runs = [];
        ulong most = machine->Bootmem.MaxPfn;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            (ulong start, ulong end) = WholePages(machine->Info.Banks[i], shift);
            end = Math.Min(end, most);
            if (start < end)
            {
                runs.Add((start, end));
            }
        }

        return runs;
    }
}
