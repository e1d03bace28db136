namespace Bootmem;

/// <summary>The kernels whose bootmem is modelled, by their release names, in the order of their release.</summary>
public enum KernelVersion : byte
{
    /// <summary>Linux 2.6.12: the start of the history; no <c>_limit</c> calls.</summary>
    V2_6_12,

    /// <summary>Linux 2.6.12.1: bootmem is that of 2.6.12.</summary>
    V2_6_12_1,

    /// <summary>Linux 2.6.12.2: bootmem is that of 2.6.12.</summary>
    V2_6_12_2,

    /// <summary>Linux 2.6.12.3: bootmem is that of 2.6.12.</summary>
    V2_6_12_3,

    /// <summary>Linux 2.6.12.4: bootmem is that of 2.6.12.</summary>
    V2_6_12_4,

    /// <summary>Linux 2.6.12.5: bootmem is that of 2.6.12.</summary>
    V2_6_12_5,

    /// <summary>Linux 2.6.12.6: bootmem is that of 2.6.12.</summary>
    V2_6_12_6,

    /// <summary>Linux 2.6.13: alloc_remap(), saved_max_pfn, page numbers in the hand-over.</summary>
    V2_6_13,

    /// <summary>Linux 2.6.13.1: bootmem is that of 2.6.13.</summary>
    V2_6_13_1,

    /// <summary>Linux 2.6.14: the limit argument and the <c>_limit</c> calls.</summary>
    V2_6_14,

    /// <summary>Linux 2.6.15: the search stops at the node's end; page counts are zeroed in the hand-over.</summary>
    V2_6_15,
}

/// <summary>The kernels by name.</summary>
public static class KernelVersions
{
    /// <summary>The number of kernels that are modelled: the values of <see cref="KernelVersion"/> are 0 ..
    /// Count-1.</summary>
    public const int Count = 11;

    /// <summary>The release name, such as <c>2.6.12.1</c>.</summary>
    /// <param name="version">One of the eleven kernels.</param>
    public static System.ReadOnlySpan<byte> Name(KernelVersion version) => version switch
    {
        KernelVersion.V2_6_12 => "2.6.12"u8,
        KernelVersion.V2_6_12_1 => "2.6.12.1"u8,
        KernelVersion.V2_6_12_2 => "2.6.12.2"u8,
        KernelVersion.V2_6_12_3 => "2.6.12.3"u8,
        KernelVersion.V2_6_12_4 => "2.6.12.4"u8,
        KernelVersion.V2_6_12_5 => "2.6.12.5"u8,
        KernelVersion.V2_6_12_6 => "2.6.12.6"u8,
        KernelVersion.V2_6_13 => "2.6.13"u8,
        KernelVersion.V2_6_13_1 => "2.6.13.1"u8,
        KernelVersion.V2_6_14 => "2.6.14"u8,
        _ => "2.6.15"u8,
    };

    /// <summary>Finds the kernel of a release name.</summary>
    /// <param name="name">A name such as <c>2.6.14</c>.</param>
    /// <param name="version">The kernel, when there is one of that name.</param>
    /// <returns>Whether the name is one of the eleven.</returns>
    public static bool TryParse(System.ReadOnlySpan<byte> name, out KernelVersion version)
    {
        for (int i = 0; i < Count; i++)
        {
            version = (KernelVersion)i;
            if (Ascii.Equal(name, Name(version)))
            {
                return true;
            }
        }

        version = default;
        return false;
    }
}
