using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab.Checks;

/// <summary>Makes the picture of a machine's memory from its file and from what a boot loader knows.</summary>
public static unsafe class PictureReader
{
    private const ulong FourGiB = 1UL << 32;

    // PAGE_OFFSET is 3 GiB, and 128 MiB are kept for vmalloc: the defaults of BootConfig.
    private const ulong PageOffset = 0xc000_0000;
    private const ulong LinearMapBytes = FourGiB - PageOffset - (128UL << 20);
    private const ulong PageDirectoryBytes = 0x4000;

    /// <summary>Reads the picture.</summary>
    /// <param name="file">The machine's file.</param>
    /// <param name="options">What the boot loader knows.</param>
    /// <exception cref="MachineException">An option of the command line is not what it must be, or a range wraps.</exception>
    public static MemoryPicture Read(MachineFile file, CheckOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        ref readonly BootInfo info = ref *file.Info;
        if (info.MapRangeCount != 0)
        {
            return PcPicture.Read(file, options);
        }

        bool isPrivate = info.Private.IsPresent;
        List<OwnedRange> banks = [.. TreeNames.Banks(file)];
        CommandOptions words = CommandOptions.Read(TextOf(info, options), banks);
        banks = [.. MemoryPicture.Sorted(words.Banks)];
        List<OwnedRange> ranges = Reservations(info);
        if (isPrivate)
        {
            AddPrivate(ranges, info);
        }

        ulong first = LowestOf(banks);
        AddInitrd(ranges, info, options, words, first);
        AddKernel(ranges, info, options);
        if (options.DeviceTreeAt is ulong at)
        {
            ranges.Add(Range(RangeKind.DeviceTree, "device tree", at, (ulong)file.Data.Length));
        }

        int bits = options.Bits != 0 ? options.Bits : banks.Any(bank => bank.End > FourGiB) ? 64 : 32;
        ulong lowEnd = bits == 64 || isPrivate || first > ulong.MaxValue - LinearMapBytes
            ? ulong.MaxValue : first + LinearMapBytes;
        return new MemoryPicture
        {
            Banks = banks,
            Ranges = MemoryPicture.Sorted(ranges),
            Dynamic = TreeNames.DynamicRegions(file),
            Bits = bits,
            IsBitsChosen = options.Bits != 0,
            LowEnd = lowEnd,
            BitmapPlace = isPrivate ? new ByteRange(info.Private.Start, info.Private.Start + PrivateBytes(info)) : null,
        };
    }

    /// <summary>A range; one that runs over the last address is bad input.</summary>
    internal static OwnedRange Range(RangeKind kind, string owner, ulong start, ulong size) =>
        size <= ulong.MaxValue - start
            ? new OwnedRange(kind, owner, start, start + size)
            : throw new MachineException(
                $"{owner}: found 0x{size:x} bytes at 0x{start:x}, expected an end that is an address");

    private static ulong PrivateBytes(in BootInfo info) =>
        info.Private.DmaSize + info.Private.NormalSize + info.Private.HighSize;

    /// <summary>The machine's command line, with what the user put behind it.</summary>
    internal static string TextOf(in BootInfo info, CheckOptions options)
    {
        string line = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength));
        return string.IsNullOrEmpty(options.AppendedCommandLine) ? line : $"{line} {options.AppendedCommandLine}";
    }

    private static List<OwnedRange> Reservations(in BootInfo info)
    {
        List<OwnedRange> ranges = [];
        for (int i = 0; i < info.ReservationCount; i++)
        {
            FirmwareReservation kept = info.Reservations[i];
            string owner = kept.IsHeader ? $"/memreserve/ {i}"
                : "/reserved-memory/" + TreeNames.Printable(new ReadOnlySpan<byte>(kept.Name, kept.NameLength));
            RangeKind kind = kept.IsHeader ? RangeKind.Header : RangeKind.Reserved;
            ranges.Add(Range(kind, owner, kept.Start, kept.Size) with { IsNoMap = kept.IsNoMap });
        }

        return ranges;
    }

    // The reservation that keeps the private range from the rest of the system is that range.
    private static void AddPrivate(List<OwnedRange> ranges, in BootInfo info)
    {
        OwnedRange own = Range(RangeKind.Private, "private memory", info.Private.Start, info.Private.Size);
        int home = ranges.FindIndex(range => range.Kind == RangeKind.Reserved && range.IsSameAs(own));
        if (home >= 0)
        {
            own = own with { Owner = $"private memory, {ranges[home].Owner}" };
            ranges.RemoveAt(home);
        }

        ranges.Add(own);
    }

    private static void AddInitrd(
        List<OwnedRange> ranges, in BootInfo info, CheckOptions options, CommandOptions words, ulong first)
    {
        if (options.Initrd is ByteRange initrd)
        {
            ranges.Add(new OwnedRange(RangeKind.Initrd, "initrd", initrd.Start, initrd.End));
        }
        else if (words.Initrd is OwnedRange told)
        {
            ranges.Add(told);
        }
        else if (info.InitrdSize != 0)
        {
            // The old tag of ARM boot loaders has a virtual address, of a kernel at 3 GiB.
            ulong start = info.IsInitrdVirtual ? (uint)(info.InitrdStart - PageOffset + first) : info.InitrdStart;
            ranges.Add(Range(RangeKind.Initrd, "initrd", start, info.InitrdSize));
        }
    }

    // A kernel in the file is the article's, at virtual addresses.
    private static void AddKernel(List<OwnedRange> ranges, in BootInfo info, CheckOptions options)
    {
        OwnedRange kernel;
        if (options.Kernel is ByteRange image)
        {
            kernel = new OwnedRange(RangeKind.Kernel, "kernel", image.Start, image.End);
        }
        else if (info.Private.IsPresent && info.Private.Image.Size != 0)
        {
            ulong start = info.Private.Image.Start - info.Private.PageOffset + info.Private.Start;
            kernel = Range(RangeKind.Kernel, "kernel", start, info.Private.Image.Size);
        }
        else
        {
            return;
        }

        ulong directory = kernel.Start >= PageDirectoryBytes ? kernel.Start - PageDirectoryBytes : 0;
        ranges.Add(kernel);
        if (directory < kernel.Start)
        {
            ranges.Add(new OwnedRange(RangeKind.PageDirectory, "page directory", directory, kernel.Start));
        }
    }

    private static ulong LowestOf(List<OwnedRange> banks) =>
        banks.Find(bank => !bank.IsEmpty)?.Start ?? 0;
}
