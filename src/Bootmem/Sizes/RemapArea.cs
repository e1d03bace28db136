namespace Bootmem;

/// <summary>
/// Low memory that i386 NUMA sets aside for a node's memory map (2.6.13, 6f167ec7). A node without one has all zeros.
/// </summary>
public struct RemapArea
{
    /// <summary>node_remap_start: the area's first address, in bytes.</summary>
    public ulong Start;

    /// <summary>node_remap_end: the first address beyond it, in bytes.</summary>
    public ulong End;

    /// <summary>node_remap_alloc: the address that is given next, in bytes; <see cref="Start"/> at first.</summary>
    public ulong Next;

    /// <summary>An area of which nothing is given yet.</summary>
    /// <param name="start">Its first address, in bytes.</param>
    /// <param name="end">The first address beyond it, in bytes.</param>
    public RemapArea(ulong start, ulong end)
    {
        Start = start;
        End = end;
        Next = start;
    }
}

/// <content>The areas of i386 NUMA.</content>
public unsafe partial struct BootMemory
{
    /// <summary>Takes memory from a node's remap area: alloc_remap(). From 2.6.13.</summary>
    /// <param name="node">The node's number.</param>
    /// <param name="size">Bytes; rounded up to cache lines.</param>
    /// <param name="address">Cleared memory, in bytes; 0 if there is no area or it has no room. The area's very last
    /// byte is never given.</param>
    /// <param name="fault">Why not, if not: there is no such call, or no such node.</param>
    public readonly bool TryRemap(int node, ulong size, out ulong address, out Fault fault)
    {
        address = 0;
        Fault.SetNone(out fault);
        if (!Behaviour.AsksRemap || !HasNode(node))
        {
            FaultReason reason = Behaviour.AsksRemap ? FaultReason.NoSuchNode : FaultReason.NoSuchCall;
            return Fail(
                Call.alloc_remap, node, Fault.NoPage, 0, size, FaultKind.Undefined, reason, out fault);
        }

        if (RemapAreas == null || RemapAreas[node].Next == 0)
        {
            return true;
        }

        ulong rounded = Word.RoundUp(size, Options.CacheLine);
        ulong end = Word.Add(RemapAreas[node].Next, rounded);
        if (end >= RemapAreas[node].End)
        {
            return true;
        }

        address = RemapAreas[node].Next;
        RemapAreas[node].Next = end;
        if (Memory.Clear != null)
        {
            Memory.Clear(Memory.Context, address, rounded);
        }

        NotifyRemapped(node, address, size);
        return true;
    }

    // The area's pages are not in the node's map: no page of bootmem is taken.
    private readonly void NotifyRemapped(int node, ulong address, ulong size)
    {
        if (_observer.Notify != null)
        {
            BootEvent change = NewEvent(
                BootEventKind.Allocated, node, new AllocationRequest(Call.alloc_remap, size, 0, 0));
            change.FirstPfn = Word.PfnOf(address);
            change.Address = address;
            _observer.Notify(_observer.Context, in change);
        }
    }
}
