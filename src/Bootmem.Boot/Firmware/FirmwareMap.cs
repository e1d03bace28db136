namespace Bootmem.Boot;

/// <summary>What a PC's firmware says a range of addresses is: the types of the BIOS call e820.</summary>
public enum MapRangeType : byte
{
    /// <summary>Nothing was said.</summary>
    None,

    /// <summary>RAM that the kernel may use.</summary>
    Usable,

    /// <summary>Not to be touched.</summary>
    Reserved,

    /// <summary>ACPI tables: RAM again, once they have been read. These kernels never take it.</summary>
    AcpiData,

    /// <summary>What the firmware keeps over a sleep.</summary>
    AcpiNvs,

    /// <summary>RAM that does not work. Later firmware tells of it.</summary>
    Unusable,
}

/// <summary>A range of a PC's memory map.</summary>
public struct MapRange
{
    /// <summary>Physical address of its first byte.</summary>
    public ulong Start;

    /// <summary>Physical address of the first byte behind it.</summary>
    public ulong End;

    /// <summary>What it is.</summary>
    public MapRangeType Type;
}

/// <summary>The memory of one NUMA node, as a PC's firmware (SRAT) or its northbridge tells it.</summary>
public struct NodeRange
{
    /// <summary>Physical address of its first byte.</summary>
    public ulong Start;

    /// <summary>Physical address of the first byte behind it.</summary>
    public ulong End;

    /// <summary>The node's number, from 0.</summary>
    public int Node;
}

/// <summary>Which BIOS call gave the memory map.</summary>
public enum MapSource : byte
{
    /// <summary>e820: a list of ranges.</summary>
    E820,

    /// <summary>e801: RAM up to 640 KiB, and above 1 MiB.</summary>
    E801,

    /// <summary>88: the same, up to 64 MiB.</summary>
    E88,
}

/// <summary>What a PC's firmware keeps in low memory, as far as the kernel keeps off it. Addresses are
/// physical.</summary>
public struct PcFirmware
{
    /// <summary>Which BIOS call gave the map.</summary>
    public MapSource Source;

    /// <summary>The extended BIOS data area; 0: where usable memory below 640 KiB ends.</summary>
    public ulong Ebda;

    /// <summary>The multiprocessor table's pointer structure; 0 if there is none.</summary>
    public ulong MpTable;

    /// <summary>The multiprocessor configuration table; 0 if there is none.</summary>
    public ulong MpConfig;

    /// <summary>An AMD processor of family 6: its firmware wants the page at 0x9f000 kept (i386).</summary>
    public bool IsAmdFamily6;
}
