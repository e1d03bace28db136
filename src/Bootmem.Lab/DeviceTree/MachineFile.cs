using System;
using System.Runtime.InteropServices;
using Bootmem.Boot;
using Bootmem.Lab.Checks;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab;

/// <summary>What a machine file turned out to be.</summary>
public enum MachineFileFormat
{
    /// <summary>A flattened device tree, <c>.dtb</c>.</summary>
    DeviceTreeBlob,

    /// <summary>Device tree source, <c>.dts</c>.</summary>
    DeviceTreeSource,

    /// <summary>An ARM boot loader's list of tags.</summary>
    AtagList,

    /// <summary>A PC's memory map as text: a boot log, <c>/proc/iomem</c>, a list of ranges; or an ARM boot log.</summary>
    MemoryMapText,
}

/// <summary>
/// A machine from a file, whichever of the formats it has: its content decides, not its name. Source is compiled to a
/// blob and read like one. The firmware's data lies in memory that does not move until the file is disposed of.
/// </summary>
public sealed unsafe partial class MachineFile : IDisposable
{
    /// <summary>The greatest size of a file in bytes.</summary>
    public const int MaxSize = (int)FdtBlob.MaxSize;

    /// <summary>How many banks a machine can have.</summary>
    public const int MaxBanks = 4096;

    /// <summary>How many reservations a machine can have.</summary>
    public const int MaxReservations = 4096;

    /// <summary>How many unknown tags a list can have.</summary>
    public const int MaxUnknownTags = 1024;

    private readonly NativeArena _arena = new();
    private readonly int _length;
    private readonly FdtBlob _blob;
    private byte* _data;
    private BootInfo* _info;

    private MachineFile(string name, MachineFileFormat format, ReadOnlySpan<byte> data, DtsTree? tree)
    {
        Name = name;
        Format = format;
        _length = data.Length;
        try
        {
            _data = (byte*)NativeMemory.Alloc((nuint)data.Length);
            data.CopyTo(new Span<byte>(_data, data.Length));
            AllocateInfo();
            if (!TryRead(out _blob, out FirmwareError error))
            {
                throw new MachineFileException(Describe(in error, tree));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives the memory back.</summary>
    ~MachineFile() => Free();

    /// <summary>The name that errors show: the path as it was given.</summary>
    public string Name { get; }

    /// <summary>What the file turned out to be.</summary>
    public MachineFileFormat Format { get; }

    /// <summary>Where the kernel lies that runs on the machine, if the file is its <c>/proc/iomem</c>.</summary>
    public ByteRange? RunningKernel { get; private set; }

    /// <summary>What it tells of the machine. Good until the file is disposed of.</summary>
    public BootInfo* Info => _info != null ? _info : throw new ObjectDisposedException(nameof(MachineFile));

    /// <summary>The device tree; without bytes for an ATAG list. Good until the file is disposed of.</summary>
    public FdtBlob Blob => _info != null ? _blob : throw new ObjectDisposedException(nameof(MachineFile));

    /// <summary>The firmware's data: the blob (compiled, if the file was source) or the list.</summary>
    public ReadOnlySpan<byte> Data =>
        _info != null ? new ReadOnlySpan<byte>(_data, _length) : throw new ObjectDisposedException(nameof(MachineFile));

    /// <summary>Reads a machine from a file, or from a folder such as <c>/sys/firmware/memmap</c>.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="MachineFileException">The file cannot be read, or tells of no machine.</exception>
    public static MachineFile Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] bytes;
        try
        {
            bytes = MemmapFolder.IsOne(path) ? MemmapFolder.Read(path) : BoundedFile.Read(path, MaxSize);
        }
        catch (MachineFileException e)
        {
            throw new MachineFileException($"{path}: {e.Message}", e);
        }

        return Read(bytes, path, path);
    }

    /// <summary>Reads a machine from a file's content.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="name">The name that errors show.</param>
    /// <param name="path">Where a source is: includes are looked up in its folder. Null: in the current one.</param>
    /// <exception cref="MachineFileException">The content tells of no machine.</exception>
    public static MachineFile Read(byte[] bytes, string name, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length == 0)
        {
            throw new MachineFileException(
                $"{name}: found an empty file, expected a device tree blob, device tree source, an ATAG list or a memory map");
        }

        BoundedFile.RefusePacked(bytes, name);
        switch (Detect(bytes))
        {
            case MachineFileFormat.DeviceTreeSource:
                byte[] blob = DtsCompiler.Compile(bytes, name, path, out DtsTree tree);
                return new MachineFile(name, MachineFileFormat.DeviceTreeSource, blob, tree);
            case MachineFileFormat format:
                return new MachineFile(name, format, bytes, null);
        }
    }

    /// <summary>Tells a format by the first bytes; what is neither a blob nor a list is taken for source.</summary>
    /// <param name="bytes">The content.</param>
    public static MachineFileFormat Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xd0, 0x0d, 0xfe, 0xed]))
        {
            return MachineFileFormat.DeviceTreeBlob;
        }

        if (bytes.Length >= 8 && bytes[4..].StartsWith((ReadOnlySpan<byte>)[0x01, 0x00, 0x41, 0x54]))
        {
            return MachineFileFormat.AtagList;
        }

        return MapText.LooksLike(bytes) ? MachineFileFormat.MemoryMapText : MachineFileFormat.DeviceTreeSource;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void AllocateInfo()
    {
        nuint banks = (nuint)sizeof(Bank) * MaxBanks;
        nuint reservations = (nuint)sizeof(FirmwareReservation) * MaxReservations;
        nuint tags = sizeof(uint) * MaxUnknownTags;
        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)sizeof(BootInfo) + banks + reservations + tags);
        _info = (BootInfo*)block;
        block += sizeof(BootInfo);
        _info->Banks = (Bank*)block;
        _info->BankCapacity = MaxBanks;
        _info->Reservations = (FirmwareReservation*)(block + banks);
        _info->ReservationCapacity = MaxReservations;
        _info->UnknownTags = (uint*)(block + banks + reservations);
        _info->UnknownTagCapacity = MaxUnknownTags;
    }

    private bool TryRead(out FdtBlob blob, out FirmwareError error)
    {
        blob = default;
        if (Format == MachineFileFormat.MemoryMapText)
        {
            RunningKernel = MapText.Read(new ReadOnlySpan<byte>(_data, _length), Name, ref *_info, _arena);
            error = default;
            return true;
        }

        if (Format == MachineFileFormat.AtagList)
        {
            return AtagReader.TryRead(_data, (ulong)_length, ref *_info, out error);
        }

        return FdtBlob.TryOpen(_data, (ulong)_length, out blob, out error)
            && FdtMachine.TryRead(in blob, ref *_info, out error);
    }

    private void Free()
    {
        NativeMemory.Free(_data);
        NativeMemory.Free(_info);
        _arena.Dispose();
        _data = null;
        _info = null;
    }
}
