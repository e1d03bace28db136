using System.Runtime;
using System.Runtime.CompilerServices;

namespace Bootmem.Kernel;

/// <summary>What only assembly can do (Entry/cpu.S).</summary>
internal static unsafe class Cpu
{
    /// <summary>Forgets all translations that were read from the page tables so far.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_flush_tlb")]
    public static extern void FlushTlb();

    /// <summary>Waits until the page tables are written: from now on a new entry holds.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_synchronise")]
    public static extern void Synchronise();

    /// <summary>Reads another page directory from now on.</summary>
    /// <param name="physical">Its address, a multiple of 16 KiB.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_use_directory")]
    public static extern void UseDirectory(uint physical);

    /// <summary>Takes exceptions at 0xffff0000 from now on.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_use_high_vectors")]
    public static extern void UseHighVectors();

    /// <summary>The address whose reading or writing faulted last.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_data_fault_address")]
    public static extern uint DataFaultAddress();

    /// <summary>Why it did.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_data_fault_status")]
    public static extern uint DataFaultStatus();

    /// <summary>An instruction that there is not.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_undefined")]
    public static extern void Undefined();

    /// <summary>A call of a supervisor: there is none.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_call")]
    public static extern void Call();

    /// <summary>Runs what lies at an address.</summary>
    /// <param name="address">An address; its lowest bit says Thumb.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_jump")]
    public static extern void Jump(uint address);

    /// <summary>Sleeps until something happens. Nothing does.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("cpu_wait")]
    public static extern void Wait();
}

/// <summary>A register of a device: every access to it is made, and made once.</summary>
internal struct Register
{
    /// <summary>Its value.</summary>
    public volatile uint Value;
}
