namespace Bootmem.Boot;

/// <summary>
/// From what the firmware told to banks that can be booted: the kernel's <c>meminfo</c>, sorted by address, without
/// overlap, each in a node.
/// </summary>
internal static unsafe class BankTable
{
    /// <summary>Whether a bank reaches beyond 4 GiB, so that 32 bits cannot say its addresses.</summary>
    public static bool ReachesBeyond4GiB(in BootInfo info)
    {
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            if (bank.Start + bank.Size > 1UL << 32 || bank.Start + bank.Size < bank.Start)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The <c>mem=</c> options: the first one clears what the firmware told, each adds a bank (parse_tag_mem32() and
    /// early_mem() of arch/arm). A bank belongs to the node that the firmware had at its start.
    /// </summary>
    public static bool ApplyMemOptions(ref BootInfo info, ulong physOffset, ref BootError error)
    {
        // What the firmware told is overwritten from the front while nodes are still looked up in it: so the new banks
        // are put behind, and moved to the front when all are read.
        int told = info.BankCount;
        int next = told;
        CommandLine line = CommandLine.Of(info);
        while (line.Next(ref error))
        {
            if (line.Option != BootOption.Mem)
            {
                continue;
            }

            if (next == info.BankCapacity)
            {
                return error.Set(BootErrorKind.TooManyBanks, line.ValueIndex, 0, (ulong)(info.BankCapacity - told));
            }

            ulong start = line.HasSecond ? line.Second : physOffset;
            info.Banks[next++] = new Bank { Start = start, Size = line.First, Node = NodeAt(info, told, start) };
        }

        if (error.Kind != BootErrorKind.None)
        {
            return false;
        }

        if (next != told)
        {
            info.BankCount = next - told;
            for (int i = 0; i < info.BankCount; i++)
            {
                info.Banks[i] = info.Banks[told + i];
            }
        }

        return true;
    }

    /// <summary>Sorts the banks by address, empty ones last, and refuses what cannot be.</summary>
    public static bool SortAndCheck(ref BootInfo info, KernelWord word, int nodeCapacity, ref BootError error)
    {
        Sort(info.Banks, info.BankCount);
        ulong end = 0;
        bool hasPage = false;
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            if (bank.Size == 0)
            {
                continue;
            }

            // Page numbers of 32-bit machines do not wrap at 4 GiB; an end of exactly 2^64 would wrap to 0.
            ulong last = bank.Start + bank.Size - 1;
            if (last < bank.Start || last > word.Max || last == ulong.MaxValue)
            {
                return error.Set(BootErrorKind.BankBeyondAddresses, i, bank.Start, word.Max);
            }

            if (bank.Start < end)
            {
                return error.Set(BootErrorKind.BanksOverlap, i, bank.Start, end);
            }

            if ((uint)bank.Node >= (uint)nodeCapacity)
            {
                return error.Set(BootErrorKind.TooManyNodes, i, (ulong)(uint)bank.Node, (ulong)nodeCapacity);
            }

            end = last + 1;
            hasPage |= FirstPfn(bank, word) < EndPfn(bank, word);
        }

        return hasPage || error.Set(BootErrorKind.NoMemory, 0);
    }

    /// <summary>The bank's first whole page.</summary>
    public static ulong FirstPfn(in Bank bank, KernelWord word)
    {
        // Not rounded up before the shift: at the top of 64 bits that would wrap to page 0.
        ulong pfn = bank.Start >> word.PageShift;
        return (bank.Start & (word.PageSize - 1)) == 0 ? pfn : pfn + 1;
    }

    /// <summary>The page behind the bank's last whole one.</summary>
    public static ulong EndPfn(in Bank bank, KernelWord word) => (bank.Start + bank.Size) >> word.PageShift;

    /// <summary>Whether a range lies in one bank, or in several that touch.</summary>
    public static bool Holds(in BootInfo info, ulong start, ulong size)
    {
        ulong end = start + size;
        for (int i = 0; i < info.BankCount && end > start; i++)
        {
            Bank bank = info.Banks[i];
            if (bank.Start <= start && start - bank.Start < bank.Size)
            {
                // Banks are sorted: what is left must begin in the next one.
                ulong left = bank.Size - (start - bank.Start);
                if (end - start <= left)
                {
                    return true;
                }

                start += left;
            }
        }

        return false;
    }

    /// <summary>The node of a physical address, as the banks say; -1 if it lies in none.</summary>
    public static int NodeOf(in BootInfo info, ulong address)
    {
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            if (bank.Start <= address && address - bank.Start < bank.Size)
            {
                return bank.Node;
            }
        }

        return -1;
    }

    private static int NodeAt(in BootInfo info, int bankCount, ulong start)
    {
        for (int i = 0; i < bankCount; i++)
        {
            Bank bank = info.Banks[i];
            if (bank.Start <= start && start - bank.Start < bank.Size)
            {
                return bank.Node;
            }
        }

        return 0;
    }

    // Insertion sort, stable: firmware tells its banks in order but for a few. Empty banks go last, wherever they
    // begin: no empty bank stands between two that touch.
    private static void Sort(Bank* banks, int count)
    {
        for (int i = 1; i < count; i++)
        {
            Bank bank = banks[i];
            int j = i;
            for (; j > 0 && IsBehind(banks[j - 1], bank); j--)
            {
                banks[j] = banks[j - 1];
            }

            banks[j] = bank;
        }
    }

    private static bool IsBehind(in Bank bank, in Bank other) =>
        other.Size != 0 && (bank.Size == 0 || bank.Start > other.Start);
}
