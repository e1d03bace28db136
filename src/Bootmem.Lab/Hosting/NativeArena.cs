using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Bootmem.Lab;

/// <summary>Memory outside the garbage collector's heap, cleared, that goes all at once.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private readonly List<nint> _blocks = [];

    /// <summary>Room for a number of values.</summary>
    public T* Take<T>(int count)
        where T : unmanaged
    {
        void* block = NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));
        _blocks.Add((nint)block);
        return (T*)block;
    }

    /// <summary>A copy of some bytes; of none, one byte of room.</summary>
    public byte* Copy(ReadOnlySpan<byte> bytes)
    {
        byte* copy = Take<byte>(Math.Max(bytes.Length, 1));
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }
}
