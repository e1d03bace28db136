using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>
/// A machine that boots in this process: its RAM is host memory, its log a list of lines, its faults exceptions, and a
/// ledger knows each page's owner.
/// </summary>
public sealed unsafe partial class MachineHost : IDisposable
{
    // A command line can add banks: mem= may stand there many times.
    private const int SpareBanks = 64;

    // x86-64 can pretend to have this many nodes: numa=fake=.
    private const int MostFakeNodes = 64;

    private readonly NativeArena _arena = new();
    private readonly HostMemory _memory = new();
    private readonly LogBuffer _log = new();
    private readonly List<Action<BootEvent>> _observers = [];
    private readonly LayoutPages? _layout;
    private readonly PageSink _pages;
    private readonly bool _saysChecksums;
    private GCHandle _self;
    private MachineFile? _file;

    /// <summary>A machine that has been switched on; nothing has run yet.</summary>
    /// <param name="info">What the firmware told. The names and tags that it points to must stay as long as the
    /// machine.</param>
    /// <param name="options">How it is to be booted.</param>
    public MachineHost(in BootInfo info, MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _self = GCHandle.Alloc(this);
        Machine = _arena.Take<Machine>(1);
        Machine->Config = options.Config;
        Machine->Image = info.Private.Image.Size != 0 ? default : options.Image;
        _saysChecksums = options.SaysChecksums;
        CopyInfo(info, options.AppendedCommandLine);
        Machine->Log = _log.ToLog();
        Machine->Memory = options.IsLayoutOnly ? _memory.ToLayoutMemory() : _memory.ToMemory();
        Machine->IsLayoutOnly = options.IsLayoutOnly;
        Machine->FaultHandler = BootmemException.Handler;
        Machine->Observer = new Observer { Context = (void*)GCHandle.ToIntPtr(_self), Notify = &Notify };
        TakeRoom(info);
        BuiltInInitcalls.Register(Machine, _arena, options.Initcalls);
        if (options.IsLayoutOnly)
        {
            _layout = new LayoutPages(Machine);
        }

        _pages = _layout?.ToSink() ?? PageAllocator.SinkOf(&Machine->Pages);
        Machine->HandOverSink = new PageSink { Context = (void*)GCHandle.ToIntPtr(_self), Take = &TakePages };
    }

    /// <summary>A machine from a file, switched on; the file is let go of with the machine.</summary>
    /// <param name="path">A device tree, as source or blob, or an ATAG list.</param>
    /// <param name="options">How it is to be booted.</param>
    /// <exception cref="MachineFileException">The file cannot be read, or tells of no machine.</exception>
    public static MachineHost Load(string path, MachineOptions options)
    {
        return Own(MachineFile.Load(path), options);
    }

    /// <summary>A machine from a file that was read, switched on; the file is let go of with the machine.</summary>
    /// <param name="file">What the firmware told.</param>
    /// <param name="options">How it is to be booted.</param>
    public static MachineHost Own(MachineFile file, MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            return new MachineHost(*file.Info, options) { _file = file };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The machine. It lives as long as this host.</summary>
    public Machine* Machine { get; }

    /// <summary>What the kernel has printed.</summary>
    public LogBuffer Log => _log;

    /// <summary>Who owns which page.</summary>
    public PageLedger Ledger { get; } = new();

    /// <summary>The host memory behind the machine's RAM.</summary>
    public HostMemory Memory => _memory;

    /// <summary>The step that comes next.</summary>
    public BootStep NextStep => Machine->NextStep;

    /// <summary>Has every later change of bootmem shown to somebody.</summary>
    /// <param name="observer">Gets the changes.</param>
    public void Observe(Action<BootEvent> observer) => _observers.Add(observer);

    /// <summary>Boots on until a step is the next.</summary>
    /// <param name="stop">The step that is not taken any more.</param>
    /// <exception cref="MachineException">The machine cannot be booted.</exception>
    /// <exception cref="BootmemException">The kernel would have stopped.</exception>
    /// <exception cref="HostMemoryException">The host has not enough memory.</exception>
    public void RunUntil(BootStep stop)
    {
        while (Machine->NextStep < stop)
        {
            Step();
        }
    }

    /// <summary>Takes the next step of the boot.</summary>
    /// <exception cref="MachineException">The machine cannot be booted.</exception>
    /// <exception cref="BootmemException">The kernel would have stopped.</exception>
    /// <exception cref="HostMemoryException">The host has not enough memory.</exception>
    public void Step()
    {
        BootStep step = Machine->NextStep;
        if (!StartKernel.Step(Machine))
        {
            throw new MachineException(LogBuffer.Describe(Machine->Error.Describe));
        }

        if (_saysChecksums)
        {
            BitmapChecksums.AfterStep(Machine, step);
        }

        if (step == BootStep.SetupArch)
        {
            HostRoom.Check(Machine);
            if (_layout is null)
            {
                BackBanks();
            }
        }

        if (step == BootStep.BootmemInit)
        {
            RecordRemapAreas();
        }

        _layout?.Settle();
        foreach (Action<BootStep> observer in _stepObservers)
        {
            observer(step);
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        _layout?.Dispose();
        _memory.Dispose();
        _log.Dispose();
        _arena.Dispose();
        _file?.Dispose();
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private static void Notify(void* context, in BootEvent change)
    {
        MachineHost host = (MachineHost)GCHandle.FromIntPtr((nint)context).Target!;
        host.Ledger.Record(change);
        if (host._saysChecksums)
        {
            BitmapChecksums.Observe(host.Machine, in change);
        }

        foreach (Action<BootEvent> observer in host._observers)
        {
            observer(change);
        }
    }

    // What goes to the page allocator is nobody's from then on. Not all of it comes from bootmem.
    private static void TakePages(void* context, ulong firstPfn, int order, ulong blockCount)
    {
        MachineHost host = (MachineHost)GCHandle.FromIntPtr((nint)context).Target!;
        ulong end = firstPfn + (blockCount << order);
        Zone* zone = host.Machine->Pages.FindZone(firstPfn);
        int node = zone == null ? -1 : zone->Node;
        host.RefuseBlocksAcrossZones(firstPfn, end, order);
        host.Ledger.Set(new PageRun(firstPfn, end, node, PageUse.HandedOver, Owner.Unnamed,
            Call.free_all_bootmem_node));
        host._pages.Take(host._pages.Context, firstPfn, order, blockCount);
    }

    // A block belongs to the zone of its first page. Where it reaches into the next one, __free_pages_bulk() ends in
    // BUG(): what 2.6.12 means by "wrong zone alignment, it will crash".
    private void RefuseBlocksAcrossZones(ulong firstPfn, ulong endPfn, int order)
    {
        ulong next = firstPfn;
        while (order != 0 && next < endPfn)
        {
            Zone* zone = Machine->Pages.FindZone(next);
            if (zone == null || zone->EndPfn >= endPfn)
            {
                return;
            }

            next = zone->EndPfn;
            ulong inside = (next - firstPfn) & ((1UL << order) - 1);
            if (inside != 0)
            {
                string name = Encoding.ASCII.GetString(Zones.Name(zone->Kind));
                throw new BootmemException(
                    $"BUG in __free_pages_bulk, node {zone->Node}, page 0x{next - inside:x}: "
                    + $"the block of {1UL << order} pages crosses the end of zone {name}");
            }
        }
    }

    // Banks that touch are backed as one piece, so that what lies across them can be reached.
    private void BackBanks()
    {
        ref BootInfo info = ref Machine->Info;
        for (int i = 0; i < info.BankCount;)
        {
            ulong start = info.Banks[i].Start;
            ulong end = start + info.Banks[i].Size;
            for (i++; i < info.BankCount && info.Banks[i].Start == end; i++)
            {
                end += info.Banks[i].Size;
            }

            _memory.Back(start, end - start);
        }
    }

    // Set aside before bootmem comes up: no call tells of them.
    private void RecordRemapAreas()
    {
        RemapArea* areas = Machine->Bootmem.RemapAreas;
        KernelWord word = Machine->Bootmem.Word;
        for (int node = 0; areas != null && node < Machine->NodeCount; node++)
        {
            Ledger.Set(new PageRun(
                word.PfnOf(areas[node].Start), word.PfnOf(areas[node].End), node, PageUse.Owned, Owner.MemMap,
                Call.alloc_remap));
        }
    }

    private void CopyInfo(in BootInfo info, string? appended)
    {
        Machine->Info = info;
        ref BootInfo copy = ref Machine->Info;
        copy.BankCapacity = (Math.Max(info.BankCount, info.MapRangeCount) * 2) + info.NodeRangeCount + SpareBanks;
        copy.Banks = _arena.Take<Bank>(copy.BankCapacity);
        new ReadOnlySpan<Bank>(info.Banks, info.BankCount).CopyTo(new Span<Bank>(copy.Banks, copy.BankCapacity));
        copy.ReservationCapacity = info.ReservationCount;
        copy.Reservations = _arena.Take<FirmwareReservation>(Math.Max(info.ReservationCount, 1));
        new ReadOnlySpan<FirmwareReservation>(info.Reservations, info.ReservationCount)
            .CopyTo(new Span<FirmwareReservation>(copy.Reservations, info.ReservationCount));
        CopyMap(info, ref copy);
        copy.Model = _arena.Copy(new ReadOnlySpan<byte>(info.Model, info.ModelLength));

        string line = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength));
        line = string.IsNullOrEmpty(appended) ? line : line.Length == 0 ? appended : $"{line} {appended}";
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        copy.CommandLine = _arena.Copy(bytes);
        copy.CommandLineLength = bytes.Length;
    }

    // The boot of a PC writes the map anew behind the old one, and a command line can add ranges; RAM becomes banks.
    private void CopyMap(in BootInfo info, ref BootInfo copy)
    {
        int ranges = Math.Max(info.MapRangeCount, info.BankCount);
        copy.MapRangeCapacity = (ranges * 4) + SpareBanks;
        copy.MapRanges = _arena.Take<MapRange>(copy.MapRangeCapacity);
        new ReadOnlySpan<MapRange>(info.MapRanges, info.MapRangeCount)
            .CopyTo(new Span<MapRange>(copy.MapRanges, copy.MapRangeCapacity));
        copy.NodeRangeCapacity = info.NodeRangeCount + info.BankCount;
        copy.NodeRanges = _arena.Take<NodeRange>(Math.Max(copy.NodeRangeCapacity, 1));
        new ReadOnlySpan<NodeRange>(info.NodeRanges, info.NodeRangeCount)
            .CopyTo(new Span<NodeRange>(copy.NodeRanges, copy.NodeRangeCapacity));
    }

    private void TakeRoom(in BootInfo info)
    {
        int nodes = 1;
        for (int i = 0; i < info.BankCount; i++)
        {
            nodes = Math.Max(nodes, Math.Min(info.Banks[i].Node + 1, BootMemory.MaxNodes));
        }

        for (int i = 0; i < info.NodeRangeCount; i++)
        {
            nodes = Math.Max(nodes, Math.Min(info.NodeRanges[i].Node + 1, BootMemory.MaxNodes));
        }

        bool canFake = Machine->Config.IsNuma && info.MapRangeCount != 0;
        nodes = canFake ? Math.Max(nodes, MostFakeNodes) : nodes;
        Machine->Room = new MachineRoom
        {
            NodeCapacity = nodes,
            BootmemNodes = _arena.Take<BootmemNode>(nodes),
            Extents = _arena.Take<NodeExtent>(nodes),
            RemapAreas = _arena.Take<RemapArea>(nodes),
            NodePages = _arena.Take<NodePages>(nodes),
            ZoneCapacity = nodes * Zones.MaxCount,
            Zones = _arena.Take<Zone>(nodes * Zones.MaxCount),
        };
    }
}
