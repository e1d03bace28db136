using System.Runtime.InteropServices;

namespace Bootmem.Lab.Reference;

/// <summary>The numbers of a node, and its bitmap, one bit a page. Bits are looked at and changed one by one.</summary>
internal sealed unsafe class NaiveNode
{
    private byte* _map;
    private ulong _capacity;

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
        BootStart = LowPfn = LastPos = LastOffset = LastSuccess = BitCount = 0;
        HasMap = IsListed = false;
    }

    /// <summary>A bitmap with every bit 1.</summary>
    public void MakeMap(ulong bytes)
    {
        if (_capacity < bytes)
        {
            FreeMemory();
            _map = (byte*)NativeMemory.Alloc((nuint)bytes);
            _capacity = bytes;
        }

        BitCount = bytes << 3;
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

    public void FreeMemory()
    {
        NativeMemory.Free(_map);
        _map = null;
        _capacity = 0;
    }
}
