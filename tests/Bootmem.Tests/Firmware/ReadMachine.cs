using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>What a reader made of some bytes, copied out of them: a machine, or one line that says why not.</summary>
internal sealed unsafe class ReadMachine
{
    public string? Error { get; private set; }

    public FirmwareErrorKind Kind { get; private set; }

    public List<(ulong Start, ulong Size, int Node, int Numa)> Banks { get; } = [];

    public List<(ulong Start, ulong Size, bool IsHeader, bool IsNoMap, string Name)> Reservations { get; } = [];

    public List<uint> UnknownTags { get; } = [];

    public BootInfo Info { get; private set; }

    public string? CommandLine { get; private set; }

    public string? Model { get; private set; }

    public static ReadMachine FromBlob(ReadOnlySpan<byte> bytes, int capacity = 64) => From(bytes, false, capacity);

    public static ReadMachine FromTags(ReadOnlySpan<byte> bytes, int capacity = 64) => From(bytes, true, capacity);

    public static ReadMachine From(ReadOnlySpan<byte> bytes, bool isTags, int capacity)
    {
        using GuardedBytes guarded = new(bytes.Length);
        byte* data = guarded.Put(bytes);
        Bank* banks = stackalloc Bank[capacity];
        FirmwareReservation* reservations = stackalloc FirmwareReservation[capacity];
        uint* tags = stackalloc uint[capacity];
        BootInfo info = default;
        info.Banks = banks;
        info.BankCapacity = capacity;
        info.Reservations = reservations;
        info.ReservationCapacity = capacity;
        info.UnknownTags = tags;
        info.UnknownTagCapacity = capacity;
        info.BankCount = 7;
        ReadMachine read = new();
        bool isRead = isTags
            ? AtagReader.TryRead(data, (ulong)bytes.Length, ref info, out FirmwareError error)
            : FdtMachine.TryRead(data, (ulong)bytes.Length, ref info, out error);
        Assert.Equal(isRead, !error.IsSet);
        if (!isRead)
        {
            // Nothing half done.
            Assert.Equal(7, info.BankCount);
            Assert.Equal(0, info.ReservationCount);
            read.Error = TextOf(error);
            read.Kind = error.Kind;
            Assert.DoesNotContain('\n', read.Error);
            return read;
        }

        read.Copy(in info);
        return read;
    }

    public static string TextOf(FirmwareError error)
    {
        StringBuilder text = new();
        GCHandle handle = GCHandle.Alloc(text);
        Log log = default;
        log.Context = (void*)GCHandle.ToIntPtr(handle);
        log.Write = &Append;
        error.Describe(log);
        handle.Free();
        return text.ToString();
    }

    private void Copy(in BootInfo info)
    {
        Info = info;
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            Banks.Add((bank.Start, bank.Size, bank.Node, bank.NumaId));
        }

        for (int i = 0; i < info.ReservationCount; i++)
        {
            FirmwareReservation kept = info.Reservations[i];
            string name = kept.Name == null ? "" : Encoding.ASCII.GetString(kept.Name, kept.NameLength);
            Reservations.Add((kept.Start, kept.Size, kept.IsHeader, kept.IsNoMap, name));
        }

        for (int i = 0; i < info.UnknownTagCount; i++)
        {
            UnknownTags.Add(info.UnknownTags[i]);
        }

        CommandLine = info.CommandLine == null
            ? null
            : Encoding.ASCII.GetString(info.CommandLine, info.CommandLineLength);
        Model = info.Model == null ? null : Encoding.ASCII.GetString(info.Model, info.ModelLength);
    }

    private static void Append(void* context, byte* bytes, int length) =>
        ((StringBuilder)GCHandle.FromIntPtr((nint)context).Target!)
            .Append(Encoding.ASCII.GetString(new ReadOnlySpan<byte>(bytes, length)));
}
