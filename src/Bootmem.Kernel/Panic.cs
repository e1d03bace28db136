using System;
using System.Runtime;

namespace Bootmem.Kernel;

/// <summary>The end: says why, and halts; in a test, switches the board off.</summary>
internal static unsafe class Panic
{
    /// <summary>Whether the board goes off instead of standing still.</summary>
    public static bool PowersOff { get; set; }

    /// <summary>Where bootmem's faults go.</summary>
    public static FaultHandler Handler => new() { Raise = &RaiseFault };

    /// <summary>Says why, and halts.</summary>
    public static void Halt(ReadOnlySpan<byte> reason)
    {
        Printer.Kernel.Text("bootmem: "u8).Text(reason).Text("\n"u8);
        Stop();
    }

    /// <summary>Halts: what was wrong has been said.</summary>
    public static void Stop()
    {
        if (PowersOff)
        {
            Board.PowerOff();
        }

        while (true)
        {
            Cpu.Wait();
        }
    }

    /// <summary>An exception of the processor: prints what it was, where, and the registers.</summary>
    /// <param name="kind">Its vector: 1 undefined instruction, 2 supervisor call, 3 prefetch, 4 data, 6, 7
    /// interrupts.</param>
    /// <param name="registers">r0 .. r12, then sp, lr, pc and the flags.</param>
    [RuntimeExport("kernel_exception")]
    public static void Exception(uint kind, uint* registers)
    {
        // The vectors count back as for ARM code. Behind a Thumb instruction of these kinds are 2 bytes, not 4.
        const uint Thumb = 0x20;
        if (kind is 1 or 2 && (registers[16] & Thumb) != 0)
        {
            registers[15] += 2;
        }

        Log log = Printer.Kernel;
        log.Text("bootmem: "u8).Text(NameOf(kind)).Text(" at 0x"u8).Hex(registers[15], 8);
        if (kind == 4)
        {
            log.Text(", address 0x"u8).Hex(Cpu.DataFaultAddress(), 8)
                .Text(", status 0x"u8).Hex(Cpu.DataFaultStatus());
        }

        log.Text("\n"u8);
        for (uint i = 0; i < 17; i++)
        {
            if (i == 16)
            {
                log.Text("flags "u8);
            }
            else
            {
                log.Text("r"u8).Decimal(i).Text(i < 10 ? "    "u8 : "   "u8);
            }

            log.Hex(registers[i], 8).Text((i & 3) == 3 || i == 16 ? "\n"u8 : "  "u8);
        }

        Stop();
    }

    private static ReadOnlySpan<byte> NameOf(uint kind) => kind switch
    {
        1 => "undefined instruction"u8,
        2 => "supervisor call"u8,
        3 => "no memory to run"u8,
        4 => "no memory to read or write"u8,
        _ => "interrupt"u8,
    };

    private static void RaiseFault(void* context, in Fault fault)
    {
        Log log = Printer.Kernel;
        log.Text("bootmem: "u8);
        fault.Describe(log);
        log.Text("\n"u8);
        Stop();
    }
}
