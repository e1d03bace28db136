namespace Bootmem;

/// <summary>Division without the processor's: bare metal has none to spare, and no hot path divides.</summary>
public static class Division
{
    /// <summary>The quotient, rounded down, by shifting and subtracting.</summary>
    /// <param name="dividend">What is divided.</param>
    /// <param name="divisor">What it is divided by; 0 gives the greatest number.</param>
    public static ulong Divide(ulong dividend, ulong divisor)
    {
        if (divisor == 0)
        {
            return ulong.MaxValue;
        }

        ulong quotient = 0;
        int shift = Bits.Log2(dividend) - Bits.Log2(divisor);
        while (shift >= 0)
        {
            if (dividend >> shift >= divisor)
            {
                dividend -= divisor << shift;
                quotient |= 1UL << shift;
            }

            shift--;
        }

        return quotient;
    }

    /// <summary>The square root, rounded down: int_sqrt() of lib/int_sqrt.c.</summary>
    /// <param name="number">Any number.</param>
    public static ulong SquareRoot(ulong number)
    {
        ulong rest = number;
        ulong root = 0;
        ulong bit = 1UL << (Bits.Log2(number) & ~1);
        while (bit != 0)
        {
            if (rest >= root + bit)
            {
                rest -= root + bit;
                root = (root >> 1) + bit;
            }
            else
            {
                root >>= 1;
            }

            bit >>= 2;
        }

        return root;
    }
}
