namespace Bootmem.Boot;

/// <summary>
/// Tables that come from the page allocator: mount cache, quota cache, IP route cache, TCP. The kernel prints a line of
/// each, and they go by the machine's memory like those from bootmem.
/// </summary>
internal static unsafe class LateHashes
{
    // Machines of at least this many pages get four times the entries.
    private const ulong ManyPages = 128 * 1024;
    private const ulong MostBindEntries = 64 * 1024;
    private const int MostOrder = 10;

    public static void Run(Machine* machine)
    {
        if (Architectures.IsPc(machine->Config.Architecture) || machine->Config.HasInet)
        {
            SayOnePage(machine, "Mount-cache"u8, 1, new FigureRules(machine->Config).SaysMountCacheBytes
                ? "order: "u8 : default);
        }

        if (machine->Config.HasQuota)
        {
            SayOnePage(machine, "Dquot-cache"u8, 0, "order "u8);
        }

        if (machine->Config.HasInet)
        {
            FigureRules rules = new(machine->Config);
            AllocateRoutes(machine, rules);
            AllocateTcp(machine, rules);
        }
    }

    // A page of list heads, or of single pointers.
    private static void SayOnePage(
        Machine* machine, System.ReadOnlySpan<byte> name, int headShift, System.ReadOnlySpan<byte> order)
    {
        KernelWord word = machine->Bootmem.Word;
        Take(machine, 0);
        machine->Log.Text(name).Text(" hash table entries: "u8)
            .Decimal(word.PageSize >> (Bits.Log2(word.Bytes) + headShift));
        if (order.Length != 0)
        {
            machine->Log.Text(" ("u8).Text(order).Text("0, "u8).Decimal(word.PageSize).Text(" bytes)"u8);
        }

        machine->Log.Text("\n"u8);
    }

    // ip_rt_init().
    private static void AllocateRoutes(Machine* machine, in FigureRules rules)
    {
        KernelWord word = machine->Bootmem.Word;
        ulong bucket = machine->Config.RouteBucket;
        if (rules.HasRouteSystemHash)
        {
            bucket = bucket == 0 ? word.Bytes : bucket;
            Allocate(machine, new HashRequest(
                "IP route cache"u8, bucket, 0, Physical(machine) >= ManyPages ? 15 : 17, HashFlags.HighMem, 0));
            return;
        }

        bucket = bucket == 0 ? word.Bytes << 1 : bucket;
        ulong goal = Physical(machine) >> (26 - word.PageShift);
        int order = 0;
        while (order < MostOrder && 1UL << order < goal)
        {
            order++;
        }

        while (order > 0 && Take(machine, order) == 0)
        {
            order--;
        }

        ulong entries = 1UL << Bits.Log2(Division.Divide(word.PageSize << order, bucket));
        machine->Log.Text("<6>IP: routing cache hash table of "u8).Decimal(entries).Text(" buckets, "u8)
            .Decimal((entries * bucket) >> 10).Text("Kbytes\n"u8);
    }

    // tcp_init(). The bind hash goes by half the established one's entries.
    private static void AllocateTcp(Machine* machine, in FigureRules rules)
    {
        if (!rules.HasTcpSystemHash)
        {
            return;
        }

        ref BootConfig config = ref machine->Config;
        KernelWord word = machine->Bootmem.Word;
        int scale = Physical(machine) >= ManyPages ? 13 : 15;
        ulong bucket = config.TcpBucket == 0 ? word.Bytes << 1 : config.TcpBucket;
        HashTable established = Allocate(
            machine, new HashRequest("TCP established"u8, bucket, 0, scale, HashFlags.HighMem, 0));
        bucket = config.TcpBindBucket == 0 ? word.Bytes : config.TcpBindBucket;
        HashTable bind = Allocate(machine, new HashRequest(
            "TCP bind"u8, bucket, (1UL << established.Shift) >> 1, scale, HashFlags.HighMem, MostBindEntries));
        machine->Log.Text("<6>TCP: Hash tables configured (established "u8).Decimal(1UL << established.Shift)
            .Text(" bind "u8).Decimal(1UL << bind.Shift).Text(")\n"u8);
    }

    private static HashTable Allocate(Machine* machine, in HashRequest request)
    {
        ref BootMemory mem = ref machine->Bootmem;
        HashSources sources = new()
        {
            KernelPages = machine->KernelPages,
            AllPages = machine->AllPages,
            RoundsPlainly = new FigureRules(machine->Config).RoundsHashPlainly,
            Context = machine,
            Pages = &TakeFor,
        };
        if (!LargeSystemHash.TryAllocate(ref mem, request, sources, out HashTable table, out Fault fault))
        {
            mem.Raise(fault);
        }

        return table;
    }

    // num_physpages: on PCs up to the last page, holes and all.
    private static ulong Physical(Machine* machine)
    {
        if (Architectures.IsPc(machine->Config.Architecture))
        {
            return machine->Bootmem.MaxPfn;
        }

        ulong count = 0;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            count += machine->Info.Banks[i].Size >> machine->Bootmem.Word.PageShift;
        }

        return count;
    }

    private static ulong TakeFor(void* context, int order) => Take((Machine*)context, order);

    // Without a memory map there is nothing to take: what would fit is taken for had.
    private static ulong Take(Machine* machine, int order)
    {
        if (machine->IsLayoutOnly)
        {
            return machine->Pages.FreePageCount >> order != 0 ? 1UL : 0;
        }

        return machine->Pages.TryAllocPages(GfpMask.Atomic, order, out ulong pfn)
            ? pfn << machine->Bootmem.Word.PageShift : 0;
    }
}
