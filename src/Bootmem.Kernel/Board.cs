namespace Bootmem.Kernel;

/// <summary>The devices of ARM's vexpress board with a Cortex-A9, as QEMU has them: serial line and power.</summary>
internal static unsafe class Board
{
    /// <summary>Physical address of the first byte of RAM. The board has RAM from there on in one piece.</summary>
    public const uint RamStart = 0x6000_0000;

    // The PL011 of the first serial line.
    private const uint Uart = 0x1000_9000;
    private const uint UartData = Uart + 0x00;
    private const uint UartFlags = Uart + 0x18;
    private const uint ReceiveEmpty = 1 << 4;
    private const uint TransmitFull = 1 << 5;

    // The motherboard's system registers. SYS_CFGCTRL: start, write, function 8 (shut down).
    private const uint ConfigControl = 0x1000_00a4;
    private const uint ShutDown = 0xc080_0000;

    /// <summary>Sends a byte down the serial line.</summary>
    public static void Send(byte value)
    {
        while ((At(UartFlags)->Value & TransmitFull) != 0)
        {
        }

        At(UartData)->Value = value;
    }

    /// <summary>Waits for a byte from the serial line.</summary>
    public static byte Receive()
    {
        while ((At(UartFlags)->Value & ReceiveEmpty) != 0)
        {
        }

        return (byte)At(UartData)->Value;
    }

    /// <summary>Switches the board off.</summary>
    public static void PowerOff()
    {
        At(ConfigControl)->Value = ShutDown;
        while (true)
        {
            Cpu.Wait();
        }
    }

    private static Register* At(uint address) => (Register*)address;
}
