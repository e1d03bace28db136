using System.Runtime.CompilerServices;

namespace Bootmem;

/// <summary>What the kernel would do where it cannot go on.</summary>
public enum FaultKind : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The kernel's BUG().</summary>
    Bug,

    /// <summary>The kernel's panic().</summary>
    Panic,

    /// <summary>What the kernel does not define: it would read or write memory that is not the bitmap's.</summary>
    Undefined,
}

/// <summary>Why a call faulted.</summary>
public enum FaultReason : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The size is 0.</summary>
    ZeroSize,

    /// <summary>The alignment is neither 0 nor a power of two.</summary>
    AlignNotPowerOfTwo,

    /// <summary>The range begins beyond the node's end, or ends there.</summary>
    BeyondNode,

    /// <summary>The range holds no page: it begins below the node, or its end wrapped.</summary>
    EmptyRange,

    /// <summary>A page that is to be freed is free already.</summary>
    FreeOfFreePage,

    /// <summary>The search took the bit at the node's end for a free page (before 2.6.15).</summary>
    FoundBeyondNode,

    /// <summary>No node can give the memory.</summary>
    OutOfMemory,

    /// <summary>The node has no bitmap: it was never initialised, or it was handed over.</summary>
    NoMap,

    /// <summary>The call would touch bits outside the node's bitmap.</summary>
    OutsideMap,

    /// <summary>The memory to be cleared reaches beyond its node.</summary>
    OutsideNode,

    /// <summary>The node is in the list already: initialising it again would make the list a loop.</summary>
    InitialisedTwice,

    /// <summary>There is no such node.</summary>
    NoSuchNode,

    /// <summary>There is no memory where the bitmap is to be.</summary>
    MapNotBacked,

    /// <summary>This kernel does not have the call.</summary>
    NoSuchCall,

    /// <summary>A hash table could not be had at any size.</summary>
    HashTable,
}

/// <summary>
/// A place where the kernel would not have gone on. It is raised before any state has changed. A call that does not
/// fault gives one whose kind and reason are None; all else in it means nothing then.
/// </summary>
public struct Fault
{
    /// <summary>BUG(), panic(), or undefined.</summary>
    public FaultKind Kind;

    /// <summary>Why.</summary>
    public FaultReason Reason;

    /// <summary>The call that was made.</summary>
    public Call Call;

    /// <summary>The node at fault; -1 if it is none in particular.</summary>
    public int Node;

    /// <summary>Number of the page at fault, where there is one; else <see cref="NoPage"/>.</summary>
    public ulong Pfn;

    /// <summary>The address that the call was given, in bytes; 0 for allocations.</summary>
    public ulong Address;

    /// <summary>The size that the call was given, in bytes.</summary>
    public ulong Size;

    /// <summary>No page in particular.</summary>
    public const ulong NoPage = ulong.MaxValue;

    // Every call ends with it: what means nothing is not written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SetNone(out Fault fault)
    {
        Unsafe.SkipInit(out fault);
        fault.Kind = FaultKind.None;
        fault.Reason = FaultReason.None;
    }

    /// <summary>Writes the fault as one line without its end: kind, call, node, page and reason.</summary>
    /// <param name="log">Where to.</param>
    public readonly void Describe(Log log)
    {
        log.Text(Kind switch
        {
            FaultKind.Bug => "BUG in "u8,
            FaultKind.Panic => "panic in "u8,
            _ => "undefined in the kernel: "u8,
        });
        log.Text(Calls.Name(Call));
        if (Node >= 0)
        {
            log.Text(", node "u8).Decimal((ulong)Node);
        }

        if (Pfn != NoPage)
        {
            log.Text(", page 0x"u8).Hex(Pfn);
        }

        log.Text(": "u8).Text(Describe(Reason));
        log.Text(" (address 0x"u8).Hex(Address).Text(", size 0x"u8).Hex(Size).Text(")"u8);
    }

    /// <summary>The reason in words.</summary>
    /// <param name="reason">A reason.</param>
    public static System.ReadOnlySpan<byte> Describe(FaultReason reason) => reason switch
    {
        FaultReason.None => "no fault"u8,
        FaultReason.ZeroSize => "the size is 0"u8,
        FaultReason.AlignNotPowerOfTwo => "the alignment is not a power of two"u8,
        FaultReason.BeyondNode => "the range reaches beyond the node's end"u8,
        FaultReason.EmptyRange => "the range has no page in the node"u8,
        FaultReason.FreeOfFreePage => "the page is free already"u8,
        FaultReason.FoundBeyondNode => "the search took the bit at the node's end for a free page"u8,
        FaultReason.OutOfMemory => "Out of memory"u8,
        FaultReason.NoMap => "the node has no bitmap"u8,
        FaultReason.OutsideMap => "the call would touch bits outside the bitmap"u8,
        FaultReason.OutsideNode => "the memory to be cleared reaches beyond its node"u8,
        FaultReason.InitialisedTwice => "the node is in the list of nodes already"u8,
        FaultReason.NoSuchNode => "there is no such node"u8,
        FaultReason.MapNotBacked => "there is no memory where the bitmap is to be"u8,
        FaultReason.NoSuchCall => "this kernel does not have the call"u8,
        _ => "the hash table cannot be had at any size"u8,
    };
}
