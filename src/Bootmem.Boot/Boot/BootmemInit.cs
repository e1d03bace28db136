using System;

namespace Bootmem.Boot;

/// <summary>
/// bootmem_init() of arch/arm: bitmaps behind the kernel image, nodes from last to first, their banks freed, then what
/// must not be given away reserved.
/// </summary>
internal static unsafe class BootmemInit
{
    /// <summary>Bytes of the page directory, which ends where the image begins: swapper_pg_dir.</summary>
    private const ulong PageDirectorySize = 0x4000;

    public static bool Run(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        RemapAreas.Take(machine);
        ulong bitmapPages = 0;
        for (int node = 0; node < machine->NodeCount; node++)
        {
            NodeExtent extent = machine->Extents[node];
            bitmapPages += extent.HasLowMemory ? BitmapPages(ref mem, extent) : 0;
        }

        if (!FindImage(machine) || !FindBitmapPfn(machine, bitmapPages, out ulong bitmapPfn))
        {
            return false;
        }

        machine->BitmapPfn = bitmapPfn;
        int initrdNode = CheckInitrd(machine);
        ulong next = bitmapPfn;
        for (int node = machine->NodeCount - 1; node >= 0; node--)
        {
            NodeExtent extent = machine->Extents[node];
            if (!extent.HasLowMemory)
            {
                continue;
            }

            mem.Owner = Owner.Bitmap;
            KernelApi.init_bootmem_node(ref mem, node, next, extent.StartPfn, extent.LowEndPfn);
            next += BitmapPages(ref mem, extent);
            FreeBanks(machine, node, extent);
            if (node == 0)
            {
                ReserveNodeZero(machine, bitmapPfn, bitmapPages);
            }
        }

        if (initrdNode >= 0)
        {
            mem.Owner = Owner.Initrd;
            KernelApi.reserve_bootmem_node(ref mem, initrdNode, machine->InitrdStart, machine->InitrdSize);
        }

        ReserveForFirmware(machine);
        mem.Owner = Owner.Unnamed;
        return true;
    }

    private static ulong BitmapPages(ref BootMemory mem, in NodeExtent extent) =>
        KernelApi.bootmem_bootmap_pages(ref mem, extent.LowEndPfn - extent.StartPfn);

    // The image, and the page directory below it, in whole pages of node 0; the init section in the image.
    private static bool FindImage(Machine* machine)
    {
        KernelWord word = machine->Bootmem.Word;
        ref KernelImage image = ref machine->Image;
        ulong start = machine->Space.virt_to_phys(image.All.Start);
        ulong size = image.All.Size;
        ulong directory = start - PageDirectorySize;
        ulong first = machine->Extents[0].StartPfn << word.PageShift;
        ulong end = machine->Extents[0].LowEndPfn << word.PageShift;
        bool isInside = start >= PageDirectorySize && directory >= first && start < end && size <= end - start
            && BankTable.Holds(machine->Info, directory, size + PageDirectorySize);
        if (!isInside)
        {
            return machine->Error.Set(BootErrorKind.ImageOutsideMemory, 0, start, start + size);
        }

        ulong init = word.Subtract(image.Init.Start, image.All.Start);
        return image.Init.Size == 0 || (init < size && image.Init.Size <= size - init)
            || machine->Error.Set(BootErrorKind.InitOutsideImage, 0, image.Init.Start, image.All.Start);
    }

    // find_bootmap_pfn(): the first place behind the image, in node 0. An INITRD that lies there is not looked at.
    private static bool FindBitmapPfn(Machine* machine, ulong pages, out ulong bitmapPfn)
    {
        KernelWord word = machine->Bootmem.Word;
        ulong imageEnd = machine->Space.virt_to_phys(machine->Image.All.Start) + machine->Image.All.Size;
        ulong first = word.PagesOf(imageEnd);
        ulong lowEnd = machine->Extents[0].LowEndPfn;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            ulong start = BankTable.FirstPfn(bank, word);
            ulong end = BankTable.EndPfn(bank, word);
            start = start > first ? start : first;
            start = StepOverKept(machine, start, pages);
            end = end < lowEnd ? end : lowEnd;
            if (bank.Node == 0 && start < end && end - start >= pages)
            {
                bitmapPfn = start;
                return true;
            }
        }

        bitmapPfn = 0;
        return machine->Error.Set(BootErrorKind.NoRoomForBitmap, 0, pages, first);
    }

    // What the firmware wants kept is not written over: the bitmap's pages are given away at last. The kernel of that
    // time knows of no such ranges.
    private static ulong StepOverKept(Machine* machine, ulong pfn, ulong pages)
    {
        int shift = machine->Bootmem.Word.PageShift;
        int count = machine->Info.Private.IsPresent ? 0 : machine->Info.ReservationCount;
        for (int i = 0; i < count; i++)
        {
            FirmwareReservation kept = machine->Info.Reservations[i];
            ulong last = kept.Start + kept.Size - 1;
            if (kept.Size != 0 && last >= kept.Start && kept.Start >> shift < pfn + pages && pfn <= last >> shift)
            {
                // Further on it may lie in one that was passed already.
                pfn = (last >> shift) + 1;
                i = -1;
            }
        }

        return pfn;
    }

    // free_bootmem_node_bank(): high memory, where bootmem does not manage it, is cut off.
    private static void FreeBanks(Machine* machine, int node, in NodeExtent extent)
    {
        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.Unnamed;
        ulong limit = extent.LowEndPfn << mem.Word.PageShift;
        for (int i = 0; i < machine->Info.BankCount; i++)
        {
            Bank bank = machine->Info.Banks[i];
            bool hasPage = BankTable.FirstPfn(bank, mem.Word) < BankTable.EndPfn(bank, mem.Word);
            if (bank.Node != node || !hasPage || bank.Start >= limit)
            {
                continue;
            }

            ulong size = limit - bank.Start < bank.Size ? limit - bank.Start : bank.Size;
            KernelApi.free_bootmem_node(ref mem, node, bank.Start, size);
        }
    }

    // reserve_node_zero(): the image, the page directory below it, the bitmaps of all nodes.
    private static void ReserveNodeZero(Machine* machine, ulong bitmapPfn, ulong bitmapPages)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong image = machine->Space.virt_to_phys(machine->Image.All.Start);
        mem.Owner = Owner.KernelImage;
        KernelApi.reserve_bootmem_node(ref mem, 0, image, machine->Image.All.Size);
        mem.Owner = Owner.PageDirectory;
        KernelApi.reserve_bootmem_node(ref mem, 0, image - PageDirectorySize, PageDirectorySize);
        mem.Owner = Owner.Bitmap;
        KernelApi.reserve_bootmem_node(
            ref mem, 0, mem.Word.AddressOf(bitmapPfn), bitmapPages << mem.Word.PageShift);
    }

    // check_initrd(): one that does not lie in RAM is refused, and the boot goes on without it.
    private static int CheckInitrd(Machine* machine)
    {
        ulong start = machine->Info.InitrdStart;
        ulong size = machine->Info.InitrdSize;
        if (size == 0)
        {
            return -1;
        }

        ulong end = start + size;
        int node = BankTable.NodeOf(machine->Info, start);
        bool isInside = node >= 0 && end > start && BankTable.Holds(machine->Info, start, size)
            && BankTable.NodeOf(machine->Info, end - 1) == node
            && start >= machine->Extents[node].StartPfn << machine->Bootmem.Word.PageShift
            && end <= machine->Extents[node].LowEndPfn << machine->Bootmem.Word.PageShift;
        if (!isInside)
        {
            machine->Log.Text("<3>initrd (0x"u8).Hex(start, 8).Text(" - 0x"u8).Hex(end, 8)
                .Text(") extends beyond physical memory - disabling initrd\n"u8);
            return -1;
        }

        machine->InitrdStart = start;
        machine->InitrdSize = size;
        return node;
    }

    // These kernels know no device tree; what a tree wants kept is kept all the same, node by node. Ranges outside RAM
    // are told of and left.
    private static void ReserveForFirmware(Machine* machine)
    {
        if (machine->Info.Private.IsPresent)
        {
            return;
        }

        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.Firmware;
        for (int i = 0; i < machine->Info.ReservationCount; i++)
        {
            FirmwareReservation wanted = machine->Info.Reservations[i];
            bool isPart = false;
            ulong end = wanted.Start + wanted.Size;
            for (int node = 0; node < machine->NodeCount && end > wanted.Start; node++)
            {
                NodeExtent extent = machine->Extents[node];
                ulong nodeStart = extent.StartPfn << mem.Word.PageShift;
                ulong nodeEnd = extent.LowEndPfn << mem.Word.PageShift;
                ulong start = wanted.Start > nodeStart ? wanted.Start : nodeStart;
                ulong stop = end < nodeEnd ? end : nodeEnd;
                if (extent.HasLowMemory && start < stop)
                {
                    KernelApi.reserve_bootmem_node(ref mem, node, start, stop - start);
                    isPart = true;
                }
            }

            if (!isPart && wanted.Size != 0)
            {
                machine->Log.Text("<4>reserved memory (0x"u8).Hex(wanted.Start, 8).Text(" - 0x"u8).Hex(end, 8)
                    .Text(") lies outside the memory that bootmem manages - ignored\n"u8);
            }
        }
    }
}
