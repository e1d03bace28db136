using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>Where the bitmaps go: right behind the kernel, whatever lies there (find_bootmap_pfn() of arch/arm).</summary>
internal static class BitmapCheck
{
    // arch/x86_64 looks for room from here on.
    private const ulong LeastAddress = 0x8000;

    /// <summary>Puts the bitmaps of all nodes.</summary>
    /// <param name="picture">A picture without them.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>Where they go; null where no kernel or no RAM is known, or no place is large enough.</returns>
    public static OwnedRange? Place(MemoryPicture picture, ICollection<CheckFinding> findings)
    {
        OwnedRange? kernel = picture.Ranges.FirstOrDefault(range => range.Kind == RangeKind.Kernel);
        if (kernel is null)
        {
            findings.Add(new CheckFinding(
                FindingKind.NoKernel,
                false,
                "nobody said where the kernel lies: neither it nor bootmem's bitmap was looked at.",
                "say it: --kernel-image SIZE@ADDR."));
            return null;
        }

        if (!picture.HasRam)
        {
            return null;
        }

        ulong pages = PagesOf(picture);
        ulong bytes = pages * picture.PageSize;
        OwnedRange? tables = picture.Ranges.FirstOrDefault(range => range.Kind == RangeKind.PageTables);
        ulong first = picture.PageUp(tables?.End ?? kernel.End);
        foreach (ByteRange place in Places(picture))
        {
            ulong start = picture.PageUp(place.Start);
            start = picture.IsPc && picture.Bits == 64
                ? Behind(picture, Math.Max(start, LeastAddress), bytes) : Math.Max(start, first);
            ulong end = picture.PageDown(Math.Min(place.End, picture.LowEnd));
            if (start < end && end - start >= bytes)
            {
                return new OwnedRange(RangeKind.Bitmap, "bitmap", start, start + bytes);
            }
        }

        findings.Add(new CheckFinding(
            FindingKind.BitmapNoRoom,
            true,
            $"no bank of node 0 has {Words.Size(bytes)} for the bitmap behind {kernel}.",
            "bootmem's boot refuses such a machine.") { Owners = [kernel] });
        return null;
    }

    // find_e820_area() of arch/x86_64 keeps off the kernel and the INITRD.
    private static ulong Behind(MemoryPicture picture, ulong start, ulong bytes)
    {
        foreach (OwnedRange range in picture.Ranges.Where(range => range.Kind is RangeKind.Kernel or RangeKind.Initrd))
        {
            bool isInTheWay = start < range.End && range.Start < start + bytes;
            start = isInTheWay ? picture.PageUp(range.End) : start;
        }

        return start;
    }

    private static IEnumerable<ByteRange> Places(MemoryPicture picture) =>
        picture.BitmapPlace is ByteRange own ? [own]
            : picture.Banks.Where(bank => bank.Node == 0).Select(bank => new ByteRange(bank.Start, bank.End));

    // bootmem_bootmap_pages() of each node, from its first page to its last one in low memory.
    private static ulong PagesOf(MemoryPicture picture)
    {
        if (picture.BitmapPlace is ByteRange own)
        {
            return PagesOf(picture, own.Start, own.End);
        }

        ulong pages = 0;
        foreach (IGrouping<int, OwnedRange> node in picture.Banks.Where(bank => !bank.IsEmpty).GroupBy(bank => bank.Node))
        {
            pages += PagesOf(picture, node.Min(bank => bank.Start), Math.Min(node.Max(bank => bank.End), picture.LowEnd));
        }

        return pages;
    }

    private static ulong PagesOf(MemoryPicture picture, ulong start, ulong end)
    {
        ulong first = picture.PageUp(start);
        ulong last = picture.PageDown(end);
        ulong bytes = first < last ? (((last - first) / picture.PageSize) + 7) / 8 : 0;
        return (bytes + picture.PageSize - 1) / picture.PageSize;
    }
}
