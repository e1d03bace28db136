using System;
using System.Runtime.InteropServices;

namespace Bootmem.Lab.Reference;

/// <summary>The numbers of a node, and its bitmap, one bit a page. Bits are looked at and changed one by one.</summary>
internal sealed unsafe class NaiveNode : IDisposable
{
    private byte* _map;
    private ulong _capacity;

    /// <summary>Frees memory that its owner forgot.</summary>
    ~NaiveNode() => FreeMemory();

    public ulong MapPfn { get; set; }

    public ulong BootStart { get; set; }

    public ulong LowPfn { get; set; }

    public ulong LastPos { get; set; }

    public ulong LastOffset { get; set; }

    public ulong LastSuccess { get; set; }

    public bool HasMap { get; set; }

    public bool IsListed { get; set; }

    public ulong BitCount { get; private set; }

    /// <summary>Forgets all but the memory.</summary>
    public void Reset()
    {
        MapPfn = BootStart = LowPfn = LastPos = LastOffset = LastSuccess = BitCount = 0;
        HasMap = IsListed = false;
    }

    /// <summary>A bitmap with every bit 1.</summary>
    public void MakeMap(ulong bytes)
    {
        MakeRoom(bytes);
        HasMap = true;
        for (ulong i = 0; i < bytes; i++)
        {
            _map[i] = 0xff;
        }
    }

    /// <summary>A bit beyond the map reads as 0.</summary>
    public bool IsSet(ulong index) => index < BitCount && (_map[index >> 3] & (1 << (int)(index & 7))) != 0;

    public void Set(ulong index) => _map[index >> 3] |= (byte)(1 << (int)(index & 7));

    public void Clear(ulong index) => _map[index >> 3] &= (byte)~(1 << (int)(index & 7));

    public bool Holds(ulong index) => index < BitCount;

    /// <summary>Takes over the state of another node.</summary>
    public void CopyFrom(NaiveNode other)
    {
        MapPfn = other.MapPfn;
        BootStart = other.BootStart;
        LowPfn = other.LowPfn;
        LastPos = other.LastPos;
        LastOffset = other.LastOffset;
        LastSuccess = other.LastSuccess;
        HasMap = other.HasMap;
        IsListed = other.IsListed;
        MakeRoom(other.BitCount >> 3);
        for (ulong i = 0; i < BitCount >> 3; i++)
        {
            _map[i] = other._map[i];
        }
    }

    /// <summary>Frees the bitmap.</summary>
    public void Dispose()
    {
        FreeMemory();
        GC.SuppressFinalize(this);
    }

    private void MakeRoom(ulong bytes)
    {
        if (_capacity < bytes)
        {
            FreeMemory();
            _map = (byte*)NativeMemory.Alloc((nuint)bytes);
            _capacity = bytes;
        }

        BitCount = bytes << 3;
    }

    private void FreeMemory()
    {
        NativeMemory.Free(_map);
        _map = null;
        _capacity = 0;
    }
}
