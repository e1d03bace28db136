using System.Collections.Generic;
using Bootmem.Boot;

namespace Bootmem.Lab.Logs;

/// <summary>What a boot log, or a memory map as text, tells of a machine and its kernel.</summary>
public sealed class BootLog
{
    /// <summary>The name that errors show.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel's release, such as <c>2.6.12-9-386</c>; null if the text is a map only.</summary>
    public string? Release { get; set; }

    /// <summary>Which kernel it is, as far as it is modelled.</summary>
    public KernelRelease Kernel { get; set; }

    /// <summary>The architecture; Auto if the text does not tell.</summary>
    public Architecture Architecture { get; set; }

    /// <summary>Whether the kernel says that it is an SMP kernel.</summary>
    public bool IsSmp { get; set; }

    /// <summary>Whether the kernel knows NUMA: it sets up nodes, or looks for them.</summary>
    public bool IsNuma { get; set; }

    /// <summary>The memory map that the firmware gave, in its order.</summary>
    public List<MapRange> Map { get; } = [];

    /// <summary>The map that the command line made of it; empty if it made none.</summary>
    public List<MapRange> UserMap { get; } = [];

    /// <summary>The nodes that firmware or northbridges tell of. Empty if there are none.</summary>
    public List<NodeRange> Nodes { get; } = [];

    /// <summary>Whether <see cref="Nodes"/> are only what bootmem was set up with, as nothing else tells of them.</summary>
    public bool AreNodesFromSetup { get; set; }

    /// <summary>Whether lines of the map are missing: the text begins in the midst of it.</summary>
    public bool IsMapCut { get; set; }

    /// <summary>The banks that ARM prints, each in MB.</summary>
    public List<long> Banks { get; } = [];

    /// <summary>The command line; empty if the log has none.</summary>
    public string CommandLine { get; set; } = "";

    /// <summary>Physical address of the INITRD, as the boot loader says; 0 if it does not.</summary>
    public ulong InitrdStart { get; set; }

    /// <summary>Its size in bytes.</summary>
    public ulong InitrdSize { get; set; }

    /// <summary>What the firmware keeps in low memory, as far as the text tells.</summary>
    public PcFirmware Pc { get; set; }

    /// <summary>Bytes of the software I/O TLB and the aperture, which x86-64 takes out of RAM.</summary>
    public ulong DmaBufferSize { get; set; }

    /// <summary>Where a running kernel says that it lies: the first byte of its image, physical.</summary>
    public ulong KernelStart { get; set; }

    /// <summary>The first byte behind it; 0 if the text does not tell.</summary>
    public ulong KernelEnd { get; set; }

    /// <summary>Whether the kernel found an INITRD whose size the log may not tell.</summary>
    public bool HasInitrd { get; set; }

    /// <summary>Every figure about memory that the kernel printed, in the log's order.</summary>
    public List<LogFigure> Figures { get; } = [];

    /// <summary>Further boots in the same file, which are not looked at.</summary>
    public int LaterBoots { get; set; }

    /// <summary>The value of a figure; null if the log does not have it.</summary>
    /// <param name="name">Its name.</param>
    public long? Value(string name)
    {
        foreach (LogFigure figure in Figures)
        {
            if (figure.Name == name)
            {
                return figure.Value;
            }
        }

        return null;
    }
}

/// <summary>A kernel's release, and by which model it is booted.</summary>
/// <param name="IsModelled">Whether it is one of 2.6.9 to 2.6.19.</param>
/// <param name="Version">The nearest of the eleven kernels whose bootmem is modelled.</param>
/// <param name="Sublevel">The N of 2.6.N whose rules its printed figures follow.</param>
/// <param name="IsBetween">
/// Whether it is a release candidate, a developer's tree or a vendor's kernel: some of its rules may be those of the
/// release before or after.
/// </param>
public readonly record struct KernelRelease(bool IsModelled, KernelVersion Version, int Sublevel, bool IsBetween);
