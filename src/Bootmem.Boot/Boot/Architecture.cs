namespace Bootmem.Boot;

/// <summary>The architectures whose boot path is modelled.</summary>
public enum Architecture : byte
{
    /// <summary>Decided by what the firmware told: a PC's memory map is that of a PC, anything else of ARM.</summary>
    Auto,

    /// <summary>ARM: banks from ATAGs or a device tree.</summary>
    Arm,

    /// <summary>i386: flat memory from a PC's map, high memory above 896 MiB.</summary>
    I386,

    /// <summary>x86-64: a PC's map, NUMA nodes.</summary>
    X86_64,
}

/// <summary>The architectures by name, and what follows from each.</summary>
public static class Architectures
{
    /// <summary>The name that is used in configurations.</summary>
    /// <param name="architecture">An architecture.</param>
    public static System.ReadOnlySpan<byte> Name(Architecture architecture) => architecture switch
    {
        Architecture.Arm => "arm"u8,
        Architecture.I386 => "i386"u8,
        Architecture.X86_64 => "x86_64"u8,
        _ => "auto"u8,
    };

    /// <summary>Whether it is a PC's.</summary>
    /// <param name="architecture">An architecture.</param>
    public static bool IsPc(Architecture architecture) => architecture >= Architecture.I386;

    /// <summary>BITS_PER_LONG; 0 where the architecture does not say.</summary>
    /// <param name="architecture">An architecture.</param>
    public static int BitsOf(Architecture architecture) => architecture switch
    {
        Architecture.I386 => 32,
        Architecture.X86_64 => 64,
        _ => 0,
    };

    /// <summary>The architecture of a machine, where nobody has chosen: RAM beyond 4 GiB wants x86-64.</summary>
    /// <param name="info">What the firmware told.</param>
    /// <param name="bits">BITS_PER_LONG, if that was chosen; else 0.</param>
    public static Architecture Of(in BootInfo info, int bits)
    {
        if (info.MapRangeCount == 0)
        {
            return Architecture.Arm;
        }

        bool is64 = bits == 64 || (bits == 0 && BankTable.ReachesBeyond4GiB(info));
        return is64 ? Architecture.X86_64 : Architecture.I386;
    }
}
