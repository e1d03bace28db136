namespace Bootmem.Boot;

/// <summary>/proc/buddyinfo: how many free blocks of each order every zone has.</summary>
public static unsafe class Buddyinfo
{
    /// <summary>Writes the file: frag_show() of mm/page_alloc.c, the same in all versions.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="pages">The page allocator. Zones without pages are left out.</param>
    public static void Write(Log log, in PageAllocator pages)
    {
        for (int node = pages.FirstNode; node >= 0; node = pages.Node(node).NextNode)
        {
            for (int i = 0; i < pages.ZonesPerNode; i++)
            {
                Zone* zone = pages.ZoneOf(node, i);
                if (zone->PresentPages == 0)
                {
                    continue;
                }

                WriteZoneName(log, zone);
                log.Text(" "u8);
                for (int order = 0; order < Zone.MaxOrder; order++)
                {
                    log.Decimal(zone->FreeCount(order), 6).Text(" "u8);
                }

                log.Text("\n"u8);
            }
        }
    }

    // "Node %d, zone %8s"
    internal static void WriteZoneName(Log log, Zone* zone)
    {
        const int Width = 8;
        System.ReadOnlySpan<byte> name = Zones.Name(zone->Kind);
        log.Text("Node "u8).Decimal((ulong)zone->Node).Text(", zone "u8);
        log.Text("        "u8[..(Width - name.Length)]).Text(name);
    }
}
