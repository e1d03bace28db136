using System;

namespace Bootmem.Boot;

/// <content>The header's reserve map, <c>/reserved-memory</c>, and what <c>/chosen</c> tells.</content>
internal unsafe partial struct FdtMachineReader
{
    private bool ReadHeaderReservations()
    {
        for (uint i = 0; i < Blob.ReserveCount; i++)
        {
            Blob.ReadReserve(i, out ulong start, out ulong size);
            ulong offset = Blob.ReserveMap + ((ulong)i << 4);
            if (size > ulong.MaxValue - start)
            {
                Error.Set(FirmwareErrorKind.RangeWraps, offset, start, size);
                return Error.At(in Blob, 0, FdtName.ReserveMap);
            }

            FirmwareReservation reservation = default;
            reservation.Start = start;
            reservation.Size = size;
            reservation.IsHeader = true;
            if (!Add(in reservation, 0, offset))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadReservedMemory(in FdtNode node)
    {
        if (!Blob.IsAvailable(in node))
        {
            return true;
        }

        FdtCells cells = default;
        FdtWalk walk = FdtWalk.From(in Blob, in node);
        while (walk.Next())
        {
            if (walk.Depth != 2 || !Blob.IsAvailable(in walk.Node))
            {
                continue;
            }

            // Asked for at the first child only: a node without children need not tell of cells.
            if (cells.Address == 0 && !FdtCells.TryRead(in Blob, in node, out cells, ref Error))
            {
                return false;
            }

            if (!ReadReserved(in walk.Node, cells))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadReserved(in FdtNode node, FdtCells cells)
    {
        if (!TryGet(in node, FdtName.Reg, out FdtProperty reg))
        {
            if (!TryGet(in node, FdtName.Size, out _))
            {
                return Missing(in node, FdtName.Reg);
            }

            Info.DynamicReservationCount++;
            return true;
        }

        FirmwareReservation reservation = default;
        reservation.IsNoMap = Blob.TryGetProperty(in node, "no-map"u8, out _);
        reservation.Name = node.Name;
        reservation.NameLength = node.NameLength;
        FdtRanges ranges = FdtRanges.Of(in Blob, in node, in reg, cells);
        while (ranges.Next(ref Error))
        {
            reservation.Start = ranges.Start;
            reservation.Size = ranges.Size;
            if (!Add(in reservation, node.Offset, reg.Offset))
            {
                return false;
            }
        }

        return !Error.IsSet;
    }

    private bool Add(in FirmwareReservation reservation, uint node, ulong offset)
    {
        if (Info.ReservationCount >= Info.ReservationCapacity)
        {
            Error.Set(FirmwareErrorKind.TooManyReservations, offset, 0, (ulong)Info.ReservationCapacity);
            return Error.At(in Blob, node);
        }

        Info.Reservations[Info.ReservationCount++] = reservation;
        return true;
    }

    private bool ReadChosen(in FdtNode node)
    {
        if (_hasChosen)
        {
            return true;
        }

        _hasChosen = true;
        TakeText(in node, "bootargs"u8, ref Info.CommandLine, ref Info.CommandLineLength);
        bool hasStart = TryGet(in node, FdtName.InitrdStart, out FdtProperty first);
        bool hasEnd = TryGet(in node, FdtName.InitrdEnd, out FdtProperty last);
        if (!hasStart && !hasEnd)
        {
            return true;
        }

        if (!hasStart || !hasEnd)
        {
            return Missing(in node, hasStart ? FdtName.InitrdEnd : FdtName.InitrdStart);
        }

        if (!ReadNumber(in node, FdtName.InitrdStart, in first, out ulong start)
            || !ReadNumber(in node, FdtName.InitrdEnd, in last, out ulong end))
        {
            return false;
        }

        if (end < start)
        {
            FirmwareErrorKind kind = FirmwareErrorKind.InitrdBackwards;
            return Fail(kind, in node, FdtName.InitrdEnd, last.Offset, end, start);
        }

        Info.InitrdStart = start;
        Info.InitrdSize = end - start;
        return true;
    }

    private bool ReadNumber(in FdtNode node, FdtName name, in FdtProperty property, out ulong number) =>
        property.TryReadNumber(out number)
        || Fail(FirmwareErrorKind.BadNumberLength, in node, name, property.Offset, (ulong)property.Length);
}
