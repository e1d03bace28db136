using System;

namespace Bootmem.Kernel;

/// <summary>How the image is to run: a word that whoever starts it may write.</summary>
[Flags]
internal enum ImageFlags : uint
{
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

    /// <summary>A call of bootmem that is BUG() is made during the boot.</summary>
    Bug = 32,

    /// <summary>A call of bootmem that is panic() is made during the boot.</summary>
    Panic = 64,
}

/// <summary>The words behind the image's magic (Entry/entry.S), in their order there. Addresses are virtual.</summary>
internal unsafe struct ImageHeader
{
    /// <summary>"BTMM".</summary>
    public uint Magic;

    /// <summary>Which kernel: a <see cref="KernelVersion"/>.</summary>
    public uint Version;

    /// <summary>How it is to run.</summary>
    public ImageFlags Flags;

    /// <summary>How many bytes of <see cref="Appended"/> there are.</summary>
    public uint AppendedLength;

    /// <summary>_stext.</summary>
    public uint Start;

    /// <summary>_end.</summary>
    public uint End;

    /// <summary>__init_begin.</summary>
    public uint InitBegin;

    /// <summary>__init_end.</summary>
    public uint InitEnd;

    /// <summary>_text.</summary>
    public uint TextStart;

    /// <summary>_etext.</summary>
    public uint TextEnd;

    /// <summary>_sdata.</summary>
    public uint DataStart;

    /// <summary>Put behind the machine's command line, after a space.</summary>
    public byte* Appended;

    /// <summary>Memory for what only the boot needs: in the init section.</summary>
    public byte* InitRoom;

    /// <summary>Its end.</summary>
    public byte* InitRoomEnd;

    /// <summary>Memory for what stays.</summary>
    public byte* Room;

    /// <summary>Its end.</summary>
    public byte* RoomEnd;

    /// <summary>The page directory, 16 KiB below the image.</summary>
    public uint* PageDirectory;

    /// <summary>The exception vectors, to be copied.</summary>
    public byte* Vectors;

    /// <summary>Their end.</summary>
    public byte* VectorsEnd;
}
