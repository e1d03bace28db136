namespace Bootmem;

// In place of src/Bootmem/VectorBits.cs: this processor's vectors are not used.
internal static unsafe class VectorBits
{
    public static int Gather(ref ulong bits, AddressRange* ranges, int count, ulong start, int pageShift) => 0;

    public static ulong CountEqual(ulong* words, ulong count, ulong value) => 0;

    public static ulong CountWithoutClearByte(ulong* words, ulong count) => 0;

    public static ulong ClearFull(ulong* words, ulong count) => 0;

    public static void Fetch(void* address)
    {
    }
}
