using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>What an allocation asks for.</summary>
public readonly struct AllocationRequest
{
    /// <summary>The call that asks.</summary>
    public readonly Call Call;

    /// <summary>Size in bytes; 0 is a fault.</summary>
    public readonly ulong Size;

    /// <summary>Alignment in bytes: a power of two, or 0.</summary>
    public readonly ulong Align;

    /// <summary>The address from which on memory is looked for first; one outside the node means from its
    /// start.</summary>
    public readonly ulong Goal;

    /// <summary>The address that nothing may reach, rounded down to a page; 0 is none. From 2.6.14.</summary>
    public readonly ulong Limit;

    // Sums with a size up to this, rounded to pages, do not wrap.
    private const ulong MostPlain = ulong.MaxValue >> 1;

    // No fault of a kernel that has limits; no limit, so no fault of any kernel; and an alignment, and no huge size.
    internal readonly bool IsSoundWithLimit;
    internal readonly bool IsSound;
    internal readonly bool IsPlain;

    /// <summary>A request; all numbers are already cut to the machine's width.</summary>
    /// <param name="call">The call that asks.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="align">Alignment in bytes.</param>
    /// <param name="goal">Address in bytes.</param>
    /// <param name="limit">Address in bytes; 0 is none.</param>
    public AllocationRequest(Call call, ulong size, ulong align, ulong goal, ulong limit = 0)
    {
        Call = call;
        Size = size;
        Align = align;
        Goal = goal;
        Limit = limit;
        IsSoundWithLimit = size != 0 && (align & (align - 1)) == 0;
        IsSound = IsSoundWithLimit && limit == 0 && !Calls.IsLimitCall(call);
        IsPlain = IsSound && align != 0 && size <= MostPlain;
    }
}

/// <content>Allocation: which node, where in it, and what the page before it has left.</content>
public unsafe partial struct BootMemory
{
    // What came of a call; a short way may leave it to a longer one.
    private enum Outcome
    {
        Done,
        Nothing,
        Fault,
        NotKnown,
    }

    /// <summary>
    /// Allocates from the first node that can, in the order of the list: __alloc_bootmem(), __alloc_bootmem_limit().
    /// </summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="address">Physical address of what was found, in bytes.</param>
    /// <param name="fault">Why not, if not: a panic if no node can.</param>
    public bool TryAllocate(in AllocationRequest request, out ulong address, out Fault fault)
    {
        Fault.SetNone(out fault);
        return (_listHead != NoNode && TryAtOnce(ref _nodes[_listHead], request, out address))
            || TryNodes(request, _listHead, out address, ref fault);
    }

    /// <summary>
    /// Allocates from one node, and if it gives nothing from any, that one once more in its turn:
    /// __alloc_bootmem_node(), __alloc_bootmem_node_limit().
    /// </summary>
    /// <param name="node">The node's number.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="address">Physical address of what was found, in bytes.</param>
    /// <param name="fault">Why not, if not.</param>
    public bool TryAllocateOnNode(int node, in AllocationRequest request, out ulong address, out Fault fault)
    {
        Fault.SetNone(out fault);
        return (HasNode(node) && TryAtOnce(ref _nodes[node], request, out address))
            || TryNodeFirst(node, request, out address, ref fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryNodeFirst(int node, in AllocationRequest request, out ulong address, ref Fault fault)
    {
        if (!HasNode(node))
        {
            address = 0;
            return Refuse(node, request, Fault.NoPage, FaultKind.Undefined, FaultReason.NoSuchNode, ref fault);
        }

        Outcome outcome = AllocateCore(node, request, isTried: true, out address, ref fault);
        return outcome == Outcome.Nothing
            ? TryNodes(request, node, out address, ref fault) : outcome == Outcome.Done;
    }

    // `tried` is a node that gave nothing at once.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryNodes(in AllocationRequest request, int tried, out ulong address, ref Fault fault)
    {
        for (int node = _listHead; node != NoNode; node = _nodes[node].NextNode)
        {
            Outcome outcome = AllocateCore(node, request, node == tried, out address, ref fault);
            if (outcome != Outcome.Nothing)
            {
                return outcome == Outcome.Done;
            }
        }

        address = 0;
        return Refuse(NoNode, request, Fault.NoPage, FaultKind.Panic, FaultReason.OutOfMemory, ref fault);
    }

    // __alloc_bootmem_core(): one node, by the shortest way that knows.
    private Outcome AllocateCore(
        int node, in AllocationRequest request, bool isTried, out ulong address, ref Fault fault)
    {
        Unsafe.SkipInit(out address);
        ref BootmemNode target = ref _nodes[node];
        if (!isTried && TryAtOnce(ref target, request, out address))
        {
            return Outcome.Done;
        }

        Outcome outcome = ForSpeed.IsWanted ? TryPlaces(ref target, request, out address) : Outcome.NotKnown;
        return outcome == Outcome.NotKnown ? AllocateBySearch(node, request, out address, ref fault) : outcome;
    }

    // Without a search, or nearly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryAtOnce(ref BootmemNode target, in AllocationRequest request, out ulong address)
    {
        Unsafe.SkipInit(out address);
        return ForSpeed.IsWanted
            && (!target.Map.HasIndex ? TryTakeInWord(ref target, request, out address)
                : request.Size <= Word.PageSize ? TryMerge(ref target, request, out address)
                : request.Size == GroupState.Size << Word.PageShift
                && TryTakeGroup(ref target, request, out address));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Outcome AllocateBySearch(int node, in AllocationRequest request, out ulong address, ref Fault fault)
    {
        ref BootmemNode target = ref _nodes[node];
        address = 0;
        if (!request.IsSound && !IsSound(node, request, ref fault))
        {
            return Outcome.Fault;
        }

        if (request.Limit != 0 && target.BootStart >= request.Limit)
        {
            if (_observer.Notify != null)
            {
                NotifyBeyondLimit(node, request);
            }

            return Outcome.Nothing;
        }

        // A node without a free page, which from 2.6.15 on gives nothing whatever is asked.
        ulong pageCount = target.PageCount(Word);
        if (target.Map.HasIndex && Behaviour.StopsAtNodeEnd && _observer.Notify == null
            && target.Map.FindClear(0, pageCount) >= pageCount)
        {
            return Outcome.Nothing;
        }

        // A node that was handed over is still in the list. The kernel follows its NULL map, if it has pages to look
        // at.
        Search search = new(this, target, request);
        if (target.IsListed && !target.HasMap && search.Offset < search.EndIndex)
        {
            Refuse(node, request, Fault.NoPage, FaultKind.Undefined, FaultReason.NoMap, ref fault);
            return Outcome.Fault;
        }

        if (_observer.Notify != null)
        {
            NotifySearch(BootEventKind.SearchBegan, node, request, search);
        }

        ulong start = search.Scan(target.Map, search.Preferred);
        if (start == Search.NotFound && search.Preferred > search.Offset)
        {
            if (_observer.Notify != null)
            {
                NotifySearch(BootEventKind.SearchRestarted, node, request, search);
            }

            start = search.Scan(target.Map, search.Offset);
        }

        if (start == Search.NotFound)
        {
            if (_observer.Notify != null)
            {
                NotifySearch(BootEventKind.NodeGaveNothing, node, request, search);
            }

            return Outcome.Nothing;
        }

        return Take(node, request, search, start, out address, ref fault) ? Outcome.Done : Outcome.Fault;
    }

    // What every node's core tests first.
    private readonly bool IsSound(int node, in AllocationRequest request, ref Fault fault)
    {
        FaultKind kind = FaultKind.Bug;
        FaultReason reason = FaultReason.None;
        if (!Behaviour.HasLimit && (request.Limit != 0 || Calls.IsLimitCall(request.Call)))
        {
            kind = FaultKind.Undefined;
            reason = FaultReason.NoSuchCall;
        }
        else if (request.Size == 0)
        {
            reason = FaultReason.ZeroSize;
        }
        else if ((request.Align & (request.Align - 1)) != 0)
        {
            reason = FaultReason.AlignNotPowerOfTwo;
        }

        if (reason != FaultReason.None)
        {
            return Refuse(node, request, Fault.NoPage, kind, reason, ref fault);
        }

        return true;
    }

    // What happens seldom stays out of the way of what happens often: its locals would be cleared on every call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Refuse(
        int node, in AllocationRequest request, ulong pfn, FaultKind kind, FaultReason reason, ref Fault fault) =>
        Fail(request.Call, node, pfn, 0, request.Size, kind, reason, out fault);

    // The rest of __alloc_bootmem_core(): what is found is taken. A small request may begin in the page where the last
    // allocation ended; then it needs a page less, or none.
    private bool Take(
        int node, in AllocationRequest request, in Search search, ulong start, out ulong address, ref Fault fault)
    {
        ref BootmemNode target = ref _nodes[node];
        ulong pages = search.PageCount;
        ulong lastOffset;
        address = 0;
        if (start >= search.EndIndex)
        {
            ulong pfn = Word.PfnOf(target.BootStart) + start;
            return Refuse(node, request, pfn, FaultKind.Bug, FaultReason.FoundBeyondNode, ref fault);
        }

        bool isMerged = request.Align < Word.PageSize && target.LastOffset != 0
            && Word.Add(target.LastPos, 1) == start;
        ulong relative;
        if (isMerged)
        {
            ulong offset = Word.RoundUp(target.LastOffset, request.Align);
            ulong remaining = Word.PageSize - offset;
            relative = (target.LastPos << Word.PageShift) + offset;
            if (request.Size < remaining)
            {
                pages = 0;
                lastOffset = offset + request.Size;
            }
            else
            {
                lastOffset = request.Size - remaining;
                pages = Word.PagesOf(lastOffset);
            }
        }
        else
        {
            relative = start << Word.PageShift;
            lastOffset = request.Size;
        }

        // A size whose rounding to pages wraps to none would clear nearly the whole address space.
        bool isCleared = search.PageCount != 0 && IsInsideNode(target, relative, request.Size);
        if (!isCleared || start + pages > target.Map.BitCount)
        {
            ulong pfn = Word.PfnOf(target.BootStart) + start;
            return Refuse(node, request, pfn, FaultKind.Undefined, FaultReason.OutsideNode, ref fault);
        }

        // A merge that takes no page leaves last_pos where it is: start - 1.
        target.LastSuccess = Word.AddressOf(start);
        target.LastPos = Word.Subtract(Word.Add(start, pages), 1);
        target.LastOffset = lastOffset & (Word.PageSize - 1);
        target.Map.Set(start, pages);
        address = Word.Add(relative, target.BootStart);
        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, request.Size);
        }

        if (_observer.Notify != null)
        {
            NotifyAllocated(node, request, start, pages, address, isMerged);
        }

        return true;
    }

    // Whether the bytes that the kernel clears are the node's own.
    private readonly bool IsInsideNode(in BootmemNode target, ulong relative, ulong size)
    {
        ulong pages = target.PageCount(Word);
        ulong bytes = pages >> (64 - Word.PageShift) != 0 ? ulong.MaxValue : pages << Word.PageShift;
        return size <= bytes && relative <= bytes - size;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void NotifyBeyondLimit(int node, in AllocationRequest request) =>
        NotifySearch(BootEventKind.NodeBeyondLimit, node, request, default);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void NotifySearch(BootEventKind kind, int node, in AllocationRequest request, in Search search)
    {
        ulong from = kind == BootEventKind.SearchRestarted ? search.Offset : search.Preferred;
        BootEvent step = NewEvent(kind, node, request);
        step.FirstPfn += from;
        step.PageCount = from < search.EndIndex ? search.EndIndex - from : 0;
        step.Start = kind == BootEventKind.SearchRestarted ? SearchStart.NodeStart : search.Start;
        _observer.Notify(_observer.Context, in step);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void NotifyAllocated(
        int node, in AllocationRequest request, ulong start, ulong pages, ulong address, bool isMerged)
    {
        BootEvent change = NewEvent(BootEventKind.Allocated, node, request);
        change.FirstPfn += start;
        change.PageCount = pages;
        change.Address = address;
        change.IsMerged = isMerged;
        _observer.Notify(_observer.Context, in change);
    }

    private readonly BootEvent NewEvent(BootEventKind kind, int node, in AllocationRequest request) => new()
    {
        Kind = kind,
        Call = request.Call,
        Owner = Owner,
        Node = node,
        FirstPfn = Word.PfnOf(_nodes[node].BootStart),
        Size = request.Size,
        Align = request.Align,
        Goal = request.Goal,
        Limit = request.Limit,
    };
}
