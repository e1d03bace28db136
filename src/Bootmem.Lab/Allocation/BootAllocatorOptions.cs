namespace Bootmem.Lab;

/// <summary>What is fixed about a <see cref="BootAllocator"/>.</summary>
public sealed class BootAllocatorOptions
{
    /// <summary>Which kernel's bootmem. The latest has no known fault.</summary>
    public KernelVersion Version { get; init; } = KernelVersion.V2_6_15;

    /// <summary>Width of <c>unsigned long</c>: 32 or 64.</summary>
    public int Bits { get; init; } = 64;

    /// <summary>Bytes of a page: a power of two from 64 to 16 MiB.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>The alignment of an allocation that names none, in bytes: a power of two.</summary>
    public int CacheLine { get; init; } = 64;

    /// <summary>Where memory is looked for first by an allocation that names no goal; 0 is the lowest.</summary>
    public ulong DefaultGoal { get; init; }

    /// <summary>How many nodes there can be: 1 .. 1024.</summary>
    public int NodeCapacity { get; init; } = 1;
}
