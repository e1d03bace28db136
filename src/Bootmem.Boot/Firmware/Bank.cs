namespace Bootmem.Boot;

/// <summary>One range of RAM as the firmware told it: the kernel's <c>membank</c>.</summary>
public struct Bank
{
    /// <summary>Physical address of its first byte.</summary>
    public ulong Start;

    /// <summary>Its size in bytes; 0 is an empty bank, which some boot loaders tell of.</summary>
    public ulong Size;

    /// <summary>The node that it belongs to: 0 .. <see cref="BootInfo.NodeCount"/> - 1.</summary>
    public int Node;

    /// <summary>What the firmware calls that node (<c>numa-node-id</c>); 0 where it tells of no nodes.</summary>
    public int NumaId;
}

/// <summary>A range that the firmware wants kept.</summary>
public unsafe struct FirmwareReservation
{
    /// <summary>Physical address of its first byte.</summary>
    public ulong Start;

    /// <summary>Its size in bytes.</summary>
    public ulong Size;

    /// <summary>Whether it is the header's, <c>/memreserve/</c>; else it is under <c>/reserved-memory</c>.</summary>
    public bool IsHeader;

    /// <summary>Whether the node has <c>no-map</c>.</summary>
    public bool IsNoMap;

    /// <summary>The node's name, in the blob; null for a header reservation.</summary>
    public byte* Name;

    /// <summary>Its length in bytes.</summary>
    public int NameLength;
}
