namespace Bootmem.Boot;

/// <summary>mem_init() and what follows it: bootmem hands over, and at last its own code and data go.</summary>
internal static unsafe class MemInit
{
    public static void Run(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        if (machine->HandOverSink.Take == null)
        {
            machine->HandOverSink = PageAllocator.SinkOf(&machine->Pages);
        }

        PageSink sink = machine->HandOverSink;
        bool isPc = Architectures.IsPc(machine->Config.Architecture);
        if (isPc)
        {
            X86MemInit.HandOver(machine);
        }

        for (int node = 0; node < machine->NodeCount && !isPc; node++)
        {
            if (machine->Extents[node].HasLowMemory)
            {
                machine->HandedOverPages += KernelApi.free_all_bootmem_node(ref mem, node, sink);
            }
        }

        ulong lowPages = machine->HandedOverPages;
        FreeHighMemory(machine, sink);
        if (isPc)
        {
            X86MemInit.Say(machine, lowPages);
        }
        else
        {
            SayMemory(machine);
        }

        BootHashes.AllocateLate(machine);
    }

    /// <summary>
    /// setup_per_cpu_pageset(): the boot's lists of NUMA kernels give way to the real ones (2.6.13); then the
    /// watermarks, init_per_zone_pages_min().
    /// </summary>
    public static void SetUpPerCpuPageSets(Machine* machine)
    {
        machine->Pages.SetUpPerCpuPageSets();
        machine->Pages.SetUpWatermarks();
    }

    /// <summary>free_initmem(): the image's init section becomes ordinary memory. Nothing of bootmem is left.</summary>
    public static void FreeInitmem(Machine* machine)
    {
        KernelWord word = machine->Bootmem.Word;
        ulong start = machine->Space.virt_to_phys(machine->Image.Init.Start);
        ulong firstPfn = word.PagesOf(start);
        ulong endPfn = word.PfnOf(start + machine->Image.Init.Size);
        if (firstPfn >= endPfn)
        {
            return;
        }

        machine->HandOverSink.Take(machine->HandOverSink.Context, firstPfn, 0, endPfn - firstPfn);
        bool isPc = Architectures.IsPc(machine->Config.Architecture);
        machine->Log.Text(isPc ? "<6>Freeing unused kernel memory: "u8 : "<6>Freeing init memory: "u8)
            .Decimal((endPfn - firstPfn) << word.PageShift >> 10).Text(isPc ? "k freed\n"u8 : "K\n"u8);
    }

    // High memory that bootmem did not manage goes page by page.
    private static void FreeHighMemory(Machine* machine, in PageSink sink)
    {
        KernelWord word = machine->Bootmem.Word;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            if (bank.Size == 0)
            {
                continue;
            }

            NodeExtent extent = machine->Extents[bank.Node];
            ulong first = BankTable.FirstPfn(bank, word);
            ulong end = BankTable.EndPfn(bank, word);
            first = first > extent.LowEndPfn ? first : extent.LowEndPfn;
            end = end < extent.EndPfn ? end : extent.EndPfn;
            if (first < end)
            {
                sink.Take(sink.Context, first, 0, end - first);
                machine->HandedOverPages += end - first;
            }
        }
    }

    private static void SayMemory(Machine* machine)
    {
        Log log = machine->Log;
        log.Text("<6>Memory:"u8);
        ulong all = 0;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            ulong size = machine->Info.Banks[i].Size;
            log.Text(" "u8).Decimal(size >> 20).Text("MB"u8);
            all += size;
        }

        log.Text(" = "u8).Decimal(all >> 20).Text("MB total\n"u8);
        ulong available = machine->Pages.FreePageCount << machine->Bootmem.Word.PageShift;
        log.Text("<5>Memory: "u8).Decimal(available >> 10).Text("KB available ("u8)
            .Decimal(machine->Image.Text.Size >> 10).Text("K code, "u8)
            .Decimal(machine->Image.Data.Size >> 10).Text("K data, "u8)
            .Decimal(machine->Image.Init.Size >> 10).Text("K init)\n"u8);
    }
}
