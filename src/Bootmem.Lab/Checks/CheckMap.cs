using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Checks;

/// <summary>A check's picture of memory as one that can be drawn: each page with its owner, and what two want by
/// itself.</summary>
public static class CheckMap
{
    /// <summary>The owner of what more than one owner wants.</summary>
    public const string Conflict = "CONFLICT";

    /// <summary>What stands before the owner of a range that lies outside of RAM.</summary>
    public const string Outside = "no RAM: ";

    /// <summary>The picture as a recording of one moment.</summary>
    /// <param name="name">The machine's name.</param>
    /// <param name="result">What the check gave.</param>
    public static Recording Of(string name, CheckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        MemoryPicture picture = result.Picture;
        int shift = System.Numerics.BitOperations.Log2(picture.PageSize);
        OwnerNames owners = new();
        PageMap map = new();
        List<PageChange> changes = [];
        foreach (OwnedRange bank in picture.Banks.Where(bank => !bank.IsEmpty))
        {
            Set(PagesOf(bank.Start, bank.End, shift) with { Use = PageUse.Free });
        }

        // The larger ones first: what lies within another one is more to the point than that.
        foreach (OwnedRange range in picture.Ranges.Where(range => !range.IsEmpty)
            .OrderByDescending(range => range.Size))
        {
            PageChange pages = PagesOf(range.Start, range.End, shift);
            foreach (MapRun run in map.Within(pages.StartPfn, pages.EndPfn).ToList())
            {
                string owner = run.Use == PageUse.Hole ? Outside + NameOf(range) : NameOf(range);
                Set(new PageChange(run.StartPfn, run.EndPfn, PageUse.Owned, owners.IndexOf(owner)));
            }
        }

        foreach (ByteRange common in result.Findings.Where(finding => finding.IsProblem)
            .Select(finding => finding.Common).OfType<ByteRange>())
        {
            Set(PagesOf(common.Start, common.End, shift) with { Owner = owners.IndexOf(Conflict) });
        }

        return new Recording
        {
            Title = name,
            Bits = picture.Bits,
            PageShift = shift,
            Moment = Words.Count((ulong)result.ProblemCount, "problem"),
            Nodes = NodesOf(picture, shift),
            Owners = owners.Names,
            Steps = [new RecordedStep { Name = "check", Changes = changes }],
        };

        void Set(PageChange change)
        {
            changes.Add(change);
            map.Set(change, 0);
        }
    }

    // A region's own name: where it stands in the tree, the list of ranges tells.
    private static string NameOf(OwnedRange range) => range.Kind is RangeKind.Reserved or RangeKind.Dynamic
        ? range.Owner[(range.Owner.LastIndexOf('/') + 1)..] : range.Owner;

    private static PageChange PagesOf(ulong start, ulong end, int shift) =>
        new(start >> shift, ((end - 1) >> shift) + 1, PageUse.Owned, 0);

    // Each node from its first page to its last. A range outside of RAM belongs to the node that lies below it.
    private static List<RecordedNode> NodesOf(MemoryPicture picture, int shift)
    {
        List<RecordedNode> nodes = [];
        foreach (OwnedRange range in picture.Banks.Concat(picture.Ranges).Where(range => !range.IsEmpty))
        {
            PageChange pages = PagesOf(range.Start, range.End, shift);
            int at = range.Kind == RangeKind.Bank ? nodes.FindIndex(node => node.Node == range.Node)
                : Math.Max(nodes.FindLastIndex(node => node.StartPfn <= pages.StartPfn), 0);
            if (at < 0 || nodes.Count == 0)
            {
                nodes.Add(new RecordedNode(range.Node, pages.StartPfn, pages.EndPfn));
            }
            else
            {
                nodes[at] = nodes[at] with
                {
                    StartPfn = Math.Min(nodes[at].StartPfn, pages.StartPfn),
                    EndPfn = Math.Max(nodes[at].EndPfn, pages.EndPfn),
                };
            }
        }

        return nodes;
    }
}
