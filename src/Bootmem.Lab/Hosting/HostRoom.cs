using System;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// Whether the host has room for what a boot writes to: RAM costs nothing until it is touched, but memory maps are
/// touched from end to end, and so are bitmaps, but for those of a layout.
/// </summary>
internal static unsafe class HostRoom
{
    /// <summary>The most bytes that all bitmaps may take: 128 TiB in pages of 4 KiB.</summary>
    public const ulong MostBitmapBytes = 4UL << 30;

    /// <summary>Refuses a machine that would take more memory than the host can spare.</summary>
    /// <param name="machine">The machine; its nodes are known.</param>
    /// <exception cref="HostMemoryException">What it would take, and what there is.</exception>
    public static void Check(Machine* machine)
    {
        // Sums in 128 bits: 1024 nodes may span 2^32 pages each.
        UInt128 bitmaps = 0;
        UInt128 pages = 0;
        for (int node = 0; node < machine->NodeCount; node++)
        {
            NodeExtent extent = machine->Extents[node];
            bitmaps += extent.HasLowMemory ? (extent.LowEndPfn - extent.StartPfn + 7) >> 3 : 0;
            pages += extent.HasMemory ? extent.EndPfn - extent.StartPfn : 0;
        }

        if (bitmaps > MostBitmapBytes)
        {
            throw new HostMemoryException(
                $"the bitmaps of this machine take {bitmaps} bytes, expected at most {MostBitmapBytes}: "
                + "its memory is too large, or too far apart");
        }

        ulong most = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        most -= most >> 2;
        UInt128 touched = bitmaps + (pages * StructSizes.Page(machine->Bootmem.Word));
        if (!machine->IsLayoutOnly && touched > most)
        {
            throw new HostMemoryException(
                $"the memory map of this machine takes {touched} bytes, expected at most {most} on this host: "
                + "boot it with --layout-only");
        }
    }
}
