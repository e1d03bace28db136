using System;

namespace Bootmem.Boot;

/// <summary>
/// The article's five tests of bootmem, as initcalls of the stage bootmem. Each asserts what it does; it returns 0, or
/// the number of the first thing that was not so. What a test frees in part stays reserved, as it does in the kernel.
/// </summary>
internal static unsafe class BootmemTests
{
    private const uint Value = 0x9091;

    /// <summary>Takes 8 bytes, writes a number, reads it, and frees them: a part of a page, so the page stays
    /// taken.</summary>
    [Initcall(InitcallStage.Bootmem, "bootmem_alloc")]
    public static int Alloc(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong address = KernelApi.alloc_bootmem(ref mem, 8);
        int result = WriteNumber(machine, "bootmem_alloc"u8, address);
        KernelApi.free_bootmem(ref mem, address, 8);
        return result != 0 ? result : IsTaken(machine, address) ? 0 : 3;
    }

    /// <summary>Takes a page, writes a text, reads it, and frees the page: it is free again.</summary>
    [Initcall(InitcallStage.Bootmem, "bootmem_alloc_pages")]
    public static int AllocPages(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong size = mem.Word.PageSize;
        ulong address = KernelApi.alloc_bootmem_pages(ref mem, size);
        int result = WriteText(machine, "bootmem_alloc_pages"u8, address);
        if (result == 0 && !IsTaken(machine, address))
        {
            result = 3;
        }

        KernelApi.free_bootmem(ref mem, address, size);
        return result != 0 ? result : IsTaken(machine, address) ? 4 : 0;
    }

    /// <summary>As <see cref="Alloc"/>, from the lowest memory there is.</summary>
    [Initcall(InitcallStage.Bootmem, "bootmem_alloc_low")]
    public static int AllocLow(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong address = KernelApi.alloc_bootmem_low(ref mem, 8);
        int result = WriteNumber(machine, "bootmem_alloc_low"u8, address);
        KernelApi.free_bootmem(ref mem, address, 8);
        return result != 0 ? result : IsTaken(machine, address) ? 0 : 3;
    }

    /// <summary>As <see cref="AllocPages"/>, from the lowest memory there is.</summary>
    [Initcall(InitcallStage.Bootmem, "bootmem_alloc_low_pages")]
    public static int AllocLowPages(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong size = mem.Word.PageSize;
        ulong address = KernelApi.alloc_bootmem_low_pages(ref mem, size);
        int result = WriteText(machine, "bootmem_alloc_low_pages"u8, address);
        KernelApi.free_bootmem(ref mem, address, size);
        return result != 0 ? result : IsTaken(machine, address) ? 4 : 0;
    }

    /// <summary>
    /// Reserves 16 bytes in the second page of RAM and frees them: the whole page is reserved, and stays so, since what
    /// is freed is rounded inwards.
    /// </summary>
    [Initcall(InitcallStage.Bootmem, "bootmem_reserve")]
    public static int Reserve(Machine* machine)
    {
        ref BootMemory mem = ref machine->Bootmem;
        ulong address = machine->Space.PhysOffset + mem.Word.PageSize;
        KernelApi.reserve_bootmem(ref mem, address, 0x10);
        if (!IsTaken(machine, address))
        {
            return 1;
        }

        KernelApi.free_bootmem(ref mem, address, 0x10);
        machine->Log.Text("bootmem_reserve: 0x"u8).Hex(address).Text("+0x10 reserved and freed\n"u8);
        return IsTaken(machine, address) ? 0 : 2;
    }

    private static bool IsTaken(Machine* machine, ulong address)
    {
        ref readonly BootmemNode node = ref machine->Bootmem.Node(0);
        return node.Map.IsSet((address - node.BootStart) >> machine->Bootmem.Word.PageShift);
    }

    private static int WriteNumber(Machine* machine, ReadOnlySpan<byte> test, ulong address)
    {
        uint* number = (uint*)TestMemory.At(machine, address, 8);
        if (number == null)
        {
            return TestMemory.SaySkipped(machine, test);
        }

        if (number[0] != 0 || number[1] != 0)
        {
            return 1;
        }

        *number = Value;
        machine->Log.Text(test).Text(": 0x"u8).Hex(*number).Text(" at 0x"u8)
            .Hex(machine->Space.phys_to_virt(address)).Text("\n"u8);
        return *number == Value ? 0 : 2;
    }

    private static int WriteText(Machine* machine, ReadOnlySpan<byte> test, ulong address) =>
        TestMemory.WriteText(machine, test, address);
}
