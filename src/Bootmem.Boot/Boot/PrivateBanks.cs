namespace Bootmem.Boot;

/// <summary>
/// The banks of the article's set-up: the range that the device tree keeps for the private memory manager, low memory
/// and high memory, in the place of the machine's own banks.
/// </summary>
internal static unsafe class PrivateBanks
{
    public static bool Make(ref BootInfo info, KernelWord word, ref BootError error)
    {
        ref PrivateMemory own = ref info.Private;
        ulong rangeStart = own.Start;
        CommandLine line = CommandLine.Of(info);
        while (line.Next(ref error))
        {
            if (line.Option == BootOption.PrivateMem)
            {
                own.DmaSize = line.First < own.DmaSize ? line.First : own.DmaSize;
                own.NormalSize = line.First - own.DmaSize;
                own.Start = line.HasSecond ? line.Second : own.Start;
            }
            else if (line.Option == BootOption.PrivateHighMem)
            {
                own.HighSize = line.First;
            }
        }

        if (error.Kind != BootErrorKind.None)
        {
            return false;
        }

        ulong low = own.DmaSize + own.NormalSize;
        ulong all = low + own.HighSize;
        ulong pageBits = (own.Start | own.DmaSize | own.NormalSize | own.HighSize) & (word.PageSize - 1);
        bool wraps = low < own.DmaSize || all < low;
        ulong skipped = own.Start - rangeStart;
        bool isInside = !wraps && skipped <= own.Size && all <= own.Size - skipped;
        if (!isInside || low == 0 || pageBits != 0)
        {
            return error.Set(BootErrorKind.ZonesDoNotFit, 0, all, own.Size);
        }

        int count = own.HighSize == 0 ? 1 : 2;
        if (count > info.BankCapacity)
        {
            return error.Set(BootErrorKind.TooManyBanks, 0, 0, (ulong)info.BankCapacity);
        }

        info.Banks[0] = new Bank { Start = own.Start, Size = low };
        if (count == 2)
        {
            info.Banks[1] = new Bank { Start = own.Start + low, Size = own.HighSize };
        }

        info.BankCount = count;
        return true;
    }
}
