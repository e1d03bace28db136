using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>What is fixed about a machine and its kernel when bootmem starts.</summary>
public struct BootMemoryOptions
{
    /// <summary>Which kernel's bootmem.</summary>
    public KernelVersion Version;

    /// <summary>Width of the kernel's <c>unsigned long</c>: 32 or 64.</summary>
    public int Bits;

    /// <summary>log2 of the page size in bytes: 6 .. 24.</summary>
    public int PageShift;

    /// <summary>SMP_CACHE_BYTES: the alignment of alloc_bootmem() and its kin, in bytes.</summary>
    public ulong CacheLine;

    /// <summary>__pa(MAX_DMA_ADDRESS): the goal of every <c>alloc_bootmem…</c> call without <c>low</c> in its
    /// name.</summary>
    public ulong DmaGoal;

    /// <summary>The architecture's search for a 0 bit.</summary>
    public SearchKind Search;

    /// <summary>CONFIG_DEBUG_BOOTMEM: say so when a page is reserved twice.</summary>
    public bool SaysReservedTwice;
}

/// <summary>
/// The boot-memory allocator: the list of nodes, each with its bitmap, and the calls on them. The kernel's state of
/// mm/bootmem.c in one struct, so that a process can hold several machines. <see cref="KernelApi"/> has the same
/// under the kernel's names. A method whose name begins with Try changes nothing where it returns false.
/// </summary>
public unsafe partial struct BootMemory
{
    /// <summary>The most nodes a machine can have.</summary>
    public const int MaxNodes = 1024;

    private const int NoNode = -1;

    private readonly BootmemNode* _nodes;
    private int _listHead;

    /// <summary>What is fixed about the machine.</summary>
    public readonly BootMemoryOptions Options;

    /// <summary>The machine's arithmetic.</summary>
    public readonly KernelWord Word;

    /// <summary>What this kernel does that others do not.</summary>
    public readonly Behaviour Behaviour;

    /// <summary>How many nodes there is room for: node numbers are 0 .. NodeCapacity-1.</summary>
    public readonly int NodeCapacity;

    /// <summary>Where physical addresses can be touched.</summary>
    public Memory Memory;

    /// <summary>Where the kernel's printk goes.</summary>
    public Log Log;

    private Observer _observer;

    /// <summary>Where faults go that are not tried for.</summary>
    public FaultHandler FaultHandler;

    /// <summary>On whose behalf the next calls are.</summary>
    public Owner Owner;

    /// <summary>min_low_pfn: set by init_bootmem() alone.</summary>
    public ulong MinLowPfn;

    /// <summary>max_low_pfn: set by init_bootmem() alone.</summary>
    public ulong MaxLowPfn;

    /// <summary>max_pfn: the first page number beyond all RAM; set by the architecture.</summary>
    public ulong MaxPfn;

    /// <summary>saved_max_pfn (2.6.13, CONFIG_CRASH_DUMP): max_pfn before the user cut it down; 0 where it is not
    /// kept.</summary>
    public ulong SavedMaxPfn;

    /// <summary>One remap area a node, as many as there is room for nodes; null where no node has one (i386
    /// NUMA).</summary>
    public RemapArea* RemapAreas;

    /// <summary>An allocator without a node.</summary>
    /// <param name="options">What is fixed about the machine. Ranges are the caller's to keep.</param>
    /// <param name="nodes">Room for the nodes; it is cleared here and must stay.</param>
    /// <param name="nodeCapacity">How many: 1 .. <see cref="MaxNodes"/>.</param>
    public BootMemory(in BootMemoryOptions options, BootmemNode* nodes, int nodeCapacity)
    {
        this = default;
        Options = options;
        Word = new KernelWord(options.Bits, options.PageShift);
        Behaviour = new Behaviour(options.Version);
        NodeCapacity = nodeCapacity;
        _nodes = nodes;
        ForgetNodes();
    }

    /// <summary>Starts over, without a node. All that is not a node's stays as it is.</summary>
    public void ForgetNodes()
    {
        _listHead = NoNode;
        for (int i = 0; i < NodeCapacity; i++)
        {
            _nodes[i] = default;
            _nodes[i].NextNode = NoNode;
        }
    }

    /// <summary>Who sees every change.</summary>
    public Observer Observer
    {
        readonly get => _observer;
        set
        {
            _observer = value;
            for (int node = _listHead; node != NoNode; node = _nodes[node].NextNode)
            {
                SetSizes(ref _nodes[node], _nodes[node].PageCount(Word));
            }
        }
    }

    /// <summary>The node that was initialised last, which is tried first; -1 if there is none.</summary>
    public readonly int FirstNode => _listHead;

    /// <summary>A node's state, to be read.</summary>
    /// <param name="node">A node number, 0 .. <see cref="NodeCapacity"/>-1.</param>
    public readonly ref readonly BootmemNode Node(int node) => ref _nodes[node];

    /// <summary>
    /// The pages that the bitmap of <paramref name="pages"/> pages takes: bootmem_bootmap_pages(). The sums wrap.
    /// </summary>
    /// <param name="pages">A number of pages.</param>
    public readonly ulong BitmapPages(ulong pages)
    {
        ulong bytes = Word.Add(pages, 7) >> 3;
        return Word.RoundUp(bytes, Word.PageSize) >> Word.PageShift;
    }

    /// <summary>
    /// Brings up a node with every page reserved: init_bootmem_core(). The node goes to the head of the list. The
    /// memory of the bitmap is not reserved by this.
    /// </summary>
    /// <param name="call">The call this is done for.</param>
    /// <param name="node">The node's number.</param>
    /// <param name="mapPfn">The page where the bitmap begins.</param>
    /// <param name="startPfn">The node's first page.</param>
    /// <param name="endPfn">The first page beyond the node.</param>
    /// <param name="mapBytes">The bitmap's size in bytes.</param>
    /// <param name="fault">Why not, if not.</param>
    public bool TryInitialise(
        Call call, int node, ulong mapPfn, ulong startPfn, ulong endPfn, out ulong mapBytes, out Fault fault)
    {
        ulong pages = Word.Subtract(endPfn, startPfn);
        ulong bytes = Word.RoundUp(Word.Add(pages, 7) >> 3, Word.Bytes);
        ulong mapAddress = Word.AddressOf(mapPfn);
        mapBytes = 0;
        if (!HasNode(node))
        {
            return Fail(
                call, node, startPfn, mapAddress, bytes, FaultKind.Undefined, FaultReason.NoSuchNode, out fault);
        }

        ref BootmemNode target = ref _nodes[node];
        if (target.IsListed)
        {
            return Fail(
                call, node, startPfn, mapAddress, bytes, FaultKind.Undefined, FaultReason.InitialisedTwice, out fault);
        }

        byte* map = null;
        if (bytes != 0)
        {
            map = Memory.Resolve == null ? null : Memory.Resolve(Memory.Context, mapAddress, bytes);
            if (map == null)
            {
                return Fail(
                    call, node, startPfn, mapAddress, bytes, FaultKind.Undefined, FaultReason.MapNotBacked, out fault);
            }
        }

        target.NextNode = _listHead;
        target.IsListed = true;
        _listHead = node;
        target.MapAddress = mapAddress;
        target.BootStart = Word.AddressOf(startPfn);
        target.LowPfn = endPfn;
        target.Map = NewMap(mapAddress, map, bytes);
        target.HasMap = true;
        SetSizes(ref target, pages);
        mapBytes = bytes;
        Fault.SetNone(out fault);
        Notify(BootEventKind.NodeInitialised, call, node, 0, target.PageCount(Word), mapAddress, bytes);
        return true;
    }

    // A node is quiet if its first page number did not wrap, it ends below the end of the address space, and nobody
    // watches; and plain if nothing but the bits of its map has to change.
    private readonly void SetSizes(ref BootmemNode target, ulong pages)
    {
        ulong size = 0;
        if (target.HasMap && pages <= target.Map.BitCount && Word.PfnOf(target.BootStart) + pages == target.LowPfn
            && target.LowPfn <= (Word.Max >> Word.PageShift) && _observer.Notify == null)
        {
            size = pages << Word.PageShift;
        }

        target.QuietSize = size;
        if (target.Map.HasIndex || Options.SaysReservedTwice)
        {
            size = 0;
        }

        target.PlainSize = size;
    }

    // A map with every page reserved, with an index if the caller has memory for it.
    private readonly Bitmap NewMap(ulong address, byte* bytes, ulong byteCount)
    {
        if (ForSpeed.IsWanted && byteCount >= Memory.LeastIndexedMap && byteCount != 0
            && Memory.ResolveIndex != null)
        {
            byte* index = Memory.ResolveIndex(Memory.Context, address, Bitmap.IndexSize(byteCount));
            if (index != null)
            {
                return new Bitmap(bytes, byteCount, index);
            }
        }

        Bitmap map = new(bytes, byteCount);
        map.SetAll();
        return map;
    }

    private readonly bool HasNode(int node) => (uint)node < (uint)NodeCapacity;

    // What happens seldom stays out of the way of what happens often: its locals would be cleared on every call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Fail(
        Call call, int node, ulong pfn, ulong address, ulong size, FaultKind kind, FaultReason reason, out Fault fault)
    {
        Unsafe.SkipInit(out fault);
        fault.Kind = kind;
        fault.Reason = reason;
        fault.Call = call;
        fault.Node = node;
        fault.Pfn = pfn;
        fault.Address = address;
        fault.Size = size;
        return false;
    }

    private readonly void Notify(
        BootEventKind kind, Call call, int node, ulong firstIndex, ulong pageCount, ulong address, ulong size, int order = 0)
    {
        if (_observer.Notify != null)
        {
            Tell(kind, call, node, firstIndex, pageCount, address, size, order);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Tell(
        BootEventKind kind, Call call, int node, ulong firstIndex, ulong pageCount, ulong address, ulong size, int order)
    {
        BootEvent change = default;
        change.Kind = kind;
        change.Call = call;
        change.Owner = Owner;
        change.Node = node;
        change.FirstPfn = Word.PfnOf(_nodes[node].BootStart) + firstIndex;
        change.PageCount = pageCount;
        change.Address = address;
        change.Size = size;
        change.Order = order;
        _observer.Notify(_observer.Context, in change);
    }
}
