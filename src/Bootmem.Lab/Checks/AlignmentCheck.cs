using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>What does not begin and end with a page: bootmem rounds it, RAM inwards and reservations outwards.</summary>
internal static class AlignmentCheck
{
    public static IEnumerable<CheckFinding> Find(MemoryPicture picture)
    {
        foreach (OwnedRange bank in picture.Banks.Where(bank => IsMisaligned(picture, bank)))
        {
            yield return OfBank(picture, bank);
        }

        IEnumerable<OwnedRange> kept = picture.Ranges.Where(static range => range.Kind != RangeKind.Firmware);
        foreach (OwnedRange range in kept.Where(range => IsMisaligned(picture, range)))
        {
            // Nobody aligns an INITRD's or a device tree's end; the rest of the page is not given away.
            ByteRange pages = new(picture.PageDown(range.Start), picture.PageUp(range.End));
            yield return new CheckFinding(
                FindingKind.Misaligned,
                false,
                $"{range} is not made of whole pages.",
                range.Kind == RangeKind.DeviceTree
                    ? "these kernels do not reserve it." : $"reserve_bootmem() rounds outwards: {pages} is kept.")
            { Owners = [range] };
        }
    }

    private static CheckFinding OfBank(MemoryPicture picture, OwnedRange bank)
    {
        ulong first = picture.PageUp(bank.Start);
        ulong end = picture.PageDown(bank.End);
        ulong lost = first < end ? (first - bank.Start) + (bank.End - end) : bank.Size;
        string rest = first < end ? $"leaves {new ByteRange(first, end)}" : "leaves nothing";
        return new CheckFinding(
            FindingKind.Misaligned,
            !picture.IsPc,
            $"{bank} is not made of whole pages.",
            $"free_bootmem() rounds inwards and {rest}: {Words.Size(lost)} are lost silently.")
        { Owners = [bank] };
    }

    private static bool IsMisaligned(MemoryPicture picture, OwnedRange range) =>
        !range.IsEmpty && ((range.Start | range.End) & (picture.PageSize - 1)) != 0;
}
