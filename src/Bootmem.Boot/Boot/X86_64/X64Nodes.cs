namespace Bootmem.Boot;

/// <summary>numa_initmem_init() of arch/x86_64: which node has which pages. Without NUMA there is one node.</summary>
internal static unsafe class X64Nodes
{
    public static bool Find(Machine* machine)
    {
        ref X86State state = ref machine->X86;
        if (state.EndUserPfn != 0 && state.EndUserPfn < state.EndPfn)
        {
            state.EndPfn = state.EndUserPfn;
        }

        ref BootMemory mem = ref machine->Bootmem;
        mem.MaxPfn = state.EndPfn;
        mem.MaxLowPfn = state.EndPfn;
        for (int i = 0; i < machine->Room.NodeCapacity; i++)
        {
            machine->Extents[i] = default;
        }

        machine->NodeCount = 0;
        ulong end = state.EndPfn << MemoryMap.PageShift;
        if (!machine->Config.IsNuma)
        {
            AddNode(machine, 0, 0, end);
            return true;
        }

        if (state.FakeNodeCount > 0)
        {
            Fake(machine, end);
            return true;
        }

        if (!state.IsNumaOff && machine->Info.NodeRangeCount != 0)
        {
            return FindTold(machine, end);
        }

        machine->Log.Text(state.IsNumaOff ? "NUMA turned off\n"u8 : "No NUMA configuration found\n"u8);
        machine->Log.Text("Faking a node at "u8).Hex(0, 16).Text("-"u8).Hex(end, 16).Text("\n"u8);
        SetUp(machine, 0, 0, end);
        return true;
    }

    // What SRAT or the northbridges told. A node may stand there in pieces; it has all from its first byte to its last.
    private static bool FindTold(Machine* machine, ulong end)
    {
        ref BootInfo info = ref machine->Info;
        bool isInclusive = new FigureRules(machine->Config).HasInclusiveNodeEnd;
        ulong before = 0;
        bool hasNode = false;
        for (int node = 0; node < machine->Room.NodeCapacity; node++)
        {
            ulong start = ulong.MaxValue;
            ulong stop = 0;
            for (int i = 0; i < info.NodeRangeCount; i++)
            {
                NodeRange range = info.NodeRanges[i];
                if (range.Node == node)
                {
                    start = range.Start < start ? range.Start : start;
                    stop = range.End > stop ? range.End : stop;
                }
            }

            // A node that reaches beyond all memory is cut there, at the byte behind: also by a kernel whose ends are
            // last bytes.
            ulong kept = isInclusive && stop != 0 ? stop - 1 : stop;
            kept = kept < end ? kept : end;
            stop = stop < end ? stop : end;
            if (start >= stop)
            {
                continue;
            }

            if (start < before)
            {
                return machine->Error.Set(
                    BootErrorKind.NodesInterleave, node, start >> MemoryMap.PageShift, before >> MemoryMap.PageShift);
            }

            before = stop;
            hasNode = true;
            SetUp(machine, node, start, kept);
        }

        return (hasNode && machine->Extents[0].HasMemory) || machine->Error.Set(BootErrorKind.FirstNodeEmpty, 0);
    }

    // numa_emulation(): nodes of one size, a power of two; the last one has what is left.
    private static void Fake(Machine* machine, ulong end)
    {
        int count = machine->X86.FakeNodeCount;
        bool isInclusive = new FigureRules(machine->Config).HasInclusiveNodeEnd;
        ulong size = 1UL << Bits.Log2(Division.Divide(end, (ulong)count));
        for (int node = 0; node < count; node++)
        {
            bool isLast = node == count - 1;
            ulong start = size * (ulong)node;
            ulong stop = isLast ? end : start + size;
            machine->Log.Text("Faking node "u8).Decimal((ulong)node).Text(" at "u8).Hex(start, 16).Text("-"u8)
                .Hex(stop, 16).Text(" ("u8).Decimal((stop - start) >> 20).Text("MB)\n"u8);
            SetUp(machine, node, start, isLast || !isInclusive ? stop : stop - 1);
        }
    }

    // setup_node_bootmem(), its first line. The end is what the kernel takes for it, be it the last byte or the one behind.
    private static void SetUp(Machine* machine, int node, ulong start, ulong end)
    {
        machine->Log.Text("<6>Bootmem setup node "u8).Decimal((ulong)node).Text(" "u8).Hex(start, 16).Text("-"u8)
            .Hex(end, 16).Text("\n"u8);
        AddNode(machine, node, start, end);
    }

    private static void AddNode(Machine* machine, int node, ulong start, ulong end)
    {
        ulong endPfn = end >> MemoryMap.PageShift;
        machine->Extents[node] = new NodeExtent
        {
            StartPfn = start >> MemoryMap.PageShift,
            LowEndPfn = endPfn,
            EndPfn = endPfn,
        };
        machine->NodeCount = node + 1;
    }
}
