using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>
/// Regions that leave their place to the kernel: whether there is one. They are put where later kernels put them: in
/// the file's order, each as high as it fits.
/// </summary>
internal static class DynamicCheck
{
    private const string NotKnown = "bootmem's kernels do not know such regions: nothing is reserved.";

    /// <summary>Puts every region that fits; the others are findings.</summary>
    /// <param name="picture">A picture without these regions.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>The regions that have a place, in the file's order.</returns>
    public static IReadOnlyList<OwnedRange> Place(MemoryPicture picture, ICollection<CheckFinding> findings)
    {
        List<OwnedRange> placed = [];
        foreach (DynamicRegion region in picture.Dynamic)
        {
            if (region.Wrong is not null)
            {
                findings.Add(
                    new CheckFinding(FindingKind.DynamicBad, true, $"{region.Owner}: {region.Wrong}.", NotKnown));
                continue;
            }

            if (!picture.HasRam)
            {
                continue;
            }

            IReadOnlyList<ByteRange> free = Free(picture, placed, region.Within);
            ulong? start = Highest(free, region);
            if (start is ulong at)
            {
                placed.Add(new OwnedRange(RangeKind.Dynamic, region.Owner, at, at + region.Size));
            }
            else
            {
                findings.Add(NoPlace(region, free));
            }
        }

        return placed;
    }

    private static CheckFinding NoPlace(DynamicRegion region, IReadOnlyList<ByteRange> free)
    {
        string within = region.Within.Count == 0 ? "RAM" : string.Join(" and ", region.Within);
        string longest = free.Count == 0 ? "nothing is free there"
            : $"the longest free run there is {Longest(free)}, {Longest(free).SizeText}";
        return new CheckFinding(
            FindingKind.DynamicNoPlace,
            true,
            $"{region.Owner} finds no {Words.Size(region.Size)} aligned to 0x{region.Alignment:x} in {within}: "
                + $"{longest}.",
            NotKnown);
    }

    private static ByteRange Longest(IReadOnlyList<ByteRange> free) => free.MaxBy(run => run.Size);

    private static ulong? Highest(IReadOnlyList<ByteRange> free, DynamicRegion region)
    {
        for (int i = free.Count - 1; i >= 0; i--)
        {
            ByteRange run = free[i];
            if (run.Size < region.Size)
            {
                continue;
            }

            ulong start = (run.End - region.Size) & ~(region.Alignment - 1);
            if (start >= run.Start)
            {
                return start;
            }
        }

        return null;
    }

    // What is free of the RAM within some ranges, in whole pages, sorted.
    private static List<ByteRange> Free(
        MemoryPicture picture, IReadOnlyList<OwnedRange> placed, IReadOnlyList<ByteRange> within)
    {
        IReadOnlyList<OwnedRange> taken = MemoryPicture.Sorted(
            picture.Ranges.Concat(placed).Where(range => !range.IsEmpty));
        List<ByteRange> free = [];
        foreach (ByteRange part in picture.Ram().SelectMany(part => Cut(part, within)).OrderBy(part => part.Start))
        {
            ulong next = picture.PageUp(part.Start);
            ulong end = picture.PageDown(part.End);
            foreach (OwnedRange range in taken)
            {
                ulong start = picture.PageDown(range.Start);
                if (range.Start >= end)
                {
                    break;
                }

                if (start > next)
                {
                    free.Add(new ByteRange(next, start));
                }

                next = Math.Max(next, picture.PageUp(range.End));
            }

            if (next < end)
            {
                free.Add(new ByteRange(next, end));
            }
        }

        return free;
    }

    private static IEnumerable<ByteRange> Cut(ByteRange part, IReadOnlyList<ByteRange> within)
    {
        if (within.Count == 0)
        {
            yield return part;
        }

        foreach (ByteRange range in within)
        {
            ulong start = Math.Max(part.Start, range.Start);
            ulong end = Math.Min(part.End, range.End);
            if (start < end)
            {
                yield return new ByteRange(start, end);
            }
        }
    }
}
