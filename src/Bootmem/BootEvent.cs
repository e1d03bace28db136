namespace Bootmem;

/// <summary>What happened.</summary>
public enum BootEventKind : byte
{
    /// <summary>A node came up: its bitmap was made, every page reserved.</summary>
    NodeInitialised,

    /// <summary>Pages were reserved.</summary>
    Reserved,

    /// <summary>Pages were freed. The count is 0 if the range held no whole page.</summary>
    Freed,

    /// <summary>Memory was allocated. The pages are the newly taken ones: none if it fits into the page
    /// before.</summary>
    Allocated,

    /// <summary>Blocks of one order, side by side, went to the page allocator.</summary>
    HandedOver,

    /// <summary>A node's bitmap is gone.</summary>
    MapGone,

    /// <summary>A search of a node begins.</summary>
    SearchBegan,

    /// <summary>A search found nothing from where it began and starts over at the node's beginning.</summary>
    SearchRestarted,

    /// <summary>A node gave nothing.</summary>
    NodeGaveNothing,

    /// <summary>A node was passed over: it begins at or beyond the limit.</summary>
    NodeBeyondLimit,
}

/// <summary>Why a search begins where it does.</summary>
public enum SearchStart : byte
{
    /// <summary>There is no goal in this node: it begins at the node's start.</summary>
    NodeStart,

    /// <summary>It begins at the goal.</summary>
    Goal,

    /// <summary>It has a goal, and last_success lies beyond it: it begins there.</summary>
    LastSuccess,
}

/// <summary>One change of the allocator's state, or one step of a search.</summary>
public struct BootEvent
{
    /// <summary>What happened.</summary>
    public BootEventKind Kind;

    /// <summary>The call that did it.</summary>
    public Call Call;

    /// <summary>On whose behalf.</summary>
    public Owner Owner;

    /// <summary>In which node.</summary>
    public int Node;

    /// <summary>Number of the first page that is concerned.</summary>
    public ulong FirstPfn;

    /// <summary>How many pages; of a search, how many it may look at, from <see cref="FirstPfn"/> on.</summary>
    public ulong PageCount;

    /// <summary>The address, in bytes: of the range as the caller gave it, or of what was allocated.</summary>
    public ulong Address;

    /// <summary>The size as the caller gave it, in bytes.</summary>
    public ulong Size;

    /// <summary>Of allocations and searches: the alignment in bytes.</summary>
    public ulong Align;

    /// <summary>Of allocations and searches: the goal, an address in bytes.</summary>
    public ulong Goal;

    /// <summary>Of allocations and searches: the limit, an address in bytes; 0 is none.</summary>
    public ulong Limit;

    /// <summary>Of searches: why it begins where it does.</summary>
    public SearchStart Start;

    /// <summary>Of allocations: whether it began in the page where the allocation before it ended.</summary>
    public bool IsMerged;

    /// <summary>Of hand-overs: the order of each block.</summary>
    public int Order;
}

/// <summary>Sees every change. Costs nothing when there is none.</summary>
public unsafe struct Observer
{
    /// <summary>Handed to <see cref="Notify"/>.</summary>
    public void* Context;

    /// <summary>Takes <c>(context, event)</c>, after the change.</summary>
    public delegate*<void*, in BootEvent, void> Notify;
}
