using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>
/// The picture of a PC: its firmware's map with what the command line makes of it, the pages that the firmware keeps in
/// low memory, and the page tables that an i386 kernel has behind its image.
/// </summary>
internal static unsafe class PcPicture
{
    private const ulong FourGiB = 1UL << 32;
    private const ulong PageSize = 4096;

    // MAXMEM of arch/i386: 1 GiB less 128 MiB for vmalloc.
    private const ulong LowMemory = 896UL << 20;

    // head.S of arch/i386: a boot page table maps 4 MiB, and they map 128 KiB beyond themselves.
    private const ulong TableSpan = 4UL << 20;
    private const ulong MapBeyondEnd = 128UL << 10;

    private const ulong LeastEbda = 0x80000;
    private const ulong ConventionalEnd = 0xa0000;

    public static MemoryPicture Read(MachineFile file, CheckOptions options)
    {
        ref readonly BootInfo info = ref *file.Info;
        List<MapRange> map = MapOptions.Apply(
            [.. new ReadOnlySpan<MapRange>(info.MapRanges, info.MapRangeCount)], PictureReader.TextOf(info, options));
        List<OwnedRange> banks = [];
        List<OwnedRange> ranges = [];
        foreach (MapRange range in map)
        {
            List<OwnedRange> to = range.Type == MapRangeType.Usable ? banks : ranges;
            RangeKind kind = range.Type == MapRangeType.Usable ? RangeKind.Bank : RangeKind.Firmware;
            string owner = $"{NameOf(range.Type)} {to.Count}";
            to.Add(new OwnedRange(kind, owner, range.Start, range.End, NodeOf(info, range.Start)));
        }

        AddFirmwarePages(ranges, info, banks);
        int bits = options.Bits != 0 ? options.Bits : banks.Exists(static bank => bank.End > FourGiB) ? 64 : 32;
        if ((options.Kernel ?? file.RunningKernel) is ByteRange kernel)
        {
            AddKernel(ranges, kernel, bits);
        }

        if (options.Initrd is ByteRange initrd)
        {
            ranges.Add(new OwnedRange(RangeKind.Initrd, "initrd", initrd.Start, initrd.End));
        }
        else if (info.InitrdSize != 0)
        {
            ranges.Add(PictureReader.Range(RangeKind.Initrd, "initrd", info.InitrdStart, info.InitrdSize));
        }

        return new MemoryPicture
        {
            Banks = MemoryPicture.Sorted(banks),
            Ranges = MemoryPicture.Sorted(ranges),
            Bits = bits,
            IsBitsChosen = options.Bits != 0,
            LowEnd = bits == 64 ? ulong.MaxValue : LowMemory,
            IsPc = true,
        };
    }

    // What setup_arch() reserves whatever the map says.
    private static void AddFirmwarePages(List<OwnedRange> ranges, in BootInfo info, List<OwnedRange> banks)
    {
        ulong ebda = info.Pc.Ebda != 0 ? info.Pc.Ebda
            : (banks.Find(static bank => bank.End is > LeastEbda and < ConventionalEnd)?.End ?? 0) & ~0xfUL;
        AddPage(ranges, "the BIOS's page 0", 0);
        foreach ((string owner, ulong address) in ((string, ulong)[])
            [("EBDA", ebda), ("MP table", info.Pc.MpTable), ("MP configuration", info.Pc.MpConfig)])
        {
            if (address != 0)
            {
                AddPage(ranges, owner, address);
            }
        }
    }

    private static void AddPage(List<OwnedRange> ranges, string owner, ulong address) =>
        ranges.Add(PictureReader.Range(RangeKind.Firmware, owner, address & ~(PageSize - 1), PageSize));

    private static void AddKernel(List<OwnedRange> ranges, ByteRange kernel, int bits)
    {
        ranges.Add(new OwnedRange(RangeKind.Kernel, "kernel", kernel.Start, kernel.End));
        if (bits != 32 || kernel.End > FourGiB)
        {
            return;
        }

        ulong start = (kernel.End + PageSize - 1) & ~(PageSize - 1);
        ulong end = start;
        ulong mapped = 0;
        do
        {
            mapped += TableSpan;
            end += PageSize;
        }
        while (mapped < end + MapBeyondEnd);
        ranges.Add(new OwnedRange(RangeKind.PageTables, "boot page tables", start, end));
    }

    private static int NodeOf(in BootInfo info, ulong address)
    {
        for (int i = 0; i < info.NodeRangeCount; i++)
        {
            if (info.NodeRanges[i].Start <= address && address < info.NodeRanges[i].End)
            {
                return info.NodeRanges[i].Node;
            }
        }

        return 0;
    }

    private static string NameOf(MapRangeType type) => type switch
    {
        MapRangeType.Usable => "usable",
        MapRangeType.AcpiData => "ACPI data",
        MapRangeType.AcpiNvs => "ACPI NVS",
        MapRangeType.Unusable => "unusable",
        _ => "reserved",
    };
}
