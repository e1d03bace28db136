using System;

namespace Bootmem.Boot;

/// <summary>
/// A flattened device tree: versions 16 and 17, and later ones that readers of version 17 can read. It is read straight
/// from the bytes, which may come from anyone: <see cref="TryOpen"/> checks the whole of it once, in time that grows
/// with its size only, and what it lets pass can be walked without another error.
/// </summary>
public unsafe partial struct FdtBlob
{
    /// <summary>The first four bytes, big-endian.</summary>
    public const uint Magic = 0xd00d_feed;

    /// <summary>The oldest version that is read.</summary>
    public const uint FirstVersion = 16;

    /// <summary>The version that this reader knows.</summary>
    public const uint KnownVersion = 17;

    /// <summary>The greatest size in bytes: 64 MiB.</summary>
    public const uint MaxSize = 64u << 20;

    /// <summary>The greatest depth of a node; the root's is 1.</summary>
    public const int MaxDepth = 64;

    /// <summary>The greatest length in bytes of a node's or a property's name.</summary>
    public const int MaxNameLength = 255;

    // Bytes of the header: version 16 has no size of the structure block.
    private const uint Header16 = 36;
    private const uint Header17 = 40;

    /// <summary>The first byte.</summary>
    public byte* Bytes;

    /// <summary>The size in bytes, as the header says.</summary>
    public uint Size;

    /// <summary>The version.</summary>
    public uint Version;

    /// <summary>The oldest version whose readers can read it.</summary>
    public uint LastCompatibleVersion;

    /// <summary>The physical number of the processor that boots.</summary>
    public uint BootCpu;

    /// <summary>Offset of the reserve map in bytes.</summary>
    public uint ReserveMap;

    /// <summary>How many entries it has, without the closing one.</summary>
    public uint ReserveCount;

    /// <summary>Offset of the structure block in bytes.</summary>
    public uint Structure;

    /// <summary>Offset of its end.</summary>
    public uint StructureEnd;

    /// <summary>Offset of the strings block in bytes.</summary>
    public uint Strings;

    /// <summary>Offset of its end.</summary>
    public uint StringsEnd;

    /// <summary>Opens a blob and checks all of it.</summary>
    /// <param name="bytes">Its first byte; any alignment. The blob reads from there as long as it lives.</param>
    /// <param name="length">How many bytes may be read; more than the blob is fine.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Whether the blob is well formed.</returns>
    public static bool TryOpen(byte* bytes, ulong length, out FdtBlob blob, out FirmwareError error)
    {
        blob = default;
        error = default;
        FdtBlob opened = default;
        opened.Bytes = bytes;
        if (!opened.ReadHeader(length, ref error) || !opened.CheckReserveMap(ref error))
        {
            return false;
        }

        FdtWalk walk = FdtWalk.All(in opened);
        while (walk.Next(ref error))
        {
        }

        if (error.IsSet)
        {
            return false;
        }

        blob = opened;
        return true;
    }

    /// <summary>Reads an entry of the reserve map.</summary>
    /// <param name="index">Which: 0 .. <see cref="ReserveCount"/> - 1.</param>
    /// <param name="start">Physical address of its first byte.</param>
    /// <param name="size">Its size in bytes.</param>
    public readonly void ReadReserve(uint index, out ulong start, out ulong size)
    {
        uint offset = ReserveMap + (index << 4);
        start = Big64(Bytes + offset);
        size = Big64(Bytes + offset + 8);
    }

    /// <summary>Reads four bytes, big-endian.</summary>
    /// <param name="at">The first one; any alignment.</param>
    public static uint Big32(byte* at) => ((uint)at[0] << 24) | ((uint)at[1] << 16) | ((uint)at[2] << 8) | at[3];

    /// <summary>Reads eight bytes, big-endian.</summary>
    /// <param name="at">The first one; any alignment.</param>
    public static ulong Big64(byte* at) => ((ulong)Big32(at) << 32) | Big32(at + 4);

    private bool ReadHeader(ulong length, ref FirmwareError error)
    {
        if (length < Header16)
        {
            return error.Set(FirmwareErrorKind.DataTooShort, 0, length, Header16);
        }

        if (Big32(Bytes) != Magic)
        {
            return error.Set(FirmwareErrorKind.BadMagic, 0, Big32(Bytes), Magic);
        }

        Size = Big32(Bytes + 4);
        Version = Big32(Bytes + 20);
        LastCompatibleVersion = Big32(Bytes + 24);
        BootCpu = Big32(Bytes + 28);
        if (!CheckVersions(ref error))
        {
            return false;
        }

        if (Size > length)
        {
            return error.Set(FirmwareErrorKind.SizeBeyondData, 4, Size, length);
        }

        if (Size > MaxSize)
        {
            return error.Set(FirmwareErrorKind.BlobTooLarge, 4, Size, MaxSize);
        }

        uint header = Version == FirstVersion ? Header16 : Header17;
        return Size < header
            ? error.Set(FirmwareErrorKind.DataTooShort, 4, Size, header)
            : ReadBlocks(ref error);
    }

    private readonly bool CheckVersions(ref FirmwareError error)
    {
        if (Version < FirstVersion)
        {
            return error.Set(FirmwareErrorKind.VersionTooOld, 20, Version, FirstVersion);
        }

        if (LastCompatibleVersion > KnownVersion)
        {
            return error.Set(FirmwareErrorKind.VersionTooNew, 24, LastCompatibleVersion, KnownVersion);
        }

        return LastCompatibleVersion <= Version
            || error.Set(FirmwareErrorKind.VersionsCross, 24, LastCompatibleVersion, Version);
    }

    private bool ReadBlocks(ref FirmwareError error)
    {
        Structure = Big32(Bytes + 8);
        Strings = Big32(Bytes + 12);
        ReserveMap = Big32(Bytes + 16);

        // Version 16 does not say how long the structure block is: FDT_END ends it, at the latest the blob does.
        ulong structureEnd = Version == FirstVersion ? Size : (ulong)Structure + Big32(Bytes + 36);
        ulong stringsEnd = (ulong)Strings + Big32(Bytes + 32);
        if (Structure > Size || structureEnd > Size)
        {
            return error.Set(FirmwareErrorKind.BlockOutside, 8, Structure > Size ? Structure : structureEnd, Size);
        }

        if (stringsEnd > Size)
        {
            return error.Set(FirmwareErrorKind.BlockOutside, 12, stringsEnd, Size);
        }

        if ((Structure & 3) != 0)
        {
            return error.Set(FirmwareErrorKind.BlockMisaligned, 8, Structure, 4);
        }

        StructureEnd = (uint)structureEnd;
        StringsEnd = (uint)stringsEnd;
        return true;
    }

    private bool CheckReserveMap(ref FirmwareError error)
    {
        if (ReserveMap > Size)
        {
            return error.Set(FirmwareErrorKind.BlockOutside, 16, ReserveMap, Size);
        }

        if ((ReserveMap & 7) != 0)
        {
            return error.Set(FirmwareErrorKind.BlockMisaligned, 16, ReserveMap, 8);
        }

        for (uint offset = ReserveMap; Size - offset >= 16; offset += 16)
        {
            if ((Big64(Bytes + offset) | Big64(Bytes + offset + 8)) == 0)
            {
                return true;
            }

            ReserveCount++;
        }

        return error.Set(FirmwareErrorKind.ReserveMapOpen, ReserveMap);
    }
}
