using System.IO;
using System.Text;

namespace Bootmem.Lab;

/// <summary>Strings and character literals, with the escapes of C.</summary>
internal static class DtsStrings
{
    /// <summary>Reads a string as text, for file names.</summary>
    public static string Read(DtsSource source, string what) => Encoding.UTF8.GetString(ReadBytes(source, what));

    /// <summary>Reads a string in quotes.</summary>
    public static byte[] ReadBytes(DtsSource source, string what)
    {
        if (source.Peek() != '"')
        {
            throw source.Error(what, "a string in quotes");
        }

        DtsPlace place = source.Here;
        source.Advance();
        using MemoryStream bytes = new();
        while (source.Peek() != '"')
        {
            if (source.Peek() == -1)
            {
                throw place.Error("string", "the end of the file", "a closing quote");
            }

            bytes.WriteByte(ReadByte(source));
        }

        source.Advance();
        return bytes.ToArray();
    }

    /// <summary>Reads a character literal, such as <c>'a'</c>.</summary>
    public static ulong ReadCharacter(DtsSource source)
    {
        source.Advance();
        if (source.Peek() is -1 or '\'' or '\n')
        {
            throw source.Error("character", "one character");
        }

        byte value = ReadByte(source);
        if (source.Peek() != '\'')
        {
            throw source.Error("character", "a closing quote after one byte");
        }

        source.Advance();

        // A char of C is signed on the machines that dtc was made for, and dtc widens it so.
        return (ulong)(sbyte)value;
    }

    private static byte ReadByte(DtsSource source)
    {
        int c = source.Peek();
        source.Advance();
        if (c != '\\')
        {
            return (byte)c;
        }

        c = source.Peek();
        if (c == -1)
        {
            throw source.Error("escape", "a character after the backslash");
        }

        if (c is >= '0' and <= '7')
        {
            return ReadOctal(source);
        }

        source.Advance();
        return c switch
        {
            'a' => (byte)'\a',
            'b' => (byte)'\b',
            't' => (byte)'\t',
            'n' => (byte)'\n',
            'v' => (byte)'\v',
            'f' => (byte)'\f',
            'r' => (byte)'\r',
            'x' => ReadHex(source),
            _ => (byte)c,
        };
    }

    private static byte ReadOctal(DtsSource source)
    {
        DtsPlace place = source.Here;
        int value = 0;
        for (int i = 0; i < 3 && source.Peek() is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + source.Peek() - '0';
            source.Advance();
        }

        return value <= byte.MaxValue
            ? (byte)value
            : throw place.Error("escape", $"{value} in octal digits", "at most \\377");
    }

    private static byte ReadHex(DtsSource source)
    {
        if (!DtsNames.IsHex(source.Peek()))
        {
            throw source.Error("escape", "a hex digit after \\x");
        }

        int value = 0;
        for (int i = 0; i < 2 && DtsNames.IsHex(source.Peek()); i++)
        {
            value = (value * 16) + DtsNames.HexValue(source.Peek());
            source.Advance();
        }

        return (byte)value;
    }
}
