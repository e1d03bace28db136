using System;

namespace Bootmem;

/// <summary>On whose behalf memory is taken. Values from <see cref="FirstOfCaller"/> on are the caller's own.</summary>
public enum Owner : ushort
{
    /// <summary>Nobody said.</summary>
    Unnamed,

    /// <summary>The kernel image.</summary>
    KernelImage,

    /// <summary>The page directory below the image.</summary>
    PageDirectory,

    /// <summary>A node's bitmap.</summary>
    Bitmap,

    /// <summary>The initial RAM disk.</summary>
    Initrd,

    /// <summary>What the firmware wants kept: <c>/memreserve/</c>, <c>/reserved-memory</c>.</summary>
    Firmware,

    /// <summary>The empty zero page.</summary>
    ZeroPage,

    /// <summary>Page tables, and the page of the exception vectors.</summary>
    PageTables,

    /// <summary>The array of struct page.</summary>
    MemMap,

    /// <summary>A zone's table of wait queues.</summary>
    WaitTable,

    /// <summary>The per-CPU areas.</summary>
    PerCpu,

    /// <summary>The PID hash.</summary>
    PidHash,

    /// <summary>The dentry hash.</summary>
    DentryCache,

    /// <summary>The inode hash.</summary>
    InodeCache,

    /// <summary>The page table of the kmap window.</summary>
    Kmap,

    /// <summary>The page table of the fixed mappings.</summary>
    Fixmap,

    /// <summary>The kernel's list of resources.</summary>
    Resources,

    /// <summary>A test that is built in.</summary>
    Test,

    /// <summary>A loaded module.</summary>
    Module,

    /// <summary>The person at the prompt, or a script.</summary>
    Caller,

    /// <summary>The first value that Bootmem itself never uses.</summary>
    FirstOfCaller = 64,
}

/// <summary>The owners by name.</summary>
public static class Owners
{
    /// <summary>The name that people see.</summary>
    /// <param name="owner">An owner.</param>
    public static ReadOnlySpan<byte> Name(Owner owner) => owner switch
    {
        Owner.KernelImage => "kernel image"u8,
        Owner.PageDirectory => "page directory"u8,
        Owner.Bitmap => "bitmap"u8,
        Owner.Initrd => "initrd"u8,
        Owner.Firmware => "firmware"u8,
        Owner.ZeroPage => "zero page"u8,
        Owner.PageTables => "page tables"u8,
        Owner.MemMap => "mem_map"u8,
        Owner.WaitTable => "wait tables"u8,
        Owner.PerCpu => "per-cpu areas"u8,
        Owner.PidHash => "PID hash"u8,
        Owner.DentryCache => "Dentry cache"u8,
        Owner.InodeCache => "Inode-cache"u8,
        Owner.Kmap => "pkmap table"u8,
        Owner.Fixmap => "fixmap table"u8,
        Owner.Resources => "resources"u8,
        Owner.Test => "built-in test"u8,
        Owner.Module => "module"u8,
        Owner.Caller => "caller"u8,
        _ => "unnamed"u8,
    };
}
