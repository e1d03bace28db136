using System;

namespace Bootmem.Boot;

/// <summary>The options of the command line that the boot of memory knows.</summary>
public enum BootOption : byte
{
    /// <summary>Not one of them.</summary>
    Other,

    /// <summary><c>mem=size[@start]</c>: a bank; the first one takes the place of what the firmware told.</summary>
    Mem,

    /// <summary><c>mem_bs=size[@start]</c>: the low memory of the private memory manager.</summary>
    PrivateMem,

    /// <summary><c>highmem_bs=size</c>: the high memory of the private memory manager.</summary>
    PrivateHighMem,

    /// <summary><c>highmem=size</c>: how much of the RAM is to be high memory.</summary>
    HighMem,

    /// <summary><c>initrd=start,size</c>: where the INITRD is.</summary>
    Initrd,

    /// <summary><c>hashdist=0|1</c>: hash tables are spread over the nodes, and so not taken from bootmem.</summary>
    HashDist,

    /// <summary><c>hashdist_bs=0|1</c>: the same, of the private memory manager.</summary>
    PrivateHashDist,

    /// <summary><c>dhash_entries=n</c>: entries of the dentry hash.</summary>
    DentryHash,

    /// <summary><c>ihash_entries=n</c>: entries of the inode hash.</summary>
    InodeHash,
}

/// <summary>
/// Walks the command line, option by option. Sizes are read as the kernel's memparse() does: decimal, 0x-hex or
/// 0-octal, with K, M or G behind.
/// </summary>
public unsafe ref struct CommandLine
{
    // A tenth of the greatest number of 64 bits.
    private const ulong MostTenths = 0x1999_9999_9999_9999;

    private readonly ReadOnlySpan<byte> _text;
    private int _next;

    /// <summary>The option that was found last.</summary>
    public BootOption Option { get; private set; }

    /// <summary>Where in the line its value begins.</summary>
    public int ValueIndex { get; private set; }

    /// <summary>Its first number.</summary>
    public ulong First { get; private set; }

    /// <summary>Its second number, behind <c>@</c> or a comma.</summary>
    public ulong Second { get; private set; }

    /// <summary>Whether there is a second number.</summary>
    public bool HasSecond { get; private set; }

    /// <summary>A command line.</summary>
    /// <param name="text">Its text, without a closing 0.</param>
    public CommandLine(ReadOnlySpan<byte> text)
    {
        this = default;
        _text = text;
    }

    /// <summary>The command line that the firmware gave.</summary>
    /// <param name="info">What the firmware told.</param>
    public static CommandLine Of(in BootInfo info) =>
        new(new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength));

    /// <summary>Finds the next option that is known.</summary>
    /// <param name="error">What is wrong with it, if something is.</param>
    /// <returns>Whether there is one; false also where one is wrong.</returns>
    public bool Next(ref BootError error)
    {
        while (_next < _text.Length)
        {
            int start = _next;
            while (_next < _text.Length && _text[_next] != ' ')
            {
                _next++;
            }

            ReadOnlySpan<byte> word = _text[start.._next];
            _next++;
            Option = Match(word, out int nameLength);
            if (Option != BootOption.Other)
            {
                ValueIndex = start + nameLength;
                return ReadNumbers(word[nameLength..], ref error);
            }
        }

        Option = BootOption.Other;
        return false;
    }

    private bool ReadNumbers(ReadOnlySpan<byte> value, ref BootError error)
    {
        byte separator = Option == BootOption.Initrd ? (byte)',' : (byte)'@';
        bool wantsSecond = Option == BootOption.Initrd;
        bool allowsSecond = wantsSecond || Option is BootOption.Mem or BootOption.PrivateMem;
        HasSecond = false;
        Second = 0;
        int index = 0;
        if (!ReadSize(value, ref index, out ulong first))
        {
            return error.Set(BootErrorKind.BadOption, ValueIndex + index);
        }

        First = first;
        if (index < value.Length && value[index] == separator && allowsSecond)
        {
            index++;
            if (!ReadSize(value, ref index, out ulong second))
            {
                return error.Set(BootErrorKind.BadOption, ValueIndex + index);
            }

            Second = second;
            HasSecond = true;
        }

        bool isWhole = index == value.Length && (HasSecond || !wantsSecond);
        return isWhole || error.Set(BootErrorKind.BadOption, ValueIndex + index);
    }

    private static BootOption Match(ReadOnlySpan<byte> word, out int length)
    {
        for (BootOption option = BootOption.Mem; option <= BootOption.InodeHash; option++)
        {
            ReadOnlySpan<byte> name = NameOf(option);
            if (Ascii.StartsWith(word, name))
            {
                length = name.Length;
                return option;
            }
        }

        length = 0;
        return BootOption.Other;
    }

    private static ReadOnlySpan<byte> NameOf(BootOption option) => option switch
    {
        BootOption.Mem => "mem="u8,
        BootOption.PrivateMem => "mem_bs="u8,
        BootOption.PrivateHighMem => "highmem_bs="u8,
        BootOption.HighMem => "highmem="u8,
        BootOption.Initrd => "initrd="u8,
        BootOption.HashDist => "hashdist="u8,
        BootOption.PrivateHashDist => "hashdist_bs="u8,
        BootOption.DentryHash => "dhash_entries="u8,
        _ => "ihash_entries="u8,
    };

    // memparse(), but a number that is none, or does not fit into 64 bits, is refused.
    private static bool ReadSize(ReadOnlySpan<byte> text, ref int index, out ulong size)
    {
        int shiftOrTen = 10;
        size = 0;
        if (index < text.Length && text[index] == '0')
        {
            bool isHex = index + 1 < text.Length && (text[index + 1] | 0x20) == 'x';
            shiftOrTen = isHex ? 4 : 3;
            index += isHex ? 2 : 0;
        }

        int first = index;
        ulong radix = shiftOrTen == 10 ? 10UL : 1UL << shiftOrTen;
        ulong most = shiftOrTen == 10 ? MostTenths : ulong.MaxValue >> shiftOrTen;
        for (; index < text.Length; index++)
        {
            uint digit = DigitOf(text[index]);
            if (digit >= radix)
            {
                break;
            }

            ulong larger = (size * radix) + digit;
            if (size > most || larger < digit)
            {
                return false;
            }

            size = larger;
        }

        if (index == first)
        {
            return false;
        }

        int shift = index < text.Length ? ShiftOf(text[index]) : 0;
        index += shift == 0 ? 0 : 1;
        bool fits = shift == 0 || size >> (64 - shift) == 0;
        size <<= shift;
        return fits;
    }

    private static uint DigitOf(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(character - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(character - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(character - 'A' + 10),
        _ => 255,
    };

    private static int ShiftOf(byte suffix) => suffix switch
    {
        (byte)'K' or (byte)'k' => 10,
        (byte)'M' or (byte)'m' => 20,
        (byte)'G' or (byte)'g' => 30,
        _ => 0,
    };
}
