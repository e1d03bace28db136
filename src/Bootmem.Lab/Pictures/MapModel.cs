using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Recordings;

namespace Bootmem.Lab.Pictures;

/// <summary>Pages side by side of one node and one zone, without a large hole.</summary>
/// <param name="Node">Their node.</param>
/// <param name="Zone">Their zone's name; empty where there is none.</param>
/// <param name="StartPfn">The first page.</param>
/// <param name="EndPfn">The first page behind them.</param>
/// <param name="IsHole">Whether this is a hole that is told of, not drawn.</param>
public readonly record struct MapBlock(int Node, string Zone, ulong StartPfn, ulong EndPfn, bool IsHole)
{
    /// <summary>How many pages.</summary>
    public ulong PageCount => EndPfn - StartPfn;
}

/// <summary>What a colour stands for.</summary>
/// <param name="Name">The owner.</param>
/// <param name="Use">What the pages are.</param>
/// <param name="Color">The colour.</param>
/// <param name="PageCount">How many pages.</param>
/// <param name="Share">Their share of the RAM: 0 .. 1; of a hole 0.</param>
/// <param name="FirstPfn">The first of them.</param>
/// <param name="RunCount">In how many pieces they lie.</param>
/// <param name="Owner">Of owned pages: index of the owner's name.</param>
public sealed record LegendEntry(
    string Name, PageUse Use, MapColor Color, ulong PageCount, double Share, ulong FirstPfn, int RunCount, int Owner);

/// <summary>The memory at one moment, as the pictures draw it: blocks of pages, and a legend.</summary>
public sealed class MapModel
{
    private const ulong LargeHoleShare = 16;
    private readonly Recording _recording;
    private readonly PageMap _map;
    private IReadOnlyList<string>? _marks;

    private MapModel(Recording recording, int stepCount, ulong startPfn = 0, ulong endPfn = ulong.MaxValue)
    {
        _recording = recording;
        _map = recording.MapAfter(stepCount);
        StepCount = stepCount;
        Blocks = CutHoles([.. WholeBlocks()
            .Select(block => block with
            {
                StartPfn = Math.Max(block.StartPfn, startPfn),
                EndPfn = Math.Min(block.EndPfn, endPfn),
            })
            .Where(block => block.StartPfn < block.EndPfn)]);
        Legend = NewLegend();
    }

    /// <summary>How many calls were made.</summary>
    public int StepCount { get; }

    /// <summary>What is drawn: by node and zone.</summary>
    public IReadOnlyList<MapBlock> Blocks { get; }

    /// <summary>What the colours stand for, the most pages first; free pages and holes at the end.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; }

    /// <summary>log2 of the page size in bytes.</summary>
    public int PageShift => _recording.PageShift;

    /// <summary>What the picture is of.</summary>
    public string Title
    {
        get
        {
            string when = _recording.Moment ?? $"after {Scripts.Words.Count((ulong)StepCount, "call")}";
            string kernel = _recording.Kernel.Length == 0 ? "" : $" {_recording.Kernel},";
            string title = $"{_recording.Title},{kernel} {when}";
            RecordedStep? last = StepCount == 0 ? null : _recording.Steps[StepCount - 1];
            return last?.IsEnd == true ? $"{title}, the last of them: {last.Outcome}" : title;
        }
    }

    /// <summary>Pages of RAM.</summary>
    public ulong RamPages { get; private set; }

    /// <summary>The memory after the last call.</summary>
    /// <param name="recording">A recording.</param>
    public static MapModel Of(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return new MapModel(recording, recording.Steps.Count);
    }

    /// <summary>The memory after some of the calls.</summary>
    /// <param name="recording">A recording.</param>
    /// <param name="stepCount">How many calls: 0 .. the number of steps.</param>
    public static MapModel Of(Recording recording, int stepCount)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return new MapModel(recording, Math.Clamp(stepCount, 0, recording.Steps.Count));
    }

    /// <summary>A part of the memory after some of the calls.</summary>
    /// <param name="recording">A recording.</param>
    /// <param name="stepCount">How many calls: 0 .. the number of steps.</param>
    /// <param name="start">The first address, in bytes; cut to its page.</param>
    /// <param name="end">The address behind, in bytes; with the whole of its page.</param>
    public static MapModel Of(Recording recording, int stepCount, ulong start, ulong end)
    {
        ArgumentNullException.ThrowIfNull(recording);
        int shift = recording.PageShift;
        ulong endPfn = (end >> shift) + ((end & ((1UL << shift) - 1)) == 0 ? 0UL : 1);
        return new MapModel(recording, Math.Clamp(stepCount, 0, recording.Steps.Count), start >> shift, endPfn);
    }

    /// <summary>The allocations that lie in a range and are still there: the call's index, and addresses in bytes, cut
    /// to the range.</summary>
    /// <param name="startPfn">The first page.</param>
    /// <param name="endPfn">The first page behind the range.</param>
    public IEnumerable<(int Step, ulong Start, ulong End)> AllocationsWithin(ulong startPfn, ulong endPfn)
    {
        ulong start = startPfn << PageShift;
        ulong end = endPfn << PageShift;
        for (int i = 0; i < StepCount; i++)
        {
            RecordedStep step = _recording.Steps[i];
            ulong last = step.Size > ulong.MaxValue - step.Address ? ulong.MaxValue : step.Address + step.Size;
            ulong pfn = step.Address >> PageShift;
            if (step.Size != 0 && step.Address < end && last > start && Cell(pfn, pfn + 1).Use == PageUse.Owned)
            {
                yield return (i, Math.Max(step.Address, start), Math.Min(last, end));
            }
        }
    }

    /// <summary>What a cell of a picture shows: of the pages in it, those of the owner that has most; free pages and
    /// holes only where nobody has one. So nothing that is taken can hide.</summary>
    /// <param name="startPfn">The cell's first page.</param>
    /// <param name="endPfn">The first page behind it.</param>
    public MapRun Cell(ulong startPfn, ulong endPfn)
    {
        MapRun best = default;
        ulong most = 0;
        int rank = -1;
        Dictionary<int, ulong>? owned = null;
        foreach (MapRun run in _map.Within(startPfn, endPfn))
        {
            ulong count = run.PageCount;
            if (run.Use == PageUse.Owned)
            {
                owned ??= [];
                count += owned.GetValueOrDefault(run.Owner);
                owned[run.Owner] = count;
            }

            int runRank = RankOf(run.Use);
            if (runRank > rank || (runRank == rank && count > most))
            {
                (best, most, rank) = (run, count, runRank);
            }
        }

        return best;
    }

    /// <summary>The runs of a block, for pictures that need no cells.</summary>
    /// <param name="block">A block.</param>
    public IEnumerable<MapRun> RunsOf(MapBlock block) => _map.Within(block.StartPfn, block.EndPfn);

    /// <summary>The name that people see for a run.</summary>
    /// <param name="run">A run.</param>
    public string NameOf(MapRun run) => OwnerColors.NameOf(run.Use, _recording.Owners[run.Owner]);

    /// <summary>A letter for each owner, by index.</summary>
    public IReadOnlyList<string> Marks => _marks ??= OwnerMarks.Of(_recording.Owners);

    /// <summary>The colour of a run.</summary>
    /// <param name="run">A run.</param>
    public MapColor ColorOf(MapRun run) => OwnerColors.Of(run.Use, _recording.Owners[run.Owner]);

    private static int RankOf(PageUse use) => use switch
    {
        PageUse.Owned => 4,
        PageUse.Free => 3,
        PageUse.HandedOver => 2,
        PageUse.Unclaimed => 1,
        _ => 0,
    };

    private List<MapBlock> WholeBlocks()
    {
        List<MapBlock> blocks = [];
        foreach (RecordedNode node in _recording.Nodes.OrderBy(node => node.StartPfn))
        {
            ulong next = node.StartPfn;
            foreach (RecordedZone zone in _recording.Zones.Where(zone => zone.Node == node.Node)
                .OrderBy(zone => zone.StartPfn))
            {
                if (zone.StartPfn >= next && zone.EndPfn > zone.StartPfn)
                {
                    blocks.Add(new MapBlock(node.Node, zone.Name, zone.StartPfn, zone.EndPfn, false));
                    next = zone.EndPfn;
                }
            }

            if (next < node.EndPfn)
            {
                blocks.Add(new MapBlock(node.Node, "", next, node.EndPfn, false));
            }
        }

        return blocks;
    }

    // A large hole is told of in a line: it would leave no room for the RAM.
    private List<MapBlock> CutHoles(List<MapBlock> blocks)
    {
        foreach (MapBlock block in blocks)
        {
            foreach (MapRun run in _map.Within(block.StartPfn, block.EndPfn))
            {
                RamPages += run.Use == PageUse.Hole ? 0 : run.PageCount;
            }
        }

        ulong large = Math.Max(RamPages / LargeHoleShare, 1);
        List<MapBlock> cut = [];
        foreach (MapBlock block in blocks)
        {
            ulong next = block.StartPfn;
            foreach (MapRun hole in _map.Within(block.StartPfn, block.EndPfn)
                .Where(run => run.Use == PageUse.Hole && run.PageCount >= large))
            {
                if (hole.StartPfn > next)
                {
                    cut.Add(block with { StartPfn = next, EndPfn = hole.StartPfn });
                }

                cut.Add(block with { StartPfn = hole.StartPfn, EndPfn = hole.EndPfn, IsHole = true });
                next = hole.EndPfn;
            }

            if (next < block.EndPfn)
            {
                cut.Add(block with { StartPfn = next });
            }
        }

        return cut;
    }

    private List<LegendEntry> NewLegend()
    {
        Dictionary<(PageUse Use, int Owner), LegendEntry> entries = [];
        ulong next = ulong.MaxValue;
        (PageUse, int) last = default;
        foreach (MapRun run in Blocks.SelectMany(block => _map.Within(block.StartPfn, block.EndPfn)))
        {
            (PageUse, int) key = (run.Use, run.Use == PageUse.Owned ? run.Owner : 0);
            string owner = _recording.Owners[key.Item2];
            LegendEntry entry = entries.GetValueOrDefault(key) ?? new LegendEntry(
                OwnerColors.NameOf(run.Use, owner), run.Use, OwnerColors.Of(run.Use, owner),
                PageCount: 0, Share: 0, run.StartPfn, RunCount: 0, key.Item2);
            bool goesOn = run.StartPfn == next && key == last;
            entries[key] = entry with
            {
                PageCount = entry.PageCount + run.PageCount,
                RunCount = entry.RunCount + (goesOn ? 0 : 1),
            };
            (next, last) = (run.EndPfn, key);
        }

        return [.. entries.Values
            .Select(entry => entry.Use == PageUse.Hole || RamPages == 0 ? entry
                : entry with { Share = (double)entry.PageCount / RamPages })
            .OrderByDescending(entry => RankOf(entry.Use)).ThenByDescending(entry => entry.PageCount)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }
}
