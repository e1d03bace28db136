namespace Bootmem.Boot;

/// <summary>setup_per_cpu_areas(): an area for each CPU of an SMP kernel.</summary>
internal static unsafe class PercpuInit
{
    /// <summary>PERCPU_ENOUGH_ROOM: bytes of one area.</summary>
    private const ulong EnoughRoom = 32768;

    public static void Run(Machine* machine)
    {
        if (!machine->Config.IsSmp)
        {
            return;
        }

        ref BootMemory mem = ref machine->Bootmem;
        mem.Owner = Owner.PerCpu;
        if (machine->Config.Architecture == Architecture.X86_64)
        {
            X64Paging.AllocatePerCpu(machine, EnoughRoom);
        }
        else
        {
            machine->PerCpuAreas = KernelApi.alloc_bootmem(ref mem, (ulong)machine->Config.CpuCount * EnoughRoom);
        }

        mem.Owner = Owner.Unnamed;
    }
}
