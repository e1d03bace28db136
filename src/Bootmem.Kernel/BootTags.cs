using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>What the boot loader left: a list of ATAGs or a device tree, made a machine's <see cref="BootInfo"/>.</summary>
internal static unsafe class BootTags
{
    private const int BankCapacity = 128;
    private const int ReservationCapacity = 128;
    private const int TagCapacity = 32;
    private const uint Section = 1 << 20;

    // The list ends before the page directory of an image that lies where images lie.
    private const uint MaxListSize = 0xb000;

    /// <summary>Reads it. What it points to is copied: its memory is not kept.</summary>
    /// <param name="tags">Physical address.</param>
    /// <param name="header">The image's words: the command line may have something appended.</param>
    /// <param name="room">Room for the copies.</param>
    /// <param name="info">What is filled.</param>
    public static void Read(uint tags, ImageHeader* header, ref Room room, ref BootInfo info)
    {
        info.Banks = room.Take<Bank>(BankCapacity);
        info.BankCapacity = BankCapacity;
        info.Reservations = room.Take<FirmwareReservation>(ReservationCapacity);
        info.ReservationCapacity = ReservationCapacity;
        info.UnknownTags = room.Take<uint>(TagCapacity);
        info.UnknownTagCapacity = TagCapacity;
        byte* bytes = Map(tags, Section);
        FirmwareError error;
        bool isRead = FdtBlob.Big32(bytes) == FdtBlob.Magic
            ? ReadTree(tags, bytes, ref info, out error)
            : AtagReader.TryRead(bytes, MaxListSize, ref info, out error);
        if (!isRead)
        {
            Log log = Printer.Kernel;
            log.Text("bootmem: what the boot loader left at 0x"u8).Hex(tags).Text(": "u8);
            error.Describe(log);
            log.Text("\n"u8);
            Panic.Stop();
        }

        if ((header->Flags & ImageFlags.ShowTags) != 0)
        {
            Show(tags, bytes);
        }

        info.Model = room.Copy(info.Model, info.ModelLength);
        CopyCommandLine(header, ref room, ref info);
    }

    private static bool ReadTree(uint tags, byte* bytes, ref BootInfo info, out FirmwareError error)
    {
        uint size = FdtBlob.Big32(bytes + 4);
        size = size < FdtBlob.MaxSize ? size : FdtBlob.MaxSize;
        Map(tags, size);
        return FdtBlob.TryOpen(bytes, size, out FdtBlob blob, out error) && FdtMachine.TryRead(in blob, ref info, out error);
    }

    // They can lie anywhere in RAM, and little of it is mapped yet.
    private static byte* Map(uint physical, uint size)
    {
        uint address = physical - Board.RamStart + Mmu.PageOffset;
        Mmu.Map(address, physical, size + (physical & (Section - 1)));
        return (byte*)address;
    }

    private static void Show(uint tags, byte* bytes)
    {
        uint size = 0;
        if (FdtBlob.Big32(bytes) == FdtBlob.Magic)
        {
            size = FdtBlob.Big32(bytes + 4);
        }
        else
        {
            while (((uint*)(bytes + size))[1] != (uint)Atag.None)
            {
                size += *(uint*)(bytes + size) << 2;
            }

            size += 8;
        }

        Log log = Printer.Plain;
        log.Text("tags at 0x"u8).Hex(tags).Text("\n"u8);
        for (uint i = 0; i < size; i++)
        {
            log.Hex(bytes[i], 2);
        }

        log.Text("\n"u8);
    }

    private static void CopyCommandLine(ImageHeader* header, ref Room room, ref BootInfo info)
    {
        int length = info.CommandLineLength;
        int appended = (int)header->AppendedLength;
        int space = length != 0 && appended != 0 ? 1 : 0;
        byte* line = room.Take<byte>(length + space + appended);
        for (int i = 0; i < length; i++)
        {
            line[i] = info.CommandLine[i];
        }

        if (space != 0)
        {
            line[length] = (byte)' ';
        }

        for (int i = 0; i < appended; i++)
        {
            line[length + space + i] = header->Appended[i];
        }

        info.CommandLine = line;
        info.CommandLineLength = length + space + appended;
    }
}
