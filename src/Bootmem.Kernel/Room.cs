namespace Bootmem.Kernel;

/// <summary>Memory of the image, given out from front to back, before there is an allocator. It is clear.</summary>
internal unsafe struct Room
{
    private byte* _next;
    private readonly byte* _end;

    /// <summary>A piece of the image.</summary>
    public Room(byte* start, byte* end)
    {
        _next = start;
        _end = end;
    }

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => (int)((uint)_end - (uint)_next);

    /// <summary>Takes room for some of a kind.</summary>
    public T* Take<T>(int count)
        where T : unmanaged
    {
        uint size = (((uint)sizeof(T) * (uint)count) + 7) & ~7u;
        if (size > (uint)Left)
        {
            Panic.Halt("there is no room for the boot's tables"u8);
        }

        byte* taken = _next;
        _next += size;
        return (T*)taken;
    }

    /// <summary>Takes room that somebody may have written to, and clears it.</summary>
    public T* TakeClear<T>(int count)
        where T : unmanaged
    {
        T* taken = Take<T>(count);
        Memory.Fill((byte*)taken, 0, (uint)_next - (uint)taken);
        return taken;
    }

    /// <summary>A copy of some bytes.</summary>
    public byte* Copy(byte* bytes, int length)
    {
        byte* copy = Take<byte>(length);
        for (int i = 0; i < length; i++)
        {
            copy[i] = bytes[i];
        }

        return copy;
    }
}
