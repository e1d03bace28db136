namespace Bootmem.Boot;

/// <summary>/proc/vmstat: what the memory manager counted since the boot.</summary>
public static class Vmstat
{
    /// <summary>
    /// Writes the file: vmstat_show() of mm/page_alloc.c, with the rows of 2.6.12, which 2.6.15 has as well. There is
    /// nothing but a page allocator here, so only its rows ever count.
    /// </summary>
    /// <param name="log">Where to.</param>
    /// <param name="pages">The page allocator.</param>
    public static void Write(Log log, in PageAllocator pages)
    {
        VmCounters counters = pages.Counters;
        log.Text("nr_dirty 0\nnr_writeback 0\nnr_unstable 0\nnr_page_table_pages 0\nnr_mapped 0\nnr_slab 0\n"u8);
        log.Text("pgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n"u8);
        log.Text("pgalloc_high "u8).Decimal(counters.PgAllocHigh);
        log.Text("\npgalloc_normal "u8).Decimal(counters.PgAllocNormal);
        log.Text("\npgalloc_dma "u8).Decimal(counters.PgAllocDma);
        log.Text("\npgfree "u8).Decimal(counters.PgFree);
        log.Text("\npgactivate 0\npgdeactivate 0\npgfault 0\npgmajfault 0\n"u8);
        log.Text("pgrefill_high 0\npgrefill_normal 0\npgrefill_dma 0\n"u8);
        log.Text("pgsteal_high 0\npgsteal_normal 0\npgsteal_dma 0\n"u8);
        log.Text("pgscan_kswapd_high 0\npgscan_kswapd_normal 0\npgscan_kswapd_dma 0\n"u8);
        log.Text("pgscan_direct_high 0\npgscan_direct_normal 0\npgscan_direct_dma 0\n"u8);
        log.Text("pginodesteal 0\nslabs_scanned 0\nkswapd_steal 0\nkswapd_inodesteal 0\npageoutrun 0\n"u8);
        log.Text("allocstall 0\npgrotate 0\nnr_bounce 0\n"u8);
    }
}
