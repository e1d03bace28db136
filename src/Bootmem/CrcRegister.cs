namespace Bootmem;

/// <summary>
/// The CRC-32 of Ethernet and zip as what it is: the remainder of a polynomial over GF(2). So bytes that repeat are
/// computed, not walked, and parts that are known are put together. Remainders are reflected: x^0 is the highest bit.
/// </summary>
public unsafe struct CrcRegister
{
    private const uint Polynomial = 0xedb8_8320;

    /// <summary>x^0.</summary>
    public const uint One = 1U << 31;

    /// <summary>x^8: what a byte more multiplies what is before it by.</summary>
    public const uint Byte = 1U << 23;

    private uint _remainder;

    /// <summary>The register before any byte.</summary>
    public static CrcRegister Start => new() { _remainder = uint.MaxValue };

    /// <summary>The CRC-32 of what was appended.</summary>
    public readonly uint Value => ~_remainder;

    /// <summary>Appends bytes, one bit at a time: no table.</summary>
    /// <param name="bytes">The first one.</param>
    /// <param name="count">How many.</param>
    public void Append(byte* bytes, ulong count)
    {
        for (ulong i = 0; i < count; i++)
        {
            _remainder = Shift(_remainder ^ bytes[i], 8);
        }
    }

    /// <summary>Appends one byte many times; costs the logarithm of how many.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="count">How many.</param>
    public void Repeat(byte value, ulong count) =>
        Append(Multiply(Shift(value, 8), Sum(Byte, count)), Power(Byte, count));

    /// <summary>Appends what is known by its remainder.</summary>
    /// <param name="remainder">The remainder of its bytes alone, from a register of 0.</param>
    /// <param name="length">x to the power of its length in bits.</param>
    public void Append(uint remainder, uint length) => _remainder = Multiply(_remainder, length) ^ remainder;

    /// <summary>Appends what is known by its CRC-32.</summary>
    /// <param name="crc">Its CRC-32.</param>
    /// <param name="count">Its length in bytes.</param>
    public void AppendCrc(uint crc, ulong count) =>
        _remainder = Multiply(~_remainder, Power(Byte, count)) ^ ~crc;

    /// <summary>A remainder times x, so many times.</summary>
    /// <param name="remainder">The remainder.</param>
    /// <param name="bits">How many times.</param>
    public static uint Shift(uint remainder, int bits)
    {
        for (int i = 0; i < bits; i++)
        {
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? Polynomial : 0);
        }

        return remainder;
    }

    /// <summary>The product of two remainders.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (; a != 0; a <<= 1)
        {
            product ^= (a & One) != 0 ? b : 0;
            b = Shift(b, 1);
        }

        return product;
    }

    /// <summary>A remainder to a power.</summary>
    /// <param name="remainder">The remainder.</param>
    /// <param name="exponent">Any number.</param>
    public static uint Power(uint remainder, ulong exponent)
    {
        uint power = One;
        for (; exponent != 0; exponent >>= 1)
        {
            power = (exponent & 1) != 0 ? Multiply(power, remainder) : power;
            remainder = Multiply(remainder, remainder);
        }

        return power;
    }

    /// <summary>1 + r + r^2 + …, so many terms: what a message repeated is multiplied by.</summary>
    /// <param name="remainder">r.</param>
    /// <param name="terms">How many terms.</param>
    public static uint Sum(uint remainder, ulong terms)
    {
        // Of twice as many terms it is the sum times 1 + r^n; of one more, the sum times r, and 1.
        uint sum = 0;
        uint power = One;
        for (int bit = terms == 0 ? -1 : Bits.Log2(terms); bit >= 0; bit--)
        {
            sum = Multiply(sum, power) ^ sum;
            power = Multiply(power, power);
            if (((terms >> bit) & 1) != 0)
            {
                sum = Multiply(sum, remainder) ^ One;
                power = Multiply(power, remainder);
            }
        }

        return sum;
    }
}
