using System;

namespace Bootmem.Boot;

/// <summary>Walks a command line word by word, and reads numbers as the kernel's memparse() does: leniently.</summary>
internal unsafe ref struct OptionWords
{
    private readonly ReadOnlySpan<byte> _text;
    private int _next;

    /// <summary>The word.</summary>
    public ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>Where in the line it begins.</summary>
    public int Index { get; private set; }

    /// <summary>The command line that the firmware gave.</summary>
    public OptionWords(in BootInfo info)
    {
        this = default;
        _text = new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength);
    }

    /// <summary>Goes to the next word.</summary>
    public bool Next()
    {
        while (_next < _text.Length && _text[_next] == ' ')
        {
            _next++;
        }

        Index = _next;
        while (_next < _text.Length && _text[_next] != ' ')
        {
            _next++;
        }

        Word = _text[Index.._next];
        return Index < _next;
    }

    /// <summary>Whether the word is an option, and what stands behind its name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        bool isIt = Ascii.StartsWith(Word, name);
        value = isIt ? Word[name.Length..] : default;
        return isIt;
    }

    /// <summary>A number such as 64M, 0x1000 or 010, and what stands behind it. Without a digit it is 0, as in the
    /// kernel.</summary>
    public static ulong Number(ref ReadOnlySpan<byte> text)
    {
        int index = 0;
        bool hasZero = text.Length > 1 && text[0] == '0';
        bool isHex = hasZero && (text[1] | 0x20) == 'x';
        ulong radix = isHex ? 16UL : hasZero ? 8UL : 10UL;
        index = isHex ? 2 : 0;
        ulong number = 0;
        for (; index < text.Length && DigitOf(text[index]) < radix; index++)
        {
            number = (number * radix) + DigitOf(text[index]);
        }

        int shift = index >= text.Length ? 0 : (text[index] | 0x20) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            _ => 0,
        };
        text = text[(shift == 0 ? index : index + 1)..];
        return number << shift;
    }

    private static uint DigitOf(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(character - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(character - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(character - 'A' + 10),
        _ => 255,
    };
}
