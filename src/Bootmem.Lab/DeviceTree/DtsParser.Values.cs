using System.IO;

namespace Bootmem.Lab;

/// <content>The values of properties.</content>
internal sealed partial class DtsParser
{
    private void ParseValue(DtsProperty property)
    {
        using MemoryStream value = new();
        do
        {
            ParseLabels(property);
            ParsePart(property, value);
            ParseLabels(property);
        }
        while (_source.TryTake(","));
        property.Value = value.ToArray();
    }

    private void ParsePart(DtsProperty property, MemoryStream value)
    {
        _source.SkipBlanks();
        switch (_source.Peek())
        {
            case '"':
                Append(value, DtsStrings.ReadBytes(_source, "value"));
                Append(value, [0]);
                break;
            case '<':
                ParseCells(property, value, 32);
                break;
            case '[':
                ParseBytes(property, value);
                break;
            case '&':
                Refer(property, value, true);
                break;
            case '/' when _source.TryTake("/bits/"):
                ParseCells(property, value, ParseBits());
                break;
            case '/' when _source.TryTake("/incbin/"):
                Append(value, ParseBinary());
                break;
            default:
                throw _source.Error(
                    $"property '{property.Name}'", "a string, '<', '[', '&', /bits/ or /incbin/");
        }
    }

    private int ParseBits()
    {
        _source.SkipBlanks();
        DtsPlace place = _source.Here;
        ulong bits = ParseNumber("/bits/");
        return bits is 8 or 16 or 32 or 64
            ? (int)bits
            : throw place.Error("/bits/", $"{bits}", "8, 16, 32 or 64");
    }

    private void ParseCells(DtsProperty property, MemoryStream value, int bits)
    {
        _source.Take("<", "/bits/");
        while (true)
        {
            ParseLabels(property);
            if (_source.TryTake(">"))
            {
                return;
            }

            DtsPlace place = _source.Here;
            if (_source.Peek() == '&')
            {
                if (bits != 32)
                {
                    throw place.Error("cells", "a reference", "numbers: only cells of 32 bits hold references");
                }

                Refer(property, value, false);
                continue;
            }

            ulong number = ParseNumber("cells");
            ulong high = bits == 64 ? 0 : ulong.MaxValue << bits;
            if ((number & high) != 0 && (number & high) != high)
            {
                throw place.Error("cells", $"0x{number:x}", $"a number of {bits} bits");
            }

            byte[] bytes = new byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            Append(value, bytes[(8 - (bits / 8))..]);
        }
    }

    private void ParseBytes(DtsProperty property, MemoryStream value)
    {
        _source.Advance();
        while (true)
        {
            ParseLabels(property);
            if (_source.TryTake("]"))
            {
                return;
            }

            if (!DtsNames.IsHex(_source.Peek()) || !DtsNames.IsHex(_source.Peek(1)))
            {
                throw _source.Error("bytes", "two hex digits for each byte, or ']'");
            }

            Append(value, [(byte)((DtsNames.HexValue(_source.Peek()) * 16) + DtsNames.HexValue(_source.Peek(1)))]);
            _source.Advance(2);
        }
    }

    private void Refer(DtsProperty property, MemoryStream value, bool isPath)
    {
        DtsPlace place = _source.Here;
        if (++_references > DtsLimits.References)
        {
            throw place.Error("reference", "one reference more", $"at most {DtsLimits.References}");
        }

        property.References.Add(new DtsReference(TakeReference(), (int)value.Length, isPath, place));
        if (!isPath)
        {
            Append(value, [0xff, 0xff, 0xff, 0xff]);
        }
    }

    private byte[] ParseBinary()
    {
        _source.Take("(", "/incbin/");
        _source.SkipBlanks();
        DtsPlace place = _source.Here;
        byte[] bytes = _source.ReadBinary(DtsStrings.Read(_source, "/incbin/"), place, "/incbin/");
        ulong offset = 0;
        ulong length = (ulong)bytes.Length;
        if (_source.TryTake(","))
        {
            offset = ParseNumber("/incbin/");
            _source.Take(",", "/incbin/");
            length = ParseNumber("/incbin/");
            if (offset > (ulong)bytes.Length || length > (ulong)bytes.Length - offset)
            {
                throw place.Error(
                    "/incbin/", $"{length} bytes from {offset} on", $"a part of the file's {bytes.Length} bytes");
            }
        }

        _source.Take(")", "/incbin/");
        return bytes[(int)offset..(int)(offset + length)];
    }

    private void ParseLabels(DtsProperty property)
    {
        while (true)
        {
            _source.SkipBlanks();
            if (!_source.IsAtLabel())
            {
                return;
            }

            DtsPlace place = _source.Here;
            _tree.AddLabel(_source.TakeWord(DtsNames.IsLabelPart), property, place);
            _source.Advance();
        }
    }

    private void Append(MemoryStream value, byte[] bytes)
    {
        _bytes += bytes.Length;
        if (_bytes > DtsLimits.OutputBytes)
        {
            throw _source.Error("values", $"at most {DtsLimits.OutputBytes} bytes in all");
        }

        value.Write(bytes);
    }
}
