namespace Bootmem.Boot;

/// <summary>paging_init() and e820_reserve_resources() of arch/x86_64: the zones of each node, the resources.</summary>
internal static unsafe class X64Paging
{
    public static void Run(Machine* machine)
    {
        X86Parts.MakePages(machine);
        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (machine->Extents[node].HasMemory)
            {
                FreeAreaInit.Run(machine, node);
            }
        }

        machine->Pages.OrderNodesAs(machine->Bootmem);
        X86Parts.AllocateResources(machine);
        PciGap.Say(machine);
    }

    /// <summary>setup_per_cpu_areas(): each CPU's area on its node. CPUs go round the nodes.</summary>
    public static void AllocatePerCpu(Machine* machine, ulong size)
    {
        ref BootMemory mem = ref machine->Bootmem;
        int node = -1;
        for (int cpu = 0; cpu < machine->Config.CpuCount; cpu++)
        {
            do
            {
                node = node + 1 < machine->NodeCount ? node + 1 : 0;
            }
            while (!machine->Extents[node].HasMemory);

            ulong address = KernelApi.alloc_bootmem_node(ref mem, node, size);
            machine->PerCpuAreas = cpu == 0 ? address : machine->PerCpuAreas;
        }
    }
}
