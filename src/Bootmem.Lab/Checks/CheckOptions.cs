namespace Bootmem.Lab.Checks;

/// <summary>What a boot loader would know and the machine's file does not.</summary>
public sealed record CheckOptions
{
    /// <summary>Where the kernel's image lies, physical; null: where the file says, or nowhere.</summary>
    public ByteRange? Kernel { get; init; }

    /// <summary>Where the INITRD lies, physical; null: where the file says.</summary>
    public ByteRange? Initrd { get; init; }

    /// <summary>Where the device tree blob lies, physical; null: nobody knows.</summary>
    public ulong? DeviceTreeAt { get; init; }

    /// <summary>Put behind the machine's command line.</summary>
    public string? AppendedCommandLine { get; init; }

    /// <summary>Width of the kernel's <c>unsigned long</c>, 32 or 64; 0: 64 where a bank reaches beyond 4
    /// GiB.</summary>
    public int Bits { get; init; }
}
