namespace Bootmem.Boot;

/// <summary>
/// The kernel's one-to-one mapping of low memory: virtual = physical - PHYS_OFFSET + PAGE_OFFSET. Pages beyond low memory
/// have no address of their own.
/// </summary>
public readonly struct AddressSpace
{
    /// <summary>The machine's arithmetic.</summary>
    public readonly KernelWord Word;

    /// <summary>PHYS_OFFSET: physical address of the first byte that is mapped.</summary>
    public readonly ulong PhysOffset;

    /// <summary>PAGE_OFFSET: virtual address of that byte.</summary>
    public readonly ulong PageOffset;

    /// <summary>Physical address of the first byte beyond low memory.</summary>
    public readonly ulong LowmemEnd;

    /// <summary>A mapping.</summary>
    /// <param name="word">The machine's arithmetic.</param>
    /// <param name="physOffset">PHYS_OFFSET, in bytes.</param>
    /// <param name="pageOffset">PAGE_OFFSET, in bytes.</param>
    /// <param name="lowmemEnd">Physical address of the first byte beyond low memory.</param>
    public AddressSpace(KernelWord word, ulong physOffset, ulong pageOffset, ulong lowmemEnd)
    {
        Word = word;
        PhysOffset = physOffset;
        PageOffset = pageOffset;
        LowmemEnd = lowmemEnd;
    }

#pragma warning disable IDE1006, SA1300 // The kernel's names.
    /// <summary>The virtual address of a physical one: __va(). It wraps at the machine's width.</summary>
    /// <param name="physical">An address in bytes.</param>
    public ulong phys_to_virt(ulong physical) => Word.Add(Word.Subtract(physical, PhysOffset), PageOffset);

    /// <summary>The physical address of a virtual one: __pa(). It wraps at the machine's width.</summary>
    /// <param name="address">An address in bytes.</param>
    public ulong virt_to_phys(ulong address) => Word.Add(Word.Subtract(address, PageOffset), PhysOffset);
#pragma warning restore IDE1006, SA1300

    /// <summary>Whether a physical address has a virtual one.</summary>
    /// <param name="physical">An address in bytes.</param>
    public bool IsLowmem(ulong physical) => physical >= PhysOffset && physical < LowmemEnd;
}
