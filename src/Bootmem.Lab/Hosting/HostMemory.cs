using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Bootmem.Lab;

/// <summary>
/// A machine's RAM, backed by the host's memory: every range is reserved whole and takes host memory only where it is
/// touched. Ranges that touch become one, so that what lies across two banks can be reached as one piece.
/// </summary>
public sealed unsafe partial class HostMemory : IDisposable
{
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private const int MapNoReserve = 0x4000;
    private const int AdviseDontNeed = 4;

    // Clearing this much or more gives the pages back to the host instead of touching them.
    private const ulong LargeClear = 1 << 20;
    private const ulong HostPage = 4096;

    private readonly List<Region> _regions = [];
    private GCHandle _self;

    /// <summary>Memory without a range.</summary>
    public HostMemory() => _self = GCHandle.Alloc(this);

    /// <summary>Bytes of address space that were reserved.</summary>
    public ulong ReservedSize { get; private set; }

    /// <summary>Backs a range of physical memory; it reads as zeros until it is written.</summary>
    /// <param name="start">Physical address of the first byte.</param>
    /// <param name="size">Bytes; 0 does nothing.</param>
    /// <exception cref="HostMemoryException">The host cannot reserve that much.</exception>
    public void Back(ulong start, ulong size)
    {
        if (size == 0)
        {
            return;
        }

        // Host pages begin where machine pages do: both are counted from the page that holds the first byte.
        ulong first = start & ~(HostPage - 1);
        ulong length = start + size - first;
        nint mapped = Map(0, checked((nuint)length), ProtectReadWrite, MapPrivateAnonymous | MapNoReserve, -1, 0);
        if (mapped == -1)
        {
            throw new HostMemoryException($"the host cannot reserve {size:N0} bytes for the memory at 0x{start:x}");
        }

        ReservedSize += length;
        _regions.Add(new Region(first, length, (byte*)mapped));
    }

    /// <summary>Where a physical range can be touched; null where it is not backed in one piece.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes.</param>
    public byte* Resolve(ulong address, ulong size)
    {
        foreach (Region region in _regions)
        {
            ulong offset = address - region.Start;
            if (offset < region.Size && size <= region.Size - offset)
            {
                return region.Bytes + offset;
            }
        }

        return null;
    }

    /// <summary>Makes a physical range read as zeros.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="size">Bytes.</param>
    public void Clear(ulong address, ulong size)
    {
        byte* bytes = Resolve(address, size);
        if (bytes == null)
        {
            return;
        }

        if (size < LargeClear)
        {
            Bootmem.Memory.Fill(bytes, 0, size);
            return;
        }

        byte* end = bytes + size;
        byte* firstPage = (byte*)(((nuint)bytes + (nuint)(HostPage - 1)) & ~(nuint)(HostPage - 1));
        byte* endPage = (byte*)((nuint)end & ~(nuint)(HostPage - 1));
        Bootmem.Memory.Fill(bytes, 0, (ulong)(firstPage - bytes));
        Bootmem.Memory.Fill(endPage, 0, (ulong)(end - endPage));
        if (Advise((nint)firstPage, (nuint)(endPage - firstPage), AdviseDontNeed) != 0)
        {
            Bootmem.Memory.Fill(firstPage, 0, (ulong)(endPage - firstPage));
        }
    }

    /// <summary>This memory as the allocator sees it.</summary>
    public Memory ToMemory() => new()
    {
        Context = (void*)GCHandle.ToIntPtr(_self),
        Resolve = &ResolveFor,
        Clear = &ClearFor,
    };

    /// <summary>
    /// Memory for bitmaps only, as the allocator sees it: each bitmap is backed when it is made, and nothing else is.
    /// </summary>
    public Memory ToLayoutMemory() => new()
    {
        Context = (void*)GCHandle.ToIntPtr(_self),
        Resolve = &BackFor,
    };

    /// <summary>Gives the host its memory back.</summary>
    public void Dispose()
    {
        foreach (Region region in _regions)
        {
            _ = Unmap((nint)region.Bytes, (nuint)region.Size);
        }

        _regions.Clear();
        if (_self.IsAllocated)
        {
            _self.Free();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the host its memory back.</summary>
    ~HostMemory() => Dispose();

    private static HostMemory Of(void* context) => (HostMemory)GCHandle.FromIntPtr((nint)context).Target!;

    private static byte* ResolveFor(void* context, ulong address, ulong size) => Of(context).Resolve(address, size);

    private static void ClearFor(void* context, ulong address, ulong size) => Of(context).Clear(address, size);

    private static byte* BackFor(void* context, ulong address, ulong size)
    {
        HostMemory memory = Of(context);
        memory.Back(address, size);
        return memory.Resolve(address, size);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    private readonly struct Region(ulong start, ulong size, byte* bytes)
    {
        public readonly ulong Start = start;
        public readonly ulong Size = size;
        public readonly byte* Bytes = bytes;
    }
}

/// <summary>The host cannot give the memory that a machine needs.</summary>
public sealed class HostMemoryException : Exception
{
    /// <summary>Without a message.</summary>
    public HostMemoryException()
    {
    }

    /// <summary>With a message for the user.</summary>
    /// <param name="message">What could not be had.</param>
    public HostMemoryException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the user and a cause.</summary>
    /// <param name="message">What could not be had.</param>
    /// <param name="innerException">Why.</param>
    public HostMemoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
