using System.Collections.Generic;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>How a machine is to be booted.</summary>
public sealed class MachineOptions
{
    /// <summary>The kernel's configuration.</summary>
    public BootConfig Config { get; set; } = BootConfig.Default;

    /// <summary>Put behind the firmware's command line, after a space.</summary>
    public string? AppendedCommandLine { get; set; }

    /// <summary>Whether nothing is mapped but what bootmem itself needs: for machines larger than the host.</summary>
    public bool IsLayoutOnly { get; set; }

    /// <summary>The initcalls that are switched on, by name.</summary>
    public ISet<string> Initcalls { get; } = new HashSet<string>();

    /// <summary>Where the kernel image lies, on a machine that does not say so itself; all zero: where ARM kernels
    /// lie.</summary>
    public KernelImage Image { get; set; }

    /// <summary>Whether the CRC-32 of every bitmap is printed at four points of the boot.</summary>
    public bool SaysChecksums { get; set; }
}
