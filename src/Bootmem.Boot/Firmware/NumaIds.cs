namespace Bootmem.Boot;

/// <summary>
/// The node numbers that the firmware uses. They may have gaps and come in any order; the allocator's nodes are
/// 0, 1, 2 …, in the order of the firmware's numbers.
/// </summary>
internal unsafe struct NumaIds
{
    /// <summary>The firmware's numbers are less than this: the kernel's MAX_NUMNODES at its greatest.</summary>
    public const int Limit = 1024;

    private fixed ulong _seen[Limit / 64];

    /// <summary>Notes a number less than <see cref="Limit"/>.</summary>
    public void Add(int id) => _seen[id >> 6] |= 1UL << (id & 63);

    /// <summary>How many different numbers less than this one there are.</summary>
    public readonly int CountBelow(int id)
    {
        int count = Bits.Count(id == Limit ? 0 : _seen[id >> 6] & ((1UL << (id & 63)) - 1));
        for (int word = (id >> 6) - 1; word >= 0; word--)
        {
            count += Bits.Count(_seen[word]);
        }

        return count;
    }

    /// <summary>Gives all banks the numbers of their nodes.</summary>
    /// <param name="info">Banks with the firmware's numbers.</param>
    public static void Number(ref BootInfo info)
    {
        NumaIds ids = default;
        for (int i = 0; i < info.BankCount; i++)
        {
            ids.Add(info.Banks[i].NumaId);
        }

        for (int i = 0; i < info.BankCount; i++)
        {
            info.Banks[i].Node = ids.CountBelow(info.Banks[i].NumaId);
        }

        info.NodeCount = ids.CountBelow(Limit);
    }
}
