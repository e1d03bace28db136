using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>Two owners of one byte.</summary>
internal static class OverlapCheck
{
    // A file can have thousands of reservations at one place; millions of pairs help nobody.
    private const int MostShown = 1000;

    public static IEnumerable<CheckFinding> Find(MemoryPicture picture)
    {
        List<OwnedRange> open = [];
        int shown = 0;
        foreach (OwnedRange range in picture.Ranges.Where(range => !range.IsEmpty))
        {
            open.RemoveAll(before => before.End <= range.Start);
            foreach (OwnedRange before in open)
            {
                if (IsByDesign(before, range) || before.CommonWith(range) is not ByteRange common)
                {
                    continue;
                }

                if (shown++ == MostShown)
                {
                    yield return new CheckFinding(
                        FindingKind.MoreOverlaps, true, $"there are more than {MostShown} overlaps: the others are not shown.");
                    yield break;
                }

                yield return Judge(picture, before, range, common);
            }

            open.Add(range);
        }
    }

    // A PC's firmware keeps pages of ranges that it keeps. The article's private kernel lives in a range that the rest
    // of the system leaves alone: all of its own lies there.
    private static bool IsByDesign(OwnedRange a, OwnedRange b)
    {
        if (a.Kind == RangeKind.Firmware && b.Kind == RangeKind.Firmware)
        {
            return true;
        }

        OwnedRange inner = a.Kind == RangeKind.Private ? b : a;
        return Has(RangeKind.Private, a, b) && inner.Kind is not (RangeKind.Reserved or RangeKind.Header);
    }

    private static CheckFinding Judge(MemoryPicture picture, OwnedRange a, OwnedRange b, ByteRange common)
    {
        FindingKind kind = KindOf(a, b);
        CheckFinding finding = kind == FindingKind.SameRange
            ? new CheckFinding(kind, false, $"{a} and {b} tell of the same memory.", "bootmem keeps it all the same.")
            : new CheckFinding(
                kind, true, $"{a} and {b} share {common}, {common.SizeText}.", Consequence(picture, kind, a, b, common));
        return finding with { Owners = [a, b], Common = common };
    }

    private static FindingKind KindOf(OwnedRange a, OwnedRange b)
    {
        if (Has(RangeKind.Bitmap, a, b))
        {
            return FindingKind.BitmapHit;
        }

        if (Has(RangeKind.Initrd, a, b)
            && (Has(RangeKind.Kernel, a, b) || Has(RangeKind.PageDirectory, a, b) || Has(RangeKind.PageTables, a, b)))
        {
            return FindingKind.InitrdOverKernel;
        }

        if (Has(RangeKind.Initrd, a, b) && Has(RangeKind.DeviceTree, a, b))
        {
            return FindingKind.InitrdOverDeviceTree;
        }

        if (!Has(RangeKind.Header, a, b))
        {
            return FindingKind.Overlap;
        }

        // Boot loaders list what they loaded, rounded to pages or not, and trees list what they describe again.
        OwnedRange header = a.Kind == RangeKind.Header ? a : b;
        OwnedRange other = ReferenceEquals(header, a) ? b : a;
        return other.Kind switch
        {
            RangeKind.Initrd or RangeKind.DeviceTree or RangeKind.Kernel when header.Holds(other) => FindingKind.SameRange,
            RangeKind.Reserved or RangeKind.Header when header.IsSameAs(other) => FindingKind.SameRange,
            RangeKind.Header => FindingKind.Overlap,
            _ => FindingKind.HeaderDisagrees,
        };
    }

    private static string Consequence(
        MemoryPicture picture, FindingKind kind, OwnedRange a, OwnedRange b, ByteRange common)
    {
        ulong pages = (picture.PageUp(common.End) - picture.PageDown(common.Start)) / picture.PageSize;
        string twice = $"bootmem reserves {Words.Count(pages, "page")} twice and says nothing";
        OwnedRange other = a.Kind == RangeKind.Bitmap ? b : a;
        return kind switch
        {
            FindingKind.BitmapHit => $"init_bootmem() fills the bitmap with 0xff before anything is reserved: "
                + $"{common.SizeText} of {other.Owner} are lost without a word.",
            FindingKind.InitrdOverKernel => $"{twice}; the one that was loaded last has written over the other.",
            _ when Has(RangeKind.Firmware, a, b) =>
                "the firmware uses these bytes while the system runs: one overwrites the other.",
            FindingKind.HeaderDisagrees => $"{twice}; all bytes of both are kept.",
            _ when Has(RangeKind.DeviceTree, a, b) =>
                "these kernels do not reserve a device tree; the one that was loaded last has written over the other.",
            _ => $"{twice}; both owners use the same bytes.",
        };
    }

    private static bool Has(RangeKind kind, OwnedRange a, OwnedRange b) => a.Kind == kind || b.Kind == kind;
}
