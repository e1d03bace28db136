namespace Bootmem;

/// <summary>Division by numbers that are no power of two: by shifts, as bare metal has no routine for it.</summary>
internal static class Division
{
    /// <summary>The quotient, rounded down.</summary>
    /// <param name="dividend">What is divided.</param>
    /// <param name="divisor">By what; not 0.</param>
    public static ulong Divide(ulong dividend, ulong divisor)
    {
        ulong quotient = 0;
        ulong rest = dividend;

        // From the greatest multiple divisor * 2^shift that does not overflow down to the divisor itself.
        for (int shift = 63 - Bits.Log2(divisor); shift >= 0; shift--)
        {
            ulong part = divisor << shift;
            if (part <= rest)
            {
                rest -= part;
                quotient |= 1UL << shift;
            }
        }

        return quotient;
    }
}
