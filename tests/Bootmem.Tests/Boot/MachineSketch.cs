using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Tests.Boot;

/// <summary>A machine made by hand: what its firmware would tell.</summary>
internal sealed unsafe record MachineSketch
{
    // Tags stay in the caller's memory, as long as the machine; the host copies all else.
    private static readonly ConditionalWeakTable<MachineHost, uint[]> _tagsOf = [];

    public List<(ulong Start, ulong Size, int Node)> Banks { get; init; } = [];

    public List<(ulong Start, ulong Size)> Reservations { get; init; } = [];

    public string CommandLine { get; init; } = "";

    public string Model { get; init; } = "";

    public ulong InitrdStart { get; init; }

    public ulong InitrdSize { get; init; }

    public bool IsInitrdVirtual { get; init; }

    public IReadOnlyList<uint> UnknownTags { get; init; } = [];

    public PrivateMemory Private { get; init; }

    /// <summary>One node with these banks.</summary>
    public static MachineSketch Of(params (ulong Start, ulong Size)[] banks) =>
        new() { Banks = [.. banks.Select(static bank => (bank.Start, bank.Size, 0))] };

    /// <summary>Banks of several nodes.</summary>
    public static MachineSketch OfNodes(params (ulong Start, ulong Size, int Node)[] banks) =>
        new() { Banks = [.. banks] };

    /// <summary>The machine of machines/biscuitos.dts, as a reader of its device tree tells it.</summary>
    public static MachineSketch Article { get; } = new()
    {
        Banks = [(0x6000_0000, 0x2000_0000, 0)],
        CommandLine = "hashdist_bs=1",
        Model = "V2P-CA9",
        InitrdStart = 0x7060_0000,
        InitrdSize = 0x10_0000,
        Private = new PrivateMemory
        {
            IsPresent = true,
            Start = 0x7000_0000,
            Size = 100UL << 20,
            DmaSize = 4UL << 20,
            NormalSize = 64UL << 20,
            HighSize = 32UL << 20,
            PageOffset = 0x9000_0000,
            VmallocSize = 0x1a0_0000,
            PkmapSize = 0x20_0000,
            FixmapSize = 0x1000,
            Image = new ImageRange { Start = 0x9050_0000, Size = 0x1_0000 },
            Init = new ImageRange { Start = 0x9050_0000, Size = 0x2000 },
            Text = new ImageRange { Start = 0x9050_2000, Size = 0x8000 },
            Data = new ImageRange { Start = 0x9050_a000, Size = 0x6000 },
        },
    };

    /// <summary>Switches the machine on; nothing has run yet.</summary>
    public MachineHost SwitchOn(MachineOptions? options = null)
    {
        uint[] tags = GC.AllocateArray<uint>(UnknownTags.Count + 1, pinned: true);
        for (int i = 0; i < UnknownTags.Count; i++)
        {
            tags[i] = UnknownTags[i];
        }

        Bank[] banks = [.. Banks.Select(
            static bank => new Bank { Start = bank.Start, Size = bank.Size, Node = bank.Node, NumaId = bank.Node })];
        FirmwareReservation[] reservations = [.. Reservations.Select(
            static kept => new FirmwareReservation { Start = kept.Start, Size = kept.Size })];
        byte[] line = Encoding.UTF8.GetBytes(CommandLine + "\0");
        byte[] model = Encoding.UTF8.GetBytes(Model + "\0");
        fixed (Bank* bank = banks)
        {
            fixed (FirmwareReservation* reservation = reservations)
            {
                fixed (byte* text = line, name = model)
                {
                    BootInfo info = default;
                    info.Banks = bank;
                    info.BankCount = banks.Length;
                    info.NodeCount = banks.Length == 0 ? 0 : banks.Max(static one => one.Node) + 1;
                    info.Reservations = reservation;
                    info.ReservationCount = reservations.Length;
                    info.CommandLine = text;
                    info.CommandLineLength = line.Length - 1;
                    info.Model = name;
                    info.ModelLength = model.Length - 1;
                    info.InitrdStart = InitrdStart;
                    info.InitrdSize = InitrdSize;
                    info.IsInitrdVirtual = IsInitrdVirtual;
                    fixed (uint* tag = tags)
                    {
                        info.UnknownTags = tag;
                    }

                    info.UnknownTagCount = UnknownTags.Count;
                    info.Private = Private;
                    MachineHost host = new(info, options ?? new MachineOptions());
                    _tagsOf.Add(host, tags);
                    return host;
                }
            }
        }
    }

    /// <summary>Options for a kernel.</summary>
    public static MachineOptions Options(
        KernelVersion version, bool isLayoutOnly = false, Func<BootConfig, BootConfig>? change = null)
    {
        BootConfig config = BootConfig.Default;
        config.Version = version;
        return new MachineOptions
        {
            Config = change is null ? config : change(config),
            IsLayoutOnly = isLayoutOnly,
        };
    }

    public override string ToString()
    {
        IEnumerable<string> banks = Banks.Select(static bank => $"0x{bank.Start:x}+0x{bank.Size:x}/{bank.Node}");
        IEnumerable<string> kept = Reservations.Select(static range => $"0x{range.Start:x}+0x{range.Size:x}");
        return $"banks {string.Join(' ', banks)}; kept {string.Join(' ', kept)}; '{CommandLine}'; "
            + $"initrd 0x{InitrdStart:x}+0x{InitrdSize:x} virtual {IsInitrdVirtual}; private {Private.IsPresent} "
            + $"0x{Private.Start:x}+0x{Private.Size:x} {Private.DmaSize:x} {Private.NormalSize:x} {Private.HighSize:x}";
    }
}
