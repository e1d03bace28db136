using System;
using System.Collections.Generic;
using Bootmem.Tests.Reference;

namespace Bootmem.Tests.Allocator;

/// <summary>A node to be brought up.</summary>
/// <param name="Start">Its first page; one with the sign bit is counted from the top of the address space.</param>
/// <param name="Pages">How many pages.</param>
/// <param name="IsFreed">Whether all of it is free at first.</param>
internal sealed record Bank(ulong Start, ulong Pages, bool IsFreed)
{
    /// <summary>The first page's number on a machine.</summary>
    public ulong StartOn(in BootMemoryOptions options)
    {
        ulong pageMask = (options.Bits == 32 ? uint.MaxValue : ulong.MaxValue) >> options.PageShift;
        return (long)Start < 0 ? (pageMask + 1 + Start) & pageMask : Start;
    }
}

/// <summary>A number near an edge of something; what of is decided when its call is made.</summary>
internal sealed record Place(int Anchor, long Pages, long Bytes)
{
    public ulong AsAddress(in BootMemoryOptions options, Bank bank)
    {
        ulong start = bank.StartOn(options);
        ulong anchor = Anchor switch
        {
            0 => 0,
            1 => 0UL - (1UL << options.PageShift),
            2 or 3 => (start + bank.Pages - (ulong)Math.Abs(Pages * 2)) << options.PageShift,
            _ => start << options.PageShift,
        };
        return anchor + (ulong)((Pages << options.PageShift) + Bytes);
    }

    // Mostly a few pages and bytes. Some are as long as the node, some wrap.
    public ulong AsSize(in BootMemoryOptions options, Bank bank) => Anchor switch
    {
        0 => (ulong)((Pages << options.PageShift) + Bytes),
        1 => (bank.Pages << options.PageShift) + (ulong)Bytes,
        2 or 3 or 4 => ((ulong)Math.Abs(Pages) << options.PageShift) + (ulong)Math.Abs(Bytes),
        5 => 1UL << options.PageShift,
        _ => (ulong)Math.Abs((Pages * 7) + Bytes) + 1,
    };
}

/// <summary>A call to be made, its numbers relative to what is there by then.</summary>
/// <param name="Call">Which.</param>
/// <param name="Node">On which node.</param>
/// <param name="Address">Address, or goal.</param>
/// <param name="Size">Size.</param>
/// <param name="Limit">Limit.</param>
/// <param name="Align">Alignment.</param>
/// <param name="IsTame">Whether it is to be one that the kernel would most likely come back from.</param>
internal sealed record Step(
    Call Call, int Node, Place Address, Place Size, Place Limit, ulong Align, bool IsTame);

/// <summary>A machine, its nodes, and the calls on them.</summary>
internal sealed record Sequence(BootMemoryOptions Options, Bank[] Banks, Step[] Steps)
{
    private readonly List<BootCall> _made = [];
    private readonly List<(ulong Address, ulong Size)> _taken = [];

    /// <summary>Plays the calls on both, to the end or to the first fault.</summary>
    /// <param name="note">Told each call and the kind of its fault.</param>
    /// <param name="isIndexed">Whether the allocator's bitmaps have an index.</param>
    public void Play(Action<Call, FaultKind> note, bool isIndexed)
    {
        _made.Clear();
        _taken.Clear();
        using Twins twins = new(Options, SequenceGenerator.NodeCount, isIndexed);
        bool isAlive = true;
        for (int i = 0; i < Banks.Length && isAlive; i++)
        {
            isAlive = BringUp(twins, i, note);
        }

        for (int i = 0; i < Steps.Length && isAlive; i++)
        {
            isAlive = Make(twins, Resolve(Steps[i]), note);
        }
    }

    /// <summary>The machine and the calls that were made, for people.</summary>
    public override string ToString() =>
        $"""

        {Options.Version} {Options.Bits} bits, pages of {1 << Options.PageShift}, {Options.Search} search
        cache line {Options.CacheLine}, goal 0x{Options.DmaGoal:x}
        {string.Join("\n", _made)}
        """;

    private bool BringUp(Twins twins, int node, Action<Call, FaultKind> note)
    {
        Bank bank = Banks[node];
        ulong start = bank.StartOn(Options);
        ulong end = start + bank.Pages;
        BootCall init = node == 0 && start == 0
            ? new BootCall(Call.init_bootmem, 0, 1, end)
            : new BootCall(Call.init_bootmem_node, node, start + 1, start, end);
        BootCall free = new(
            Call.free_bootmem_node, node, start << Options.PageShift, bank.Pages << Options.PageShift);
        return Make(twins, init, note) && (!bank.IsFreed || bank.Pages == 0 || Make(twins, free, note));
    }

    private bool Make(Twins twins, BootCall call, Action<Call, FaultKind> note)
    {
        _made.Add(call);
        Outcome outcome = twins.Run(call);
        note(call.Call, outcome.Kind);
        if (call.Call >= Call.__alloc_bootmem && outcome.Kind == FaultKind.None)
        {
            _taken.Add((outcome.Value, call.First));
        }

        return outcome.Kind == FaultKind.None;
    }

    private BootCall Resolve(Step step)
    {
        bool hasLimit = Options.Version >= KernelVersion.V2_6_14;
        Call call = step.IsTame && !hasLimit ? SequenceGenerator.WithoutLimit(step.Call) : step.Call;
        bool isOfNode0 = call is Call.reserve_bootmem or Call.free_bootmem or Call.free_all_bootmem;
        int node = isOfNode0 ? 0 : step.IsTame ? step.Node % Banks.Length : step.Node;
        Bank bank = Banks[node % Banks.Length];
        ulong address = step.Address.AsAddress(Options, bank);
        ulong size = step.Size.AsSize(Options, bank);
        ulong limit = step.Limit.Anchor == 0 ? 0 : step.Limit.AsAddress(Options, bank);
        ulong pfn = address >> Options.PageShift;
        switch (call)
        {
            case Call.bootmem_bootmap_pages:
                return new BootCall(call, 0, step.Size.Anchor < 5 ? size : 0 - size);
            case Call.init_bootmem:
                return new BootCall(call, 0, pfn, size >> Options.PageShift);
            case Call.init_bootmem_node:
                ulong pages = step.Size.Anchor == 0 ? size : (ulong)Math.Abs(step.Size.Pages);
                return new BootCall(call, step.Node, pfn + 9, pfn, pfn + pages);
            case >= Call.__alloc_bootmem:
                ulong goal = step.Address.Bytes == 1 ? 0 : address;
                return new BootCall(call, node, step.IsTame && size == 0 ? 1 : size, step.Align, goal, limit);
            case Call.free_bootmem or Call.free_bootmem_node when step.IsTame && _taken.Count != 0:
                return FreeOfTaken(call, node, step);
            default:
                return step.IsTame ? Inside(call, node, bank, address, size) : new BootCall(call, node, address, size);
        }
    }

    // What was allocated goes back, to the node it came from where the call can name one.
    private BootCall FreeOfTaken(Call call, int node, Step step)
    {
        int index = (int)((ulong)Math.Abs(step.Address.Pages) % (ulong)_taken.Count);
        (ulong address, ulong size) = _taken[index];
        _taken.RemoveAt(index);
        ulong pfn = address >> Options.PageShift;
        int home = Array.FindIndex(Banks, x => pfn - x.StartOn(Options) < x.Pages);
        return new BootCall(call, call == Call.free_bootmem || home < 0 ? node : home, address, size);
    }

    // Cut to the node.
    private BootCall Inside(Call call, int node, Bank bank, ulong address, ulong size)
    {
        ulong start = bank.StartOn(Options) << Options.PageShift;
        ulong length = Math.Max(bank.Pages << Options.PageShift, 1);
        ulong offset = (address - start) % length;
        return new BootCall(call, node, start + offset, Math.Clamp(size, 1, length - offset));
    }
}
