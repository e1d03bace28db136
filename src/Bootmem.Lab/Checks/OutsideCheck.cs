using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>Ranges outside of RAM, or in RAM that bootmem does not manage.</summary>
internal static class OutsideCheck
{
    public static IEnumerable<CheckFinding> Find(MemoryPicture picture)
    {
        if (!picture.HasRam)
        {
            yield break;
        }

        IReadOnlyList<ByteRange> ram = picture.Ram();
        foreach (OwnedRange range in picture.Ranges.Where(range => !range.IsEmpty))
        {
            // Where the bitmap would lie is computed from the RAM; what a PC's firmware keeps is no RAM.
            if (range.Kind is RangeKind.Bitmap or RangeKind.Dynamic or RangeKind.Firmware)
            {
                continue;
            }

            ulong inside = BytesInside(ram, range);
            if (inside == 0)
            {
                yield return NoBank(picture, ram, range);
            }
            else if (inside < range.Size)
            {
                yield return Partly(picture, ram, range, inside);
            }
            else if (range.End > picture.LowEnd)
            {
                yield return High(picture, range);
            }
        }
    }

    private static ulong BytesInside(IReadOnlyList<ByteRange> ram, OwnedRange range)
    {
        ulong inside = 0;
        foreach (ByteRange part in ram)
        {
            ulong start = Math.Max(part.Start, range.Start);
            ulong end = Math.Min(part.End, range.End);
            inside += start < end ? end - start : 0;
        }

        return inside;
    }

    private static CheckFinding NoBank(MemoryPicture picture, IReadOnlyList<ByteRange> ram, OwnedRange range)
    {
        // Device memory that Linux must not map: trees list it beside RAM.
        bool isDevice = range.IsNoMap && range.Kind == RangeKind.Reserved;
        string why = isDevice ? ": with no-map that is memory of a device" : "";
        string consequence = WhyRefused(picture, range)
            ?? (range.End <= ram[0].Start
                ? "reserve_bootmem() below the node sets bits outside of its bitmap; bootmem's boot leaves the range out and says so."
                : range.Start >= ram[^1].End
                ? "reserve_bootmem() beyond the node is a BUG(); bootmem's boot leaves the range out and says so."
                : "pages of a hole are reserved from the start: reserve_bootmem() changes nothing.");
        return new CheckFinding(FindingKind.NoBank, !isDevice, $"{range} lies in no bank{why}.", consequence) { Owners = [range] };
    }

    private static CheckFinding Partly(
        MemoryPicture picture, IReadOnlyList<ByteRange> ram, OwnedRange range, ulong inside)
    {
        string consequence = WhyRefused(picture, range)
            ?? (range.Start < ram[0].Start || range.End > ram[^1].End
                ? "reserve_bootmem() across the node's end is a BUG(); bootmem's boot keeps the part in RAM."
                : "pages of a hole are reserved from the start: reserve_bootmem() changes nothing there.");
        return new CheckFinding(
            FindingKind.OutsideRam, true, $"{Words.Size(range.Size - inside)} of {range} lie outside of RAM.", consequence)
        { Owners = [range] };
    }

    private static CheckFinding High(MemoryPicture picture, OwnedRange range) => new(
        FindingKind.HighMemory,
        true,
        $"{range} reaches beyond 0x{picture.LowEnd:x}, where low memory ends.",
        WhyRefused(picture, range)
            ?? "reserve_bootmem() there is a BUG(); bootmem's boot leaves that part out, and the page allocator gives it away.")
    {
        Owners = [range],
    };

    // What the boot does with that which it places itself; null for what it only reserves.
    private static string? WhyRefused(MemoryPicture picture, OwnedRange range) => range.Kind switch
    {
        RangeKind.Initrd when picture.IsPc => range.End > Math.Min(picture.LowEnd, picture.Ram()[^1].End)
            ? "the kernel says \"initrd extends beyond end of memory\" and boots without it."
            : "pages of a hole are reserved from the start: the kernel says nothing and reads what is there.",
        RangeKind.Initrd => "the kernel says \"extends beyond physical memory - disabling initrd\" and boots without it.",
        RangeKind.Kernel or RangeKind.PageDirectory or RangeKind.PageTables => "bootmem's boot refuses such a kernel.",
        RangeKind.DeviceTree => "these kernels do not look at it.",
        RangeKind.Private => "bootmem's boot takes the range as RAM, and nothing is there.",
        _ => null,
    };
}
