namespace Bootmem.Lab.Scripts;

/// <summary>What a call gave.</summary>
public enum ScriptOutcomeKind : byte
{
    /// <summary>The call was not run: the script had ended before it.</summary>
    NotRun,

    /// <summary><c>ok</c>.</summary>
    Ok,

    /// <summary>A number, shown in decimal.</summary>
    Number,

    /// <summary>An address in bytes, shown in hex.</summary>
    Address,

    /// <summary><c>bug</c>: the kernel's BUG().</summary>
    Bug,

    /// <summary><c>panic</c>: the kernel's panic("Out of memory").</summary>
    Panic,

    /// <summary><c>undefined</c>: the kernel would read or write what is not the bitmap's. Bootmem's own word; no
    /// kernel has such an outcome.</summary>
    Undefined,

    /// <summary>A node's numbers and bitmap.</summary>
    State,

    /// <summary>What a node gave to the page allocator.</summary>
    Handed,

    /// <summary>Bad input that shows only when the call is made: its bitmap is too large.</summary>
    Refused,
}

/// <summary>What one call gave.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The number or the address; of <see cref="ScriptOutcomeKind.State"/> and
/// <see cref="ScriptOutcomeKind.Handed"/> the index among those that the machine keeps.</param>
public readonly record struct ScriptOutcome(ScriptOutcomeKind Kind, ulong Value = 0)
{
    /// <summary>Whether no call follows this one.</summary>
    public bool IsEnd => Kind is ScriptOutcomeKind.Bug or ScriptOutcomeKind.Panic or ScriptOutcomeKind.Undefined
        or ScriptOutcomeKind.Refused;
}

/// <summary>A node's state at one moment, as <c>state</c> shows it.</summary>
public readonly record struct ScriptNodeState
{
    /// <summary>Physical address of the node's first page, in bytes.</summary>
    public ulong BootStart { get; init; }

    /// <summary>The first page number beyond the node.</summary>
    public ulong LowPfn { get; init; }

    /// <summary>The page where the last allocation ended, as an index from the node's start.</summary>
    public ulong LastPos { get; init; }

    /// <summary>Bytes of that page that are taken.</summary>
    public ulong LastOffset { get; init; }

    /// <summary>Where the next search with a goal may begin.</summary>
    public ulong LastSuccess { get; init; }

    /// <summary>How many of the node's pages are reserved; 0 without a bitmap.</summary>
    public ulong Reserved { get; init; }

    /// <summary>Whether there is a bitmap.</summary>
    public bool HasMap { get; init; }

    /// <summary>CRC-32 of the bitmap's bytes, padding included.</summary>
    public uint MapCrc { get; init; }
}

/// <summary>What a node gave to the page allocator, as <c>handed</c> shows it.</summary>
public readonly record struct ScriptHanded
{
    /// <summary>How many blocks.</summary>
    public ulong Blocks { get; init; }

    /// <summary>How many pages.</summary>
    public ulong Pages { get; init; }

    /// <summary>How many blocks of one page.</summary>
    public ulong SinglePages { get; init; }

    /// <summary>How many blocks of <see cref="WordOrder"/>.</summary>
    public ulong Words { get; init; }

    /// <summary>The order of the larger blocks: 5 or 6.</summary>
    public int WordOrder { get; init; }

    /// <summary>CRC-32 of one line <c>PFN ORDER</c> a block.</summary>
    public uint Crc { get; init; }
}
