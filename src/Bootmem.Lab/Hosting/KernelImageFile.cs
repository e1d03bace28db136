using System;
using System.Buffers.Binary;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>How a bare-metal image is to run.</summary>
[Flags]
public enum KernelImageFlags
{
    /// <summary>It boots, and shows a prompt.</summary>
    None = 0,

    /// <summary>The built-in tests run at their stages.</summary>
    Initcalls = 1,

    /// <summary>The CRC-32 of every bitmap is printed at four points.</summary>
    Checksums = 2,

    /// <summary>All tests run after the boot; then the board goes off.</summary>
    Test = 4,

    /// <summary>The board goes off after the boot: no prompt.</summary>
    PowerOff = 8,

    /// <summary>First of all, what the boot loader left is printed as hex.</summary>
    ShowTags = 16,

    /// <summary>A call of bootmem that is BUG() is made during the boot: a page is freed twice.</summary>
    Bug = 32,

    /// <summary>A call of bootmem that is panic() is made during the boot: more is asked for than there is.</summary>
    Panic = 64,
}

/// <summary>
/// The image that boots on bare metal. Some of its words, at fixed places behind the zImage magic, tell where it lies
/// and how it is to run: src/Bootmem.Kernel/Entry/entry.S.
/// </summary>
public sealed class KernelImageFile
{
    /// <summary>The most bytes that can be put behind a machine's command line.</summary>
    public const int MaxAppended = 1024;

    private const int MaxSize = 64 << 20;
    private const int MagicOffset = 0x30;
    private const uint Magic = 0x4d4d5442; // "BTMM"
    private const int VersionOffset = 0x34;
    private const int FlagsOffset = 0x38;
    private const int AppendedLengthOffset = 0x3c;
    private const int RangesOffset = 0x40;
    private const int AppendedOffset = 0x7c;

    private readonly byte[] _bytes;

    private KernelImageFile(byte[] bytes) => _bytes = bytes;

    /// <summary>Where the image lies, and its sections. Virtual addresses.</summary>
    public KernelImage Ranges => new()
    {
        All = Range(0, 1),
        Init = Range(2, 3),
        Text = Range(4, 5),
        Data = Range(6, 1),
    };

    /// <summary>Reads an image.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="MachineFileException">The file cannot be read, or is none.</exception>
    public static KernelImageFile Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            byte[] bytes = BoundedFile.Read(path, MaxSize);
            return bytes.Length >= AppendedOffset + MaxAppended && Word(bytes, MagicOffset) == Magic
                ? new KernelImageFile(bytes)
                : throw new MachineFileException(
                    "found another kind of file, expected an image that bears BTMM at 0x30");
        }
        catch (MachineFileException e)
        {
            throw new MachineFileException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The image's bytes with the words that say how it is to run.</summary>
    /// <param name="version">Which kernel.</param>
    /// <param name="flags">How it is to run.</param>
    /// <param name="appended">Put behind the machine's command line, after a space; at most
    /// <see cref="MaxAppended"/> bytes.</param>
    /// <exception cref="MachineException">The text is too long.</exception>
    public byte[] ToRun(KernelVersion version, KernelImageFlags flags, string appended)
    {
        byte[] text = Encoding.UTF8.GetBytes(appended);
        if (text.Length > MaxAppended)
        {
            throw new MachineException(
                $"found {text.Length} bytes to append to the command line, expected at most {MaxAppended}");
        }

        byte[] bytes = (byte[])_bytes.Clone();
        SetWord(bytes, VersionOffset, (uint)version);
        SetWord(bytes, FlagsOffset, (uint)flags);
        SetWord(bytes, AppendedLengthOffset, (uint)text.Length);
        text.CopyTo(bytes, AppendedOffset);
        return bytes;
    }

    private static uint Word(byte[] bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private static void SetWord(byte[] bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private ImageRange Range(int start, int end)
    {
        uint from = Word(_bytes, RangesOffset + (start << 2));
        return new ImageRange { Start = from, Size = Word(_bytes, RangesOffset + (end << 2)) - from };
    }
}
