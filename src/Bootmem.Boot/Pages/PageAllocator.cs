namespace Bootmem.Boot;

/// <summary>
/// The page allocator that takes over from bootmem: zones with buddy lists and per-CPU lists, as mm/page_alloc.c of
/// the chosen kernel keeps them, down to the order of every list. Its state is one struct over the caller's memory,
/// so that a process can hold several machines.
/// <para>What is left out: nothing is ever reclaimed, so an allocation that would wait in the kernel fails; compound
/// pages are not marked; every node counts as equally far from every other.</para>
/// <para>What is added: a call that would ruin a list in the kernel is refused, before anything has changed.</para>
/// </summary>
public unsafe partial struct PageAllocator
{
    /// <summary>What an allocation gives where there is no page.</summary>
    public const ulong NoPage = ulong.MaxValue;

    private const int NoNode = -1;

    private readonly Zone* _zones;
    private readonly NodePages* _nodes;
    private readonly int _zoneCapacity;
    private int _zoneCount;
    private Zone* _lastZone;

    /// <summary>The machine's arithmetic.</summary>
    public readonly KernelWord Word;

    /// <summary>What this kernel does that others do not.</summary>
    public readonly PageBehaviour Behaviour;

    /// <summary>MAX_NR_ZONES: how many zones each node has, empty ones too.</summary>
    public readonly int ZonesPerNode;

    /// <summary>CONFIG_NUMA.</summary>
    public readonly bool IsNuma;

    /// <summary>How many nodes there is room for: node numbers are 0 .. NodeCapacity-1.</summary>
    public readonly int NodeCapacity;

    /// <summary>How many nodes were added.</summary>
    public int NodeCount;

    /// <summary>The node that was added last, which /proc shows first; -1 if there is none.</summary>
    public int FirstNode;

    /// <summary>smp_processor_id(): whose lists are used, modulo <see cref="Zone.MaxCpus"/>. 0 is the boot
    /// CPU.</summary>
    public int CurrentCpu;

    /// <summary>numa_node_id(): the node that an allocation begins with if it names none.</summary>
    public int CurrentNode;

    /// <summary>totalram_pages: pages given to the allocator, highmem included.</summary>
    public ulong TotalPages;

    /// <summary>totalhigh_pages: those of them in ZONE_HIGHMEM.</summary>
    public ulong TotalHighPages;

    /// <summary>min_free_kbytes, in KiB; 0 until <see cref="SetUpWatermarks"/>.</summary>
    public ulong MinFreeKbytes;

    /// <summary>What /proc/vmstat counts.</summary>
    public VmCounters Counters;

    /// <summary>Clears pages that are asked for with <see cref="GfpMask.Zero"/>.</summary>
    public Memory Memory;

    /// <summary>Where the kernel's printk goes.</summary>
    public Log Log;

    /// <summary>Low memory's virtual addresses.</summary>
    public AddressSpace AddressSpace;

    /// <summary>Whether there are zonelists: before that, nothing can be allocated.</summary>
    public bool HasZonelists;

    /// <summary>How many blocks of the hand-over were refused. See <see cref="FreeBootBlocks"/>.</summary>
    public ulong RefusedBlocks;

    /// <summary>The first page of the first block that was refused; else <see cref="NoPage"/>.</summary>
    public ulong RefusedPfn;

    /// <summary>Why that block was refused.</summary>
    public PageResult RefusedBecause;

    /// <summary>A page allocator without a node.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="behaviour">Which kernel's page allocator.</param>
    /// <param name="isNuma">CONFIG_NUMA.</param>
    /// <param name="zones">Room for the zones; it is cleared here and must neither move nor go.</param>
    /// <param name="zoneCapacity">How many: each node takes <see cref="Zones.CountFor"/>.</param>
    /// <param name="nodes">Room for the nodes, likewise.</param>
    /// <param name="nodeCapacity">How many.</param>
    public PageAllocator(
        KernelWord word,
        Behaviour behaviour,
        bool isNuma,
        Zone* zones,
        int zoneCapacity,
        NodePages* nodes,
        int nodeCapacity)
    {
        this = default;
        Word = word;
        Behaviour = new PageBehaviour(behaviour);
        ZonesPerNode = Zones.CountFor(behaviour);
        IsNuma = isNuma;
        NodeCapacity = nodeCapacity;
        FirstNode = NoNode;
        RefusedPfn = NoPage;
        _zones = zones;
        _zoneCapacity = zoneCapacity;
        _nodes = nodes;
        for (int i = 0; i < zoneCapacity; i++)
        {
            zones[i] = default;
        }

        for (int i = 0; i < nodeCapacity; i++)
        {
            nodes[i] = default;
            nodes[i].NextNode = NoNode;
        }
    }

    /// <summary>
    /// Adds a node with its memory map: what free_area_init_node() does, but for the zones. Nodes go to the head of the
    /// kernel's list; <see cref="OrderNodesAs"/> gives them bootmem's order.
    /// </summary>
    /// <param name="node">The node's number.</param>
    /// <param name="startPfn">Its first page.</param>
    /// <param name="spannedPages">How many pages from the first to the last; fewer than 2^32 - 1.</param>
    /// <param name="memMap">An entry for each of them, cleared, aligned to 4. It must neither move nor go. Null: there
    /// is none, and no page is ever given to this allocator; its lists are computed elsewhere.</param>
    /// <param name="stride">Bytes from one entry to the next, at least <see cref="Page.Size"/>, a multiple of
    /// 4.</param>
    /// <returns>False, with nothing done, if there is no room, the node is there already, it overlaps another, or its
    /// memory map cannot be used.</returns>
    public bool AddNode(int node, ulong startPfn, ulong spannedPages, byte* memMap, int stride)
    {
        if ((uint)node >= (uint)NodeCapacity || _nodes[node].IsOnline || _zoneCapacity - _zoneCount < ZonesPerNode)
        {
            return false;
        }

        bool hasMap = memMap == null
            || (stride >= Page.Size && (stride & 3) == 0 && ((nuint)memMap & 3) == 0);
        if (!hasMap || spannedPages >= uint.MaxValue || startPfn > NoPage - spannedPages)
        {
            return false;
        }

        for (int i = FirstNode; i != NoNode; i = _nodes[i].NextNode)
        {
            if (Overlap(startPfn, spannedPages, _nodes[i].StartPfn, _nodes[i].SpannedPages))
            {
                return false;
            }
        }

        NodePages* added = _nodes + node;
        added->StartPfn = startPfn;
        added->SpannedPages = spannedPages;
        added->MemMap = memMap;
        added->Stride = stride;
        added->FirstZone = _zoneCount;
        added->NextNode = FirstNode;
        added->IsOnline = true;
        FirstNode = node;
        NodeCount++;
        for (int i = 0; i < ZonesPerNode; i++)
        {
            SetUpZone(_zones + _zoneCount + i, node, i, startPfn);
        }

        _zoneCount += ZonesPerNode;
        return true;
    }

    /// <summary>
    /// Puts the nodes into the order of bootmem's list, which is the kernel's pgdat_list; those that bootmem does not
    /// know stay behind.
    /// </summary>
    /// <param name="mem">The boot-memory allocator.</param>
    public void OrderNodesAs(in BootMemory mem)
    {
        int last = NoNode;
        for (int node = mem.FirstNode; node != NoNode; node = mem.Node(node).NextNode)
        {
            if (!IsOnline(node))
            {
                continue;
            }

            Unlink(node);
            ref int link = ref last == NoNode ? ref FirstNode : ref _nodes[last].NextNode;
            _nodes[node].NextNode = link;
            link = node;
            last = node;
        }
    }

    private void Unlink(int node)
    {
        ref int link = ref FirstNode;
        while (link != node)
        {
            link = ref _nodes[link].NextNode;
        }

        link = _nodes[node].NextNode;
    }

    /// <summary>
    /// Gives a zone of a node its pages: what free_area_init_core() does for each zone. Zones that are never added are
    /// empty.
    /// </summary>
    /// <param name="node">A node that was added.</param>
    /// <param name="kind">Which zone; the kernel must have it.</param>
    /// <param name="startPfn">Its first page.</param>
    /// <param name="spanned">How many pages from the first to the last.</param>
    /// <param name="present">How many, as the architecture told: at most <paramref name="spanned"/>.</param>
    /// <param name="batch">The batch that the boot log names; 0 .. 65535.</param>
    /// <returns>False, with nothing done, if there is no such node or zone, it was added before, it does not lie in
    /// its node, it overlaps another, or a number is out of its range.</returns>
    public bool AddZone(int node, ZoneKind kind, ulong startPfn, ulong spanned, ulong present, int batch)
    {
        bool isKind = kind <= ZoneKind.HighMem && (kind != ZoneKind.Dma32 || Behaviour.HasDma32);
        if (!isKind || !IsOnline(node) || present > spanned || (uint)batch > 0xffff)
        {
            return false;
        }

        NodePages* home = _nodes + node;
        Zone* zone = ZoneOf(node, Zones.IndexOf(kind, ZonesPerNode));
        ulong offset = startPfn - home->StartPfn;
        bool fits = spanned == 0 || (offset < home->SpannedPages && spanned <= home->SpannedPages - offset);
        if (zone->SpannedPages != 0 || !fits || OverlapsZone(node, startPfn, spanned))
        {
            return false;
        }

        zone->StartPfn = startPfn;
        zone->SpannedPages = spanned;
        zone->PresentPages = present;
        zone->Batch = batch;
        SetUpPageSets(zone, IsNuma && Behaviour.HasBootPageSets ? 0 : batch);
        return true;
    }

    /// <summary>
    /// Makes the order in which each node's allocations try zones: build_all_zonelists(). A node's own zones come
    /// first, from the highest allowed down, then those of the nodes behind it, then those of the nodes before it;
    /// zones without pages are left out.
    /// </summary>
    /// <returns>The number of zonelists that the kernel says it built: one a node.</returns>
    public int BuildZonelists()
    {
        // The order is computed when it is walked (ZoneWalk); there is nothing to keep.
        HasZonelists = true;
        return NodeCount;
    }

    /// <summary>Gives NUMA machines their real per-CPU lists: setup_per_cpu_pageset() (2.6.13 and later; else
    /// nothing).</summary>
    public readonly void SetUpPerCpuPageSets()
    {
        if (!IsNuma || !Behaviour.HasBootPageSets)
        {
            return;
        }

        for (int i = 0; i < _zoneCount; i++)
        {
            // What a boot list holds goes back first: the kernel's hold nothing, as every page goes straight through.
            DrainZone(_zones + i);
            SetUpPageSets(_zones + i, _zones[i].Batch);
        }
    }

    /// <summary>A node, to be read.</summary>
    /// <param name="node">A node number, 0 .. <see cref="NodeCapacity"/>-1.</param>
    public readonly ref readonly NodePages Node(int node) => ref _nodes[node];

    /// <summary>A zone of a node, to be read.</summary>
    /// <param name="node">A node that was added.</param>
    /// <param name="index">The zone's number, 0 .. <see cref="ZonesPerNode"/>-1.</param>
    public readonly Zone* ZoneOf(int node, int index) => _zones + _nodes[node].FirstZone + index;

    /// <summary>Whether a node was added.</summary>
    /// <param name="node">Any number.</param>
    public readonly bool IsOnline(int node) => (uint)node < (uint)NodeCapacity && _nodes[node].IsOnline;

    private readonly void SetUpZone(Zone* zone, int node, int index, ulong startPfn)
    {
        NodePages* home = _nodes + node;
        *zone = default;
        zone->Node = node;
        zone->Index = index;
        zone->Kind = Zones.KindOf(index, ZonesPerNode);
        zone->MemMap = home->MemMap;
        zone->MapPfn = home->StartPfn;
        zone->Stride = home->Stride;
        zone->StartPfn = startPfn;
    }

    private readonly bool OverlapsZone(int node, ulong startPfn, ulong spanned)
    {
        for (int i = 0; i < ZonesPerNode; i++)
        {
            Zone* other = ZoneOf(node, i);
            if (Overlap(startPfn, spanned, other->StartPfn, other->SpannedPages))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Overlap(ulong start, ulong count, ulong otherStart, ulong otherCount) =>
        count != 0 && otherCount != 0 && start < otherStart + otherCount && otherStart < start + count;

    private readonly void SetUpPageSets(Zone* zone, int batch)
    {
        for (int cpu = 0; cpu < Zone.MaxCpus; cpu++)
        {
            Zone.PageSetOf(zone, cpu)->SetUp(batch, Behaviour);
        }
    }
}
