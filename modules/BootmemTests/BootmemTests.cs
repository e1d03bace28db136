using System;
using System.Buffers.Binary;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Modules;

/// <summary>
/// The five tests of bootmem as a module. Each asserts what it does. The number that Init returns is the number of the
/// test that failed, from 1.
/// </summary>
public sealed class BootmemTests : BootmemModule
{
    private const uint Value = 0x9091;
    private const ulong Size = 8;

    /// <inheritdoc/>
    public override string Name => "bootmem_tests";

    /// <inheritdoc/>
    public override string Description => "the five tests of bootmem";

    /// <inheritdoc/>
    public override InitcallStage Stage => InitcallStage.Bootmem;

    /// <inheritdoc/>
    public override int Init(MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        ref BootMemory mem = ref host.Bootmem;
        ulong page = (ulong)host.PageSize;

        bool isPassed = Number(host, "alloc_bootmem", KernelApi.alloc_bootmem(ref mem, Size));
        if (!isPassed)
        {
            return 1;
        }

        if (!Text(host, "alloc_bootmem_pages", KernelApi.alloc_bootmem_pages(ref mem, page)))
        {
            return 2;
        }

        if (!Number(host, "alloc_bootmem_low", KernelApi.alloc_bootmem_low(ref mem, Size)))
        {
            return 3;
        }

        if (!Text(host, "alloc_bootmem_low_pages", KernelApi.alloc_bootmem_low_pages(ref mem, page)))
        {
            return 4;
        }

        return Reserve(host) ? 0 : 5;
    }

    // Writes a number into fresh memory, reads it, and frees the memory. 8 bytes are less than a page: it stays
    // reserved.
    private static bool Number(MachineHost host, string call, ulong address)
    {
        bool isRight = IsReserved(host, address);
        if (!host.IsLayoutOnly)
        {
            Span<byte> bytes = host.Bytes(address, (int)Size);
            isRight &= !bytes.ContainsAnyExcept((byte)0);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Value);
            uint read = BinaryPrimitives.ReadUInt32LittleEndian(host.Bytes(address, (int)Size));
            host.Print($"{call}: 0x{read:x} at 0x{host.Space.phys_to_virt(address):x}");
            isRight &= read == Value;
        }

        KernelApi.free_bootmem(ref host.Bootmem, address, Size);
        return isRight && IsReserved(host, address);
    }

    // Writes a text into a fresh page, reads it, and frees the page: it is free again.
    private static bool Text(MachineHost host, string call, ulong address)
    {
        const string Words = "BiscuitOS-bootmem";
        bool isRight = IsReserved(host, address);
        if (!host.IsLayoutOnly)
        {
            Span<byte> page = host.Bytes(address, host.PageSize);
            isRight &= !page.ContainsAnyExcept((byte)0) && Encoding.ASCII.TryGetBytes(Words, page, out _);
            string read = Encoding.ASCII.GetString(host.Bytes(address, Words.Length));
            host.Print($"{call}: \"{read}\" at 0x{host.Space.phys_to_virt(address):x}");
            isRight &= read == Words;
        }

        KernelApi.free_bootmem(ref host.Bootmem, address, (ulong)host.PageSize);
        return isRight && !IsReserved(host, address);
    }

    // Reserves 16 bytes of the second page of RAM: the whole page. To free 16 bytes frees nothing: no whole page is in
    // them.
    private static bool Reserve(MachineHost host)
    {
        const ulong ReservedSize = 0x10;
        ulong address = host.Space.PhysOffset + (ulong)host.PageSize;
        KernelApi.reserve_bootmem(ref host.Bootmem, address, ReservedSize);
        bool isRight = IsReserved(host, address);
        KernelApi.free_bootmem(ref host.Bootmem, address, ReservedSize);
        host.Print($"reserve_bootmem: 0x{address:x}+0x{ReservedSize:x} reserved and freed");
        return isRight && IsReserved(host, address);
    }

    // Memory can come from any node: the ledger knows all of them.
    private static bool IsReserved(MachineHost host, ulong address) =>
        host.Ledger.At(host.Bootmem.Word.PfnOf(address)).Use != PageUse.Free;
}
