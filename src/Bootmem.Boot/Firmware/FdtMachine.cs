namespace Bootmem.Boot;

/// <summary>
/// Reads a machine from a device tree: what the kernel's <c>early_init_devtree</c> takes from it, and the binding
/// <c>BiscuitOS,Memory-Manager</c>. docs/machines.md says which node gives what.
/// </summary>
public static class FdtMachine
{
    /// <summary>
    /// Fills in what a blob tells. A blob without memory nodes is fine: then there is no bank.
    /// </summary>
    /// <param name="blob">An open blob; what is filled in points into it.</param>
    /// <param name="info">The arrays to fill; on an error nothing in here has changed.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Whether the machine could be read.</returns>
    public static bool TryRead(in FdtBlob blob, ref BootInfo info, out FirmwareError error)
    {
        FdtMachineReader reader = default;
        reader.Blob = blob;
        reader.Info = info.Emptied();
        bool isRead = reader.Read();
        error = reader.Error;
        if (isRead)
        {
            info = reader.Info;
        }

        return isRead;
    }

    /// <summary>Opens a blob and reads the machine from it.</summary>
    /// <param name="bytes">The blob's first byte; what is filled in points into it.</param>
    /// <param name="length">How many bytes may be read.</param>
    /// <param name="info">The arrays to fill; on an error nothing in here has changed.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Whether the machine could be read.</returns>
    public static unsafe bool TryRead(byte* bytes, ulong length, ref BootInfo info, out FirmwareError error) =>
        FdtBlob.TryOpen(bytes, length, out FdtBlob blob, out error) && TryRead(in blob, ref info, out error);
}
