using System;

namespace Bootmem.Boot;

/// <content>The binding of the private memory manager.</content>
internal unsafe partial struct FdtMachineReader
{
    private readonly bool IsPrivate(in FdtNode node) =>
        Blob.TryGetProperty(in node, "compatible"u8, out FdtProperty compatible)
        && compatible.HasString("BiscuitOS,Memory-Manager"u8)
        && Blob.IsAvailable(in node);

    private bool ReadPrivate()
    {
        ref PrivateMemory to = ref Info.Private;
        return ReadPrivateRange()
            && ReadSize(FdtName.PageOffset, true, ref to.PageOffset)
            && ReadSize(FdtName.DmaSize, false, ref to.DmaSize)
            && ReadSize(FdtName.NormalSize, false, ref to.NormalSize)
            && ReadSize(FdtName.HighSize, false, ref to.HighSize)
            && ReadSize(FdtName.VmallocSize, false, ref to.VmallocSize)
            && ReadSize(FdtName.PkmapSize, false, ref to.PkmapSize)
            && ReadSize(FdtName.FixmapSize, false, ref to.FixmapSize)
            && ReadImage(FdtName.KernelImage, ref to.Image)
            && ReadImage(FdtName.KernelInit, ref to.Init)
            && ReadImage(FdtName.KernelText, ref to.Text)
            && ReadImage(FdtName.KernelData, ref to.Data)
            && CheckZones()
            && ReadPrivateBoot();
    }

    // The range stands in the node itself, or in the node that memory-region names.
    private bool ReadPrivateRange()
    {
        FdtNode holder = _private;
        FdtNode parent = _privateParent;
        if (TryGet(in _private, FdtName.MemoryRegion, out FdtProperty region))
        {
            if (region.Length != 4)
            {
                ulong length = (ulong)region.Length;
                return Fail(
                    FirmwareErrorKind.BadCellLength, in _private, FdtName.MemoryRegion, region.Offset, length, 4);
            }

            uint phandle = FdtBlob.Big32(region.Data);
            if (!Blob.TryFindPhandle(phandle, out holder, out parent))
            {
                FirmwareErrorKind kind = FirmwareErrorKind.NoSuchPhandle;
                return Fail(kind, in _private, FdtName.MemoryRegion, region.Offset, phandle);
            }
        }

        if (!TryGet(in holder, FdtName.Reg, out FdtProperty reg))
        {
            return Missing(in holder, FdtName.Reg);
        }

        if (!FdtCells.TryRead(in Blob, in parent, out FdtCells cells, ref Error))
        {
            return false;
        }

        // One range: a second one would have nowhere to go, and no range is nothing to manage.
        if (reg.Length != cells.RangeBytes)
        {
            ulong bytes = (ulong)cells.RangeBytes;
            return Fail(
                FirmwareErrorKind.BadCellLength, in holder, FdtName.Reg, reg.Offset, (ulong)reg.Length, bytes);
        }

        FdtRanges ranges = FdtRanges.Of(in Blob, in holder, in reg, cells);
        ranges.Next(ref Error);
        Info.Private.Start = ranges.Start;
        Info.Private.Size = ranges.Size;
        return !Error.IsSet;
    }

    private bool ReadSize(FdtName name, bool isNeeded, ref ulong size)
    {
        if (!TryGet(in _private, name, out FdtProperty property))
        {
            return !isNeeded || Missing(in _private, name);
        }

        return ReadNumber(in _private, name, in property, out size);
    }

    private bool ReadImage(FdtName name, ref ImageRange range)
    {
        if (!TryGet(in _private, name, out FdtProperty property))
        {
            return true;
        }

        return ReadPair(name, in property, out range.Start, out range.Size);
    }

    // A start and a size, of one cell or two cells each, whatever the parent's cells are.
    private bool ReadPair(FdtName name, in FdtProperty property, out ulong start, out ulong size)
    {
        start = 0;
        size = 0;
        switch (property.Length)
        {
            case 8:
                start = FdtBlob.Big32(property.Data);
                size = FdtBlob.Big32(property.Data + 4);
                break;
            case 16:
                start = FdtBlob.Big64(property.Data);
                size = FdtBlob.Big64(property.Data + 8);
                break;
            default:
                ulong length = (ulong)property.Length;
                return Fail(FirmwareErrorKind.BadPairLength, in _private, name, property.Offset, length);
        }

        return size <= ulong.MaxValue - start
            || Fail(FirmwareErrorKind.RangeWraps, in _private, name, property.Offset, start, size);
    }

    private bool CheckZones()
    {
        ref PrivateMemory it = ref Info.Private;
        ulong left = it.Size;
        bool fits = it.DmaSize <= left;
        left -= fits ? it.DmaSize : 0;
        fits = fits && it.NormalSize <= left;
        left -= fits ? it.NormalSize : 0;
        fits = fits && it.HighSize <= left;
        ulong sum = it.DmaSize + it.NormalSize + it.HighSize;
        return (fits && sum != 0)
            || Fail(FirmwareErrorKind.BadZones, in _private, FdtName.None, _private.Offset, sum, it.Size);
    }

    private bool ReadPrivateBoot()
    {
        TakeText(in _private, "bootargs"u8, ref Info.CommandLine, ref Info.CommandLineLength);
        return !TryGet(in _private, FdtName.Initrd, out FdtProperty initrd)
            || ReadPair(FdtName.Initrd, in initrd, out Info.InitrdStart, out Info.InitrdSize);
    }
}
