using System;

namespace Bootmem.Boot;

/// <summary>
/// The CRC-32 of every node's bitmap, printed at four points of the boot: by it the bitmaps of two worlds can be
/// compared. The kernel has nothing like it. It is off unless whoever runs the boot calls both functions.
/// </summary>
public static unsafe class BitmapChecksums
{
    /// <summary>Prints the checksum of a bitmap that was just made or is just gone.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="change">What happened; anything else is nothing to this.</param>
    public static void Observe(Machine* machine, in BootEvent change)
    {
        if (change.Kind == BootEventKind.NodeInitialised)
        {
            Say(machine, change.Node, "init"u8);
        }
        else if (change.Kind == BootEventKind.MapGone)
        {
            Say(machine, change.Node, "free_all_bootmem"u8);
        }
    }

    /// <summary>Prints the checksums of all bitmaps, after the reservations and before the hand-over.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="finished">The step that was just taken.</param>
    public static void AfterStep(Machine* machine, BootStep finished)
    {
        if (finished != BootStep.BootmemInit && finished != BootStep.EarlyHashes)
        {
            return;
        }

        for (int node = 0; node < machine->NodeCount; node++)
        {
            if (machine->Bootmem.Node(node).HasMap)
            {
                Say(machine, node, finished == BootStep.BootmemInit ? "the reservations"u8 : "all allocations"u8);
            }
        }
    }

    private static void Say(Machine* machine, int node, ReadOnlySpan<byte> when)
    {
        ref readonly BootmemNode state = ref machine->Bootmem.Node(node);
        machine->Log.Text("<7>bitmap of node "u8).Decimal((ulong)node).Text(" after "u8).Text(when)
            .Text(": CRC-32 "u8).Hex(ChecksumOf(state.Map, state.PageCount(machine->Bootmem.Word)), 8).Text("\n"u8);
    }

    // Of the bytes that hold a bit of the node's pages.
    private static uint ChecksumOf(in Bitmap map, ulong pages)
    {
        CrcRegister register = CrcRegister.Start;
        ulong end = (pages + 7) & ~7UL;
        end = end < map.BitCount ? end : map.BitCount;
        for (ulong first = 0; first < end;)
        {
            MapStretch stretch = map.StretchAt(first);
            ulong stop = stretch.End < end ? stretch.End : end;
            ulong count = (stop - first) >> 3;
            if (stretch.Kind == StretchKind.Bits)
            {
                register.Append((byte*)stretch.Words, count);
            }
            else
            {
                register.Repeat(stretch.Kind == StretchKind.Reserved ? (byte)0xff : (byte)0, count);
            }

            first = stop;
        }

        return register.Value;
    }
}
