using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli.Shell;

/// <summary>The page allocator's calls as commands, and what becomes of a page.</summary>
internal static unsafe class PageVerbs
{
    private const ulong HighestOrder = Zone.MaxOrder - 1;

    public static IReadOnlyList<ShellVerb> All { get; } =
    [
        new ShellVerb(
            "alloc_pages", "GFP ORDER", "allocate 2^ORDER pages: GFP_KERNEL, GFP_ATOMIC|__GFP_ZERO, …", AllocPages)
        {
            Least = 2,
            Most = 2,
            Complete = (_, word) => GfpNames.Complete(word),
        },
        new ShellVerb("__get_free_pages", "GFP ORDER", "the same, by virtual address", GetFreePages)
        {
            Least = 2,
            Most = 2,
            Complete = (_, word) => GfpNames.Complete(word),
        },
        new ShellVerb("get_zeroed_page", "GFP", "allocate a page that is cleared", GetZeroedPage)
        {
            Least = 1,
            Most = 1,
            Complete = (_, word) => GfpNames.Complete(word),
        },
        new ShellVerb(
            "free_pages", "ADDR|PFN ORDER", "free 2^ORDER pages, by virtual address or page number", FreePages)
        {
            Least = 2,
            Most = 2,
        },
        new ShellVerb("__free_pages", "PFN ORDER", "the same, by page number", FreePagesByPfn) { Least = 2, Most = 2 },
        new ShellVerb("nr_free_pages", "", "how many pages are free in the buddy lists", CountFree),
        new ShellVerb("page", "PFN", "show what a page is; while bootmem lives too", ShowPage) { Least = 1, Most = 1 },
    ];

    private static void AllocPages(ShellSession session, ShellLine line)
    {
        MachineHost host = NeedPages(session);
        GfpMask gfp = GfpNames.Parse(line.At(0)!);
        int order = Order(line.At(1)!);
        if (!host.Pages.TryAllocPages(gfp, order, out ulong pfn))
        {
            session.FailAsAnswer($"=> 0: no block of order {order} can be had so");
            return;
        }

        session.Output.WriteLine(
            $"=> pfn 0x{pfn:x} ({1 << order} {(order == 0 ? "page" : "pages")}, {Place(host, pfn)})");
    }

    private static void GetFreePages(ShellSession session, ShellLine line)
    {
        MachineHost host = NeedPages(session);
        GfpMask gfp = GfpNames.Parse(line.At(0)!);
        int order = Order(line.At(1)!);
        Answer(session, PageApi.__get_free_pages(ref host.Pages, gfp, order), gfp);
    }

    private static void GetZeroedPage(ShellSession session, ShellLine line)
    {
        MachineHost host = NeedPages(session);
        GfpMask gfp = GfpNames.Parse(line.At(0)!);
        Answer(session, PageApi.get_zeroed_page(ref host.Pages, gfp), gfp);
    }

    private static void Answer(ShellSession session, ulong address, GfpMask gfp)
    {
        if (address != 0)
        {
            session.Output.WriteLine($"=> 0x{address:x}");
            return;
        }

        session.FailAsAnswer((gfp & GfpMask.HighMem) != 0
            ? "=> 0: a page of highmem has no address: ask without __GFP_HIGHMEM"
            : "=> 0: no such block can be had so");
    }

    private static void FreePages(ShellSession session, ShellLine line)
    {
        MachineHost host = NeedPages(session);
        ulong number = ShellNumbers.Parse(line.At(0)!, "an address or a page number");
        int order = Order(line.At(1)!);
        ulong physical = host.Space.virt_to_phys(number);
        bool isAddress = number >= host.Space.PageOffset && host.Space.IsLowmem(physical);
        Free(session, isAddress ? host.Pages.Word.PfnOf(physical) : number, order);
    }

    private static void FreePagesByPfn(ShellSession session, ShellLine line)
    {
        NeedPages(session);
        Free(session, ShellNumbers.Parse(line.At(0)!, "a page number"), Order(line.At(1)!));
    }

    private static void Free(ShellSession session, ulong pfn, int order)
    {
        PageResult result = session.Host.Pages.FreePages(pfn, order);
        string words = $"=> {Encoding.ASCII.GetString(PageResults.Describe(result))} (pfn 0x{pfn:x}, order {order})";
        if (result is PageResult.Done or PageResult.StillInUse)
        {
            session.Output.WriteLine(words);
        }
        else
        {
            session.FailAsAnswer(words);
        }
    }

    private static void CountFree(ShellSession session, ShellLine line)
    {
        MachineHost host = session.Host;
        if (!host.HasPages)
        {
            throw NotYet();
        }

        session.Output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"=> {PageApi.nr_free_pages(ref host.Pages)}"));
    }

    private static void ShowPage(ShellSession session, ShellLine line)
    {
        MachineHost host = session.Host;
        if (host.NextStep <= BootStep.BootmemInit)
        {
            throw new ShellException("bootmem is not initialised yet: 'boot bootmem' goes so far");
        }

        ulong pfn = ShellNumbers.Parse(line.At(0)!, "a page number", ulong.MaxValue >> host.Bootmem.Word.PageShift);
        PageRun run = host.Ledger.At(pfn);
        string use = run.Use switch
        {
            PageUse.Hole => "no node has it",
            PageUse.Unclaimed => "never freed to bootmem: no whole page of RAM, or not bootmem's",
            PageUse.Free => "free in bootmem",
            PageUse.Owned => $"reserved by {Encoding.ASCII.GetString(Bootmem.Owners.Name(run.Owner))} "
                + $"({Encoding.ASCII.GetString(Calls.Name(run.Call))})",
            _ => host.IsLayoutOnly ? "the page allocator's" : UseAfter(host, pfn),
        };
        bool hasCount = host.HasPages && !host.IsLayoutOnly && host.Pages.FindZone(pfn) != null;
        string count = hasCount
            ? $"; count {host.Pages.CountOf(pfn)}{(host.Pages.IsReserved(pfn) ? ", PG_reserved" : "")}" : "";
        session.Output.WriteLine($"page 0x{pfn:x}: {use}{count}");
        if (run.Use != PageUse.Hole)
        {
            session.Output.WriteLine($"  node {run.Node}, {Place(host, pfn)}");
        }
    }

    private static string UseAfter(MachineHost host, ulong pfn)
    {
        Page* page = host.Pages.PageOf(pfn);
        return page == null ? "the page allocator's"
            : page->IsOnCpuList ? "free, on a per-CPU list"
            : host.Pages.IsFree(pfn) ? "free, in the buddy lists"
            : "in use: given by the page allocator";
    }

    private static string Place(MachineHost host, ulong pfn)
    {
        ulong physical = host.Bootmem.Word.AddressOf(pfn);
        Zone* zone = host.HasPages ? host.Pages.FindZone(pfn) : null;
        string name = zone == null ? "" : $"zone {Encoding.ASCII.GetString(Zones.Name(zone->Kind))}, ";
        string mapped =
            host.Space.IsLowmem(physical)
                ? $"virtual 0x{host.Space.phys_to_virt(physical):x}" : "highmem: no virtual address";
        return $"{name}physical 0x{physical:x}, {mapped}";
    }

    private static int Order(string word) => (int)ShellNumbers.Parse(word, "an order", HighestOrder);

    private static MachineHost NeedPages(ShellSession session)
    {
        MachineHost host = session.Host;
        return !host.HasPages ? throw NotYet()
            : host.IsLayoutOnly ? throw new ShellException(
                "there are no pages behind the map: the machine was booted with --layout-only")
            : host;
    }

    private static ShellException NotYet() =>
        new("the page allocator has not taken over from bootmem yet: 'boot buddy' goes so far");
}
