namespace Bootmem;

/// <summary>A range of physical memory, as a call names it.</summary>
public readonly struct AddressRange
{
    /// <summary>Physical address of the first byte.</summary>
    public readonly ulong Address;

    /// <summary>Size in bytes.</summary>
    public readonly ulong Size;

    /// <summary>A range; both numbers are already cut to the machine's width.</summary>
    /// <param name="address">Physical address of the first byte.</param>
    /// <param name="size">Size in bytes.</param>
    public AddressRange(ulong address, ulong size)
    {
        Address = address;
        Size = size;
    }
}
