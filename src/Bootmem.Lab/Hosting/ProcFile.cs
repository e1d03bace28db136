using System;
using System.Collections.Generic;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>The files of /proc that show the memory in use.</summary>
public static unsafe class ProcFile
{
    /// <summary>Their names, without <c>/proc/</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["buddyinfo_bs", "iomem_bs", "meminfo_bs", "vmstat_bs", "zoneinfo_bs"];

    /// <summary>A file's name without <c>/proc/</c> and with <c>_bs</c>; null if there is no such file.</summary>
    /// <param name="name">What somebody wrote: <c>/proc/buddyinfo</c>, <c>buddyinfo_bs</c> …</param>
    public static string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string Folder = "/proc/";
        string bare = name.StartsWith(Folder, StringComparison.Ordinal) ? name[Folder.Length..] : name;
        foreach (string known in Names)
        {
            if (bare == known || bare + "_bs" == known)
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>The text of a file as it reads now.</summary>
    /// <param name="host">A machine.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="MachineException">There is no such file, or not yet.</exception>
    public static string Read(MachineHost host, string name)
    {
        ArgumentNullException.ThrowIfNull(host);
        Machine* machine = host.Machine;
        string? found = Find(name);
        if (found is null)
        {
            throw new MachineException($"found the file '{name}', expected one of {string.Join(", ", Names)}");
        }

        BootStep needed = found == "iomem_bs" ? BootStep.SetupArch : BootStep.MemInit;
        if (machine->NextStep <= needed)
        {
            string missing = found == "iomem_bs" ? "the banks are not known" : "the page allocator has not taken over";
            throw new MachineException($"{found}: not there yet: {missing}");
        }

        // A function of its own for each: nothing of the machine is copied.
        Action<Log> write = found switch
        {
            "buddyinfo_bs" => log => Buddyinfo.Write(log, machine->Pages),
            "vmstat_bs" => log => Vmstat.Write(log, machine->Pages),
            "zoneinfo_bs" => log => Zoneinfo.Write(log, machine->Pages),
            "iomem_bs" => log => Iomem.Write(log, machine),
            _ => log => Meminfo.Write(log, machine->Pages, machine->Config.VmallocReserve),
        };
        return LogBuffer.Describe(write);
    }
}
