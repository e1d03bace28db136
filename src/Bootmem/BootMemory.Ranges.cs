using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>Reserving and freeing ranges of a node.</content>
public unsafe partial struct BootMemory
{
    /// <summary>
    /// Reserves a range, rounded outwards to pages: reserve_bootmem_core(). Pages that are reserved already stay so,
    /// silently.
    /// </summary>
    /// <param name="call">The call this is done for.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="address">Physical address in bytes.</param>
    /// <param name="size">Size in bytes; 0 is a fault.</param>
    /// <param name="fault">Why not, if not.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReserve(Call call, int node, ulong address, ulong size, out Fault fault)
    {
        if (ForSpeed.IsWanted && HasNode(node) && TryReserveInWord(_nodes[node], address, size))
        {
            Fault.SetNone(out fault);
            return true;
        }

        return TryReserveCore(call, node, address, size, out fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReserveCore(Call call, int node, ulong address, ulong size, out Fault fault)
    {
        if (!HasNode(node))
        {
            return Fail(call, node, address, size, FaultKind.Undefined, FaultReason.NoSuchNode, out fault);
        }

        ref BootmemNode target = ref _nodes[node];
        ulong addressEnd = Word.Add(address, size);
        ulong firstIndex = Word.Subtract(address, target.BootStart) >> Word.PageShift;
        ulong endIndex = Word.PagesOf(Word.Subtract(addressEnd, target.BootStart));
        ulong endPfn = Word.PagesOf(addressEnd);
        if (size == 0)
        {
            return Fail(call, node, address, size, FaultKind.Bug, FaultReason.ZeroSize, out fault);
        }

        if (firstIndex >= endIndex)
        {
            return Fail(call, node, address, size, FaultKind.Bug, FaultReason.EmptyRange, out fault);
        }

        if (Word.PfnOf(address) >= target.LowPfn || endPfn > target.LowPfn)
        {
            return Fail(call, node, address, size, FaultKind.Bug, FaultReason.BeyondNode, out fault);
        }

        if (!target.HasMap)
        {
            return Fail(call, node, address, size, FaultKind.Undefined, FaultReason.NoMap, out fault);
        }

        if (endIndex > target.Map.BitCount)
        {
            return Fail(call, node, address, size, FaultKind.Undefined, FaultReason.OutsideMap, out fault);
        }

        if (Options.SaysReservedTwice)
        {
            SayReservedTwice(target.Map, firstIndex, endIndex);
        }

        target.Map.Set(firstIndex, endIndex - firstIndex);
        Notify(BootEventKind.Reserved, call, node, firstIndex, endIndex - firstIndex, address, size);
        Fault.SetNone(out fault);
        return true;
    }

    /// <summary>
    /// Frees a range, rounded inwards to whole pages: free_bootmem_core(). A range without a whole page in the node
    /// is no fault, but may lower last_success.
    /// </summary>
    /// <param name="call">The call this is done for.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="address">Physical address in bytes.</param>
    /// <param name="size">Size in bytes; 0 is a fault.</param>
    /// <param name="fault">Why not, if not. <see cref="Fault.Pfn"/> is the page that was free already.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFree(Call call, int node, ulong address, ulong size, out Fault fault)
    {
        if (ForSpeed.IsWanted && HasNode(node))
        {
            Outcome outcome = FreeInWord(ref _nodes[node], address, size);
            if (outcome == Outcome.Done)
            {
                Fault.SetNone(out fault);
                return true;
            }

            if (outcome == Outcome.Fault)
            {
                return FailFree(call, node, address, size, out fault);
            }
        }

        return TryFreeCore(call, node, address, size, out fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFreeCore(Call call, int node, ulong address, ulong size, out Fault fault)
    {
        if (!HasNode(node))
        {
            return Fail(call, node, address, size, FaultKind.Undefined, FaultReason.NoSuchNode, out fault);
        }

        ref BootmemNode target = ref _nodes[node];
        ulong addressEnd = Word.Add(address, size);
        ulong endIndex = Word.Subtract(addressEnd, target.BootStart) >> Word.PageShift;
        if (size == 0)
        {
            return Fail(call, node, address, size, FaultKind.Bug, FaultReason.ZeroSize, out fault);
        }

        if (Word.PfnOf(addressEnd) > target.LowPfn)
        {
            return Fail(call, node, address, size, FaultKind.Bug, FaultReason.BeyondNode, out fault);
        }

        // An address below the node gives a huge index: then nothing is freed, not even the part inside the node.
        ulong firstIndex = Word.Subtract(Word.PagesOf(address), Word.PfnOf(target.BootStart));
        ulong count = firstIndex < endIndex ? endIndex - firstIndex : 0;
        if (count != 0 && !TryClear(target, firstIndex, endIndex, out ulong page, out FaultReason reason))
        {
            bool isBug = reason == FaultReason.FreeOfFreePage;
            ulong pfn = isBug ? Word.PfnOf(target.BootStart) + page : Word.PfnOf(address);
            FaultKind kind = isBug ? FaultKind.Bug : FaultKind.Undefined;
            return Fail(call, node, pfn, address, size, kind, reason, out fault);
        }

        if (address < target.LastSuccess)
        {
            target.LastSuccess = address;
        }

        Notify(BootEventKind.Freed, call, node, firstIndex, count, address, size);
        Fault.SetNone(out fault);
        return true;
    }

    private static bool TryClear(
        in BootmemNode target, ulong firstIndex, ulong endIndex, out ulong page, out FaultReason reason)
    {
        page = 0;
        reason = FaultReason.NoMap;
        if (!target.HasMap)
        {
            return false;
        }

        reason = FaultReason.FreeOfFreePage;
        ulong mapEnd = target.Map.BitCount;
        if (endIndex <= mapEnd)
        {
            page = target.Map.ClearIfSet(firstIndex, endIndex);
            return page == endIndex;
        }

        page = firstIndex < mapEnd ? target.Map.FindClear(firstIndex, mapEnd) : mapEnd;
        reason = page < mapEnd ? reason : FaultReason.OutsideMap;
        return false;
    }

    private readonly bool Fail(
        Call call, int node, ulong address, ulong size, FaultKind kind, FaultReason reason, out Fault fault) =>
        Fail(call, node, Word.PfnOf(address), address, size, kind, reason, out fault);

    // The kernel prints the page's byte offset in its node, not its address.
    private readonly void SayReservedTwice(in Bitmap map, ulong firstIndex, ulong endIndex)
    {
        for (ulong i = map.FindSet(firstIndex, endIndex); i < endIndex; i = map.FindSet(i + 1, endIndex))
        {
            Log.Text("hm, page "u8).Hex(i << Word.PageShift, 8).Text(" reserved twice.\n"u8);
        }
    }
}
