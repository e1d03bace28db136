using System;

namespace Bootmem.Boot;

/// <summary>How the built-in tests reach the memory that they were given.</summary>
internal static unsafe class TestMemory
{
    /// <summary>Where a piece of RAM can be touched; null where there is no memory behind the map.</summary>
    public static byte* At(Machine* machine, ulong physical, ulong size) =>
        machine->IsLayoutOnly ? null : machine->Memory.Resolve(machine->Memory.Context, physical, size);

    /// <summary>Says that there is no memory to write to. That is no failure.</summary>
    public static int SaySkipped(Machine* machine, ReadOnlySpan<byte> test)
    {
        machine->Log.Text(test).Text(": no memory behind the map, nothing written\n"u8);
        return 0;
    }

    /// <summary>
    /// Checks that a page reads as zeros, writes a text to its start and a byte to its end, and reads both.
    /// </summary>
    /// <returns>0; 1 if it was not clear; 2 if it does not hold what was written.</returns>
    public static int WriteText(Machine* machine, ReadOnlySpan<byte> test, ulong address)
    {
        ulong size = machine->Space.Word.PageSize;
        byte* page = At(machine, address, size);
        if (page == null)
        {
            return SaySkipped(machine, test);
        }

        for (ulong i = 0; i < size; i++)
        {
            if (page[i] != 0)
            {
                return 1;
            }
        }

        Write(page, size, test);
        machine->Log.Text(test).Text(": wrote at 0x"u8).Hex(machine->Space.phys_to_virt(address)).Text("\n"u8);
        return Holds(page, size, test) ? 0 : 2;
    }

    /// <summary>Writes a text to a page's start, as far as it fits, and a mark to its last byte.</summary>
    public static void Write(byte* page, ulong size, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length && (ulong)i < size - 1; i++)
        {
            page[i] = text[i];
        }

        page[size - 1] = 0x91;
    }

    /// <summary>Whether a page holds what <see cref="Write"/> wrote.</summary>
    public static bool Holds(byte* page, ulong size, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length && (ulong)i < size - 1; i++)
        {
            if (page[i] != text[i])
            {
                return false;
            }
        }

        return page[size - 1] == 0x91;
    }
}
