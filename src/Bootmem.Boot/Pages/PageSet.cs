namespace Bootmem.Boot;

/// <summary>One list of single free pages that a CPU keeps for itself: the kernel's <c>per_cpu_pages</c>.</summary>
public struct PerCpuPages
{
    /// <summary>How many pages are on the list.</summary>
    public int Count;

    /// <summary>At this count or below, an allocation refills the list first.</summary>
    public int Low;

    /// <summary>At this count, a free gives a batch back.</summary>
    public int High;

    /// <summary>How many pages are moved at a time.</summary>
    public int Batch;

    /// <summary>The page that is handed out next: its index in the mem_map plus 1; 0 if the list is empty.</summary>
    public uint Head;

    /// <summary>The page that is given back first, likewise.</summary>
    public uint Tail;
}

/// <summary>A CPU's lists in one zone, hot and cold: the kernel's <c>per_cpu_pageset</c>.</summary>
public struct PageSet
{
    /// <summary>Pages that are likely to be in the CPU's cache.</summary>
    public PerCpuPages Hot;

    /// <summary>Pages that are not.</summary>
    public PerCpuPages Cold;

    /// <summary>NUMA: blocks that this zone gave, as it was asked to.</summary>
    public ulong NumaHit;

    /// <summary>NUMA: blocks that this zone gave in another node's stead.</summary>
    public ulong NumaMiss;

    /// <summary>NUMA: blocks that another node gave in this one's stead.</summary>
    public ulong NumaForeign;

    /// <summary>NUMA: blocks given to a CPU of this node.</summary>
    public ulong LocalNode;

    /// <summary>NUMA: blocks given to a CPU of another node.</summary>
    public ulong OtherNode;

    /// <summary>Makes both lists empty, for a batch: setup_pageset() (2.6.12 has it in
    /// free_area_init_core()).</summary>
    /// <param name="batch">The zone's batch; 0 and up.</param>
    /// <param name="behaviour">What this kernel does.</param>
    public void SetUp(int batch, in PageBehaviour behaviour)
    {
        int least = behaviour.RaisesBatch ? 1 : 0;
        int cold = behaviour.HalvesColdBatch ? batch >> 1 : batch;
        Hot = default;
        Hot.Low = behaviour.RefillsEarly ? batch << 1 : 0;
        Hot.High = (batch << 2) + (batch << 1);
        Hot.Batch = batch < least ? least : batch;
        Cold = default;
        Cold.High = batch << 1;
        Cold.Batch = cold < least ? least : cold;
    }
}
