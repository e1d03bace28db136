using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Recordings;

/// <summary>A piece of RAM, as the firmware told.</summary>
/// <param name="Start">Physical address in bytes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Node">Its node.</param>
public readonly record struct RecordedBank(ulong Start, ulong Size, int Node);

/// <summary>The pages of a node.</summary>
/// <param name="Node">The node's number.</param>
/// <param name="StartPfn">Its first page.</param>
/// <param name="EndPfn">The first page behind it.</param>
public readonly record struct RecordedNode(int Node, ulong StartPfn, ulong EndPfn);

/// <summary>The pages of a zone.</summary>
/// <param name="Node">The zone's node.</param>
/// <param name="Name">The zone's name, as the kernel prints it.</param>
/// <param name="StartPfn">Its first page.</param>
/// <param name="EndPfn">The first page behind it.</param>
public readonly record struct RecordedZone(int Node, string Name, ulong StartPfn, ulong EndPfn);

/// <summary>Pages that a call changed.</summary>
/// <param name="StartPfn">The first page.</param>
/// <param name="EndPfn">The first page behind them.</param>
/// <param name="Use">What they are now.</param>
/// <param name="Owner">Whose they are now: an index into <see cref="Recording.Owners"/>.</param>
public readonly record struct PageChange(ulong StartPfn, ulong EndPfn, PageUse Use, int Owner)
{
    /// <summary>How many pages.</summary>
    public ulong PageCount => EndPfn - StartPfn;
}

/// <summary>Free blocks of one zone, after a call.</summary>
/// <param name="Node">The zone's node.</param>
/// <param name="Zone">The zone's name; of a script, which has no zones, empty.</param>
/// <param name="Counts">How many blocks of each order, from 0 on.</param>
public sealed record BuddyList(int Node, string Zone, IReadOnlyList<ulong> Counts);

/// <summary>One call, and what it did.</summary>
public sealed record RecordedStep
{
    /// <summary>The kernel's name of the call.</summary>
    public required string Name { get; init; }

    /// <summary>Its arguments, as a script has them.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>What it gave, as a script shows it.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Who called: a kernel function, or the script's line.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Why it landed where it did, in words: lines.</summary>
    public string Why { get; init; } = "";

    /// <summary>On whose behalf: an index into <see cref="Recording.Owners"/>.</summary>
    public int Owner { get; init; }

    /// <summary>Of an allocation: its address in bytes.</summary>
    public ulong Address { get; init; }

    /// <summary>Of an allocation: its size in bytes; 0 of all other calls.</summary>
    public ulong Size { get; init; }

    /// <summary>Whether nothing could follow: BUG, panic, undefined.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The pages that it changed.</summary>
    public IReadOnlyList<PageChange> Changes { get; init; } = [];

    /// <summary>The free blocks after it; empty where they did not change.</summary>
    public IReadOnlyList<BuddyList> Buddies { get; init; } = [];

    /// <summary>Name and arguments.</summary>
    public string Text => Arguments.Length == 0 ? Name : $"{Name} {Arguments}";
}

/// <summary>A boot or a script, call by call: enough to show the memory after each of them.</summary>
public sealed record Recording
{
    /// <summary>What was recorded: a machine's model, or a script's name.</summary>
    public string Title { get; init; } = "";

    /// <summary>The kernel's release name.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>Which moment this is, for a picture of one that is no list of calls; null for calls. No file has
    /// it.</summary>
    public string? Moment { get; init; }

    /// <summary>Width of the kernel's <c>unsigned long</c>: 32 or 64.</summary>
    public int Bits { get; init; } = 32;

    /// <summary>log2 of the page size in bytes: 6 .. 24.</summary>
    public int PageShift { get; init; } = 12;

    /// <summary>Whether a machine was booted; if not, a script was run.</summary>
    public bool IsBoot { get; init; }

    /// <summary>The RAM; empty of a script.</summary>
    public IReadOnlyList<RecordedBank> Banks { get; init; } = [];

    /// <summary>The nodes, by number.</summary>
    public IReadOnlyList<RecordedNode> Nodes { get; init; } = [];

    /// <summary>The zones, by page; empty of a script.</summary>
    public IReadOnlyList<RecordedZone> Zones { get; init; } = [];

    /// <summary>The names of the owners. The first one is for pages that nobody owns.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [""];

    /// <summary>The calls, in order.</summary>
    public IReadOnlyList<RecordedStep> Steps { get; init; } = [];

    /// <summary>The pages before the first call: those of the banks, which no call has freed yet.</summary>
    public PageMap NewMap()
    {
        PageMap map = new();
        foreach (RecordedBank bank in Banks)
        {
            ulong start = (bank.Start + (1UL << PageShift) - 1) >> PageShift;
            ulong end = (bank.Start + bank.Size) >> PageShift;
            if (start < end)
            {
                map.Set(new PageChange(start, end, PageUse.Unclaimed, 0), -1);
            }
        }

        return map;
    }

    /// <summary>The pages after a call.</summary>
    /// <param name="stepCount">How many calls were made: 0 .. the number of steps.</param>
    public PageMap MapAfter(int stepCount)
    {
        PageMap map = NewMap();
        for (int i = 0; i < stepCount; i++)
        {
            foreach (PageChange change in Steps[i].Changes)
            {
                map.Set(change, i);
            }
        }

        return map;
    }

    /// <summary>The pages after the last call.</summary>
    public PageMap FinalMap() => MapAfter(Steps.Count);

    /// <summary>The free blocks as they were after a call; empty before the hand-over.</summary>
    /// <param name="stepCount">How many calls were made.</param>
    public IReadOnlyList<BuddyList> BuddiesAfter(int stepCount) =>
        Steps.Take(stepCount).LastOrDefault(step => step.Buddies.Count != 0)?.Buddies ?? [];
}
