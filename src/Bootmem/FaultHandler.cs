namespace Bootmem;

/// <summary>Where faults go: on a host an exception is thrown, on bare metal the machine prints and halts.</summary>
public unsafe struct FaultHandler
{
    /// <summary>Handed to <see cref="Raise"/>.</summary>
    public void* Context;

    /// <summary>Takes <c>(context, fault)</c> and does not come back.</summary>
    public delegate*<void*, in Fault, void> Raise;
}

/// <content>Faults of calls that are not tried for.</content>
public unsafe partial struct BootMemory
{
    /// <summary>Prints what the kernel prints before it stops, and stops. No state has changed.</summary>
    /// <param name="fault">The fault.</param>
    public readonly void Raise(in Fault fault)
    {
        SayBefore(fault);
        FaultHandler.Raise(FaultHandler.Context, in fault);
    }

    /// <summary>Prints the lines that the kernel prints before its BUG() or panic() of a fault.</summary>
    /// <param name="fault">The fault.</param>
    public readonly void SayBefore(in Fault fault)
    {
        bool isAllocation = fault.Call is >= Call.__alloc_bootmem and < Call.alloc_large_system_hash;
        if (isAllocation && fault.Reason == FaultReason.ZeroSize)
        {
            Log.Text("__alloc_bootmem_core(): zero-sized request\n"u8);
        }

        if (fault.Reason == FaultReason.OutOfMemory)
        {
            Log.Text("<1>bootmem alloc of "u8).Decimal(fault.Size).Text(" bytes failed!\n"u8);
        }
    }
}
