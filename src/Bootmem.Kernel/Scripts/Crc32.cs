namespace Bootmem.Kernel;

/// <summary>The CRC of Ethernet and zip, by four bits at a time.</summary>
internal unsafe struct Crc32
{
    private fixed uint _table[16];

    /// <summary>What every checksum begins with.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Fills the table.</summary>
    public void Prepare()
    {
        const uint Polynomial = 0xedb8_8320;
        for (uint i = 0; i < 16; i++)
        {
            uint row = i;
            for (int bit = 0; bit < 4; bit++)
            {
                row = (row >> 1) ^ ((row & 1) != 0 ? Polynomial : 0);
            }

            _table[i] = row;
        }
    }

    /// <summary>The checksum of some bytes.</summary>
    public uint Of(byte* bytes, uint count) => ~Continue(Start, bytes, (int)count);

    /// <summary>Goes on with a checksum that is not turned over yet.</summary>
    public uint Continue(uint crc, byte* bytes, int count)
    {
        for (int i = 0; i < count; i++)
        {
            crc ^= bytes[i];
            crc = (crc >> 4) ^ _table[crc & 15];
            crc = (crc >> 4) ^ _table[crc & 15];
        }

        return crc;
    }
}
