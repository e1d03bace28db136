namespace Bootmem.Boot;

/// <summary>The tags of an ARM boot loader's list (the kernel's include/asm-arm/setup.h).</summary>
public enum Atag : uint
{
    /// <summary>The end.</summary>
    None = 0,

    /// <summary>The first one: flags, page size, root device; or nothing.</summary>
    Core = 0x5441_0001,

    /// <summary>A bank: size, start.</summary>
    Mem = 0x5441_0002,

    /// <summary>A text console.</summary>
    VideoText = 0x5441_0003,

    /// <summary>How a RAM disk is to be used.</summary>
    Ramdisk = 0x5441_0004,

    /// <summary>The INITRD: virtual start, size. Deprecated.</summary>
    Initrd = 0x5441_0005,

    /// <summary>The serial number: low word, high word.</summary>
    Serial = 0x5441_0006,

    /// <summary>The board's revision.</summary>
    Revision = 0x5441_0007,

    /// <summary>The command line.</summary>
    CommandLine = 0x5441_0009,

    /// <summary>The INITRD: physical start, size.</summary>
    Initrd2 = 0x5442_0005,
}

/// <summary>
/// Reads a machine from an ATAG list, as the kernel's parse_tags() of arch/arm/kernel/setup.c does (2.6.12): words in
/// little-endian order, each tag with its length in words and its kind first.
/// </summary>
public static unsafe class AtagReader
{
    // Bytes of a tag's length and kind.
    private const uint HeaderBytes = 8;

    /// <summary>Fills in what a list tells.</summary>
    /// <param name="bytes">The list's first byte; any alignment. What is filled in points into it.</param>
    /// <param name="length">How many bytes may be read; more than the list is fine.</param>
    /// <param name="info">The arrays to fill; on an error nothing in here has changed.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Whether the list could be read.</returns>
    public static bool TryRead(byte* bytes, ulong length, ref BootInfo info, out FirmwareError error)
    {
        error = default;
        BootInfo filled = info.Emptied();
        ulong offset = 0;
        while (true)
        {
            if (length - offset < HeaderBytes)
            {
                return error.Set(FirmwareErrorKind.TagListOpen, offset, length - offset);
            }

            uint words = Little32(bytes + offset);
            uint tag = Little32(bytes + offset + 4);
            if (offset == 0 && tag != (uint)Atag.Core)
            {
                return error.Set(FirmwareErrorKind.NoCoreTag, 4, tag, (uint)Atag.Core);
            }

            // The kernel ends at a length of 0, whatever the kind; some loaders write ATAG_NONE with a length of 2.
            if (offset != 0 && (words == 0 || tag == (uint)Atag.None))
            {
                break;
            }

            if (!CheckLength(tag, words, offset, length, ref error)
                || !Take((Atag)tag, words, bytes + offset, ref filled, offset, ref error))
            {
                return false;
            }

            offset += (ulong)words << 2;
        }

        NumaIds.Number(ref filled);
        info = filled;
        return true;
    }

    private static bool CheckLength(uint tag, uint words, ulong offset, ulong length, ref FirmwareError error)
    {
        uint least = LeastWords((Atag)tag);
        if (words < least)
        {
            return error.Set(FirmwareErrorKind.TagTooShort, offset, words, least);
        }

        return (ulong)words << 2 <= length - offset
            || error.Set(FirmwareErrorKind.TagOutside, offset, words, (length - offset) >> 2);
    }

    private static uint LeastWords(Atag tag) => tag switch
    {
        Atag.Mem or Atag.VideoText or Atag.Initrd or Atag.Initrd2 or Atag.Serial => 4,
        Atag.Ramdisk => 5,
        Atag.Revision => 3,
        _ => 2,
    };

    private static bool Take(
        Atag tag, uint words, byte* at, ref BootInfo info, ulong offset, ref FirmwareError error)
    {
        byte* body = at + HeaderBytes;
        switch (tag)
        {
            case Atag.Core or Atag.VideoText or Atag.Ramdisk:
                return true;
            case Atag.Mem:
                return info.TryAddBank(Little32(body + 4), Little32(body), 0)
                    || error.Set(FirmwareErrorKind.TooManyBanks, offset, 0, (ulong)info.BankCapacity);
            case Atag.Initrd or Atag.Initrd2:
                info.InitrdStart = Little32(body);
                info.InitrdSize = Little32(body + 4);
                info.IsInitrdVirtual = tag == Atag.Initrd;
                return true;
            case Atag.Serial:
                info.Serial = Little32(body) | ((ulong)Little32(body + 4) << 32);
                return true;
            case Atag.Revision:
                info.Revision = Little32(body);
                return true;
            case Atag.CommandLine:
                info.CommandLine = body;
                info.CommandLineLength = LengthOfText(body, ((ulong)words << 2) - HeaderBytes);
                return true;
            default:
                return Note((uint)tag, ref info, offset, ref error);
        }
    }

    private static bool Note(uint tag, ref BootInfo info, ulong offset, ref FirmwareError error)
    {
        if (info.UnknownTagCount >= info.UnknownTagCapacity)
        {
            return error.Set(FirmwareErrorKind.TooManyTags, offset, 0, (ulong)info.UnknownTagCapacity);
        }

        info.UnknownTags[info.UnknownTagCount++] = tag;
        return true;
    }

    // A text without a closing 0 ends with its tag.
    private static int LengthOfText(byte* text, ulong most)
    {
        int length = 0;
        while ((ulong)length < most && length < int.MaxValue && text[length] != 0)
        {
            length++;
        }

        return length;
    }

    private static uint Little32(byte* at) =>
        at[0] | ((uint)at[1] << 8) | ((uint)at[2] << 16) | ((uint)at[3] << 24);
}
