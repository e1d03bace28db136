using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Benchmarks;

namespace Bootmem.Bench;

/// <summary>
/// What searches cost at 1 TiB, beside as many at 1 GiB whose place is equally near. Only the searches are timed, not
/// what brings the node up; the machines take turns.
/// </summary>
internal static class SearchSpeed
{
    private const int Searches = 5000;
    private const ulong Reserved = 16 * BenchNode.Page;
    private const int WarmUps = 5;

    /// <summary>Measures.</summary>
    /// <param name="replays">How many times.</param>
    public static IEnumerable<TableRow> Measure(int replays)
    {
        using BenchNode small = new(1, isIndexed: true);
        using BenchNode large = new(1024, isIndexed: true);
        List<double>[] times = [[], [], []];
        for (int i = 0; i < replays + WarmUps; i++)
        {
            double[] round =
            [
                Search(small, Reserved), Search(large, Reserved),
                Search(large, (large.PageCount / 2 * BenchNode.Page) + Reserved),
            ];
            for (int which = 0; i >= WarmUps && which < times.Length; which++)
            {
                times[which].Add(round[which]);
            }
        }

        yield return Row($"{Searches} searches at 1 TiB, what is looked for is near", times[1], times[0], 1);
        yield return Row($"{Searches} searches at 1 TiB, behind a full half", times[2], times[0], 2);
    }

    private static TableRow Row(string work, List<double> ours, List<double> reference, double asked) => new()
    {
        Work = work,
        OurNs = Figures.Median(ours),
        ReferenceNs = Figures.Median(reference),
        Ratio = Figures.MedianRatio(ours, reference),
        Reference = "the same at 1 GiB",
        Asked = asked,
        IsCost = true,
    };

    private static double Search(BenchNode node, ulong reserved)
    {
        node.Reset();
        node.Initialise();
        node.FreeAll();
        node.Reserve(0, reserved);
        return MapSpeed.Time(() =>
        {
            for (int i = 0; i < Searches; i++)
            {
                AllocationRequest request = new(Call.alloc_bootmem_low_pages, 2 * BenchNode.Page, BenchNode.Page, 0);
                if (!node.Memory.TryAllocate(request, out _, out Fault fault))
                {
                    throw new InvalidOperationException($"found {fault.Kind}, expected two pages");
                }
            }
        });
    }
}
