using System;
using System.Runtime.InteropServices;

namespace Bootmem.Tests.Firmware;

/// <summary>
/// Bytes that end at the end of a page, with a page behind them that cannot be touched: reading one byte too many ends
/// the process. Room for many inputs of up to a size, one after another.
/// </summary>
internal sealed unsafe partial class GuardedBytes : IDisposable
{
    private const nuint PageBytes = 4096;
    private readonly byte* _start;
    private readonly nuint _room;

    public GuardedBytes(int most)
    {
        _room = ((nuint)most + PageBytes) & ~(PageBytes - 1);
        _start = (byte*)NativeMemory.AlignedAlloc(_room + PageBytes, PageBytes);
        if (OperatingSystem.IsLinux() && Protect(_start + _room, PageBytes, 0) != 0)
        {
            throw new InvalidOperationException("mprotect failed.");
        }
    }

    public byte* Put(ReadOnlySpan<byte> bytes)
    {
        byte* at = _start + _room - bytes.Length;
        bytes.CopyTo(new Span<byte>(at, bytes.Length));
        return at;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Protect(_start + _room, PageBytes, 3);
        }

        NativeMemory.AlignedFree(_start);
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* start, nuint bytes, int access);
}
