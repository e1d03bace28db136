using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// Figures that go with the bitmap, the image or the boot loader, none of which is in a log: they cannot be computed,
/// but must lie within bounds that can.
/// </summary>
internal sealed unsafe class ReplayBounds
{
    // All in KB. Beside the image, the tables and mem_map: page tables, rounding, what drivers took, read-only data.
    private const long I386Rest = 1024;
    private const long SmpRest = 2048;
    private const long X64Rest = 16 << 10;
    private const long ArmRest = 512;

    // An INITRD of unknown size.
    private const long MostInitrd = 64 << 10;

    private readonly BootLog _log;
    private readonly Machine* _machine;
    private readonly bool _isPc;
    private readonly bool _isI386;
    private readonly bool _isNuma;

    public ReplayBounds(BootLog log, MachineHost host)
    {
        _log = log;
        _machine = host.Machine;
        _isI386 = log.Architecture == Architecture.I386;
        _isPc = Architectures.IsPc(log.Architecture);
        _isNuma = _machine->Config.IsNuma;
    }

    /// <summary>Judges a figure that has bounds only.</summary>
    public bool TryBound(LogFigure figure, [NotNullWhen(true)] out ReplayRow? row)
    {
        FigureRules rules = new(_machine->Config);
        bool isX64 = _log.Architecture == Architecture.X86_64;
        bool isX64Dma = isX64 && rules.LeavesOutDmaReserve;
        if (_log.IsMapCut && IsOfLowMemory(figure.Name, isX64))
        {
            row = new ReplayRow(
                figure.Name, null, figure.Value, figure.Line, ReplayVerdict.NotPredictable,
                "the beginning of the map is missing");
            return true;
        }

        row = figure.Name switch
        {
            "Memory available, KB" when _isPc => Available(figure),
            "Memory available, KB" => ArmAvailable(figure),
            "Memory reserved, KB" when !(_isNuma && rules.HidesReserved) => Reserved(figure),
            "total pages" when ArmBanks.BankGap(_log) != 0 => new ReplayRow(
                figure.Name, null, figure.Value, figure.Line, ReplayVerdict.NotPredictable,
                "it goes with the gap between the banks, which was taken from it"),
            "node 0 DMA pages" when isX64Dma => DmaPages(figure),
            "node 0 totalpages" when isX64Dma && rules.TakesOwnPagesOut => WithDma(figure, (long)NodePages(0)),
            "total pages" when isX64Dma => WithDma(figure, (long)_machine->AllPages),
            _ when !_isPc => new ArmZoneBounds(_log, _machine).Of(figure),
            _ => null,
        };
        return row is not null;
    }

    /// <summary>
    /// Where nothing stays on the per-CPU lists, what is available and what is reserved add up to the RAM (x86-64 NUMA from
    /// 2.6.14).
    /// </summary>
    public ReplayRow? Sum()
    {
        bool isExact = _log.Architecture == Architecture.X86_64 && _isNuma && !_log.IsMapCut
            && !new FigureRules(_machine->Config).HidesReserved;
        if (!isExact || _log.Value("Memory available, KB") is not { } available || _log.Value("Memory reserved, KB") is not { } reserved)
        {
            return null;
        }

        long ram = RamKilobytes(_machine->Bootmem.MaxPfn);
        return new ReplayRow(
            "Memory available + reserved, KB", ram, available + reserved, LineOf("Memory available, KB"),
            ram == available + reserved ? ReplayVerdict.Match : ReplayVerdict.Differ);
    }

    // total - available - reserved is holes, and what the boot CPU's lists hold at that moment.
    private ReplayRow Available(LogFigure figure)
    {
        long ram = RamKilobytes(_machine->Bootmem.MaxPfn);
        FigureRules rules = new(_machine->Config);
        if (_isNuma && rules.HidesReserved)
        {
            long rest = ram - figure.Value - Known();
            return Bounded(figure, "beside what is known", rest, -HoleMap(), X64Rest + Slack() + PerCpuMost(), "KB");
        }

        long reserved = _log.Value("Memory reserved, KB") ?? 0;
        long held = ((ram - figure.Value - reserved) / 4) - HighMemHeld();
        bool isWhole = (ram - figure.Value - reserved) % 4 == 0;
        return Bounded(figure, "on the boot CPU's lists", isWhole ? held : -1, 0, _isNuma ? 0 : PerCpuMost() / 4, "pages");
    }

    private ReplayRow Reserved(LogFigure figure)
    {
        // SMP kernels with PREEMPT leave four bytes more for each page, and each possible CPU has an area.
        long smp = _log.IsSmp || _log.Release is null ? SmpRest + ((long)_machine->Bootmem.MaxPfn * 4 / 1024) : 0;
        long most = (_isI386 ? I386Rest + smp : X64Rest) + Slack();
        return Bounded(figure, "beside what is known", figure.Value - Known(), -HoleMap(), most, "KB");
    }

    private ReplayRow ArmAvailable(LogFigure figure)
    {
        const long SwapperDirectory = 16;
        long rest = RamKilobytes(ulong.MaxValue) - figure.Value - Known() - SwapperDirectory;
        return Bounded(figure, "beside what is known", rest, 0, ArmRest + Slack() + PerCpuMost(), "KB");
    }

    // 2.6.15: the zone is left without what was reserved early below 16 MB, and that is at least the image.
    private ReplayRow DmaPages(LogFigure figure)
    {
        long without = DmaWithoutReserve();
        long image = (Value("Memory code, KB") + Value("Memory data, KB") + Value("Memory init, KB")) / 4;
        return Bounded(figure, "reserved early", without - figure.Value, image, without, "pages");
    }

    // A sum of pages in which that zone is.
    private ReplayRow WithDma(LogFigure figure, long sum)
    {
        long own = (long)_machine->Pages.ZoneOf(0, 0)->PresentPages;
        if (_log.Value("node 0 DMA pages") is not { } printed)
        {
            long without = sum - own + DmaWithoutReserve();
            return Bounded(figure, "reserved early", without - figure.Value, 0, DmaWithoutReserve(), "pages");
        }

        long predicted = sum - own + printed;
        return new ReplayRow(
            figure.Name, predicted, figure.Value, figure.Line,
            predicted == figure.Value ? ReplayVerdict.Match : ReplayVerdict.Differ, "with the DMA zone as it is printed");
    }

    private static ReplayRow Bounded(LogFigure figure, string what, long value, long least, long most, string unit)
    {
        bool isWithin = value >= least && value <= most;
        string reason = string.Create(CultureInfo.InvariantCulture, $"{value} {unit} {what}: expected {least} .. {most}");
        return new ReplayRow(
            figure.Name, null, figure.Value, figure.Line, isWithin ? ReplayVerdict.NotPredictable : ReplayVerdict.Differ, reason);
    }

    // What a log tells of the reserved memory: mem_map, hash tables, image, INITRD, buffers of x86-64.
    private long Known()
    {
        // ARM gives back what describes a hole between banks.
        ulong pages = _isPc ? _machine->Bootmem.MaxPfn : (ulong)RamKilobytes(ulong.MaxValue) / 4;
        long memMap = (long)((pages * StructSizes.Page(_machine->Bootmem.Word)) >> 10);
        long tables = (Value("PID bytes") + Value("Dentry cache bytes") + Value("Inode-cache bytes")) / 1024;
        long image = Value("Memory code, KB") + Value("Memory data, KB") + Value("Memory init, KB");
        return memMap + tables + image + Initrd() + (long)(_log.DmaBufferSize >> 10);
    }

    // Sparse memory (x86-64 NUMA) has no map of holes.
    private long HoleMap()
    {
        ulong holes = _isI386 ? 0 : _machine->Bootmem.MaxPfn - ((ulong)RamKilobytes(ulong.MaxValue) / 4);
        return (long)((holes * StructSizes.Page(_machine->Bootmem.Word)) >> 10);
    }

    private long Initrd() => _log.Value("initrd freed, KB") ?? (long)(_machine->InitrdSize >> 10);

    // What may be reserved beside: an INITRD that the log does not tell of, or not yet; room for a crash kernel.
    private long Slack()
    {
        // What comes behind the place where a kernel says that it looks at its INITRD.
        bool isFurther = Array.Exists(
            (string[])["init freed, KB", "Dquot-cache entries", "IP route cache entries", "IP routing cache buckets"],
            name => _log.Value(name) is not null);
        bool mayHaveInitrd = Initrd() == 0 && (_log.HasInitrd || !isFurther);
        return (mayHaveInitrd ? MostInitrd : 0) + ReplayMachine.CrashKernelOf(_log.CommandLine);
    }

    // What goes with memory below the first range that is left of a map.
    private static bool IsOfLowMemory(string name, bool isX64) =>
        name is "Memory available, KB" or "Memory reserved, KB"
        || (isX64 && name is "node 0 totalpages" or "node 0 DMA pages" or "total pages");

    private long Value(string name) => _log.Value(name) ?? 0;

    private int LineOf(string name) => _log.Figures.Find(figure => figure.Name == name).Line;

    private long RamKilobytes(ulong endPfn)
    {
        ulong pages = 0;
        for (int i = 0; i < _machine->Info.BankCount; i++)
        {
            Bank bank = _machine->Info.Banks[i];
            ulong first = (bank.Start + 0xfff) >> 12;
            ulong end = ulong.Min((bank.Start + bank.Size) >> 12, endPfn);
            pages += bank.Size != 0 && first < end ? end - first : 0;
        }

        return (long)pages * 4;
    }

    private ulong NodePages(int node)
    {
        ulong pages = 0;
        for (int i = 0; i < _machine->Pages.ZonesPerNode; i++)
        {
            pages += _machine->Pages.ZoneOf(node, i)->PresentPages;
        }

        return pages;
    }

    private long DmaWithoutReserve() =>
        (long)(_machine->Pages.ZoneOf(0, 0)->PresentPages + _machine->X86.DmaReservedPages);

    // Six batches of each zone but high memory, in KB.
    private long PerCpuMost()
    {
        long pages = 0;
        foreach (nint zone in ZonesOf())
        {
            pages += ((Zone*)zone)->Kind == ZoneKind.HighMem ? 0 : ((Zone*)zone)->Batch * 6L;
        }

        return pages * 4;
    }

    // High memory goes page by page: how many of its pages stay on the list can be computed.
    private long HighMemHeld()
    {
        long pages = 0;
        foreach (nint zone in ZonesOf())
        {
            pages += ((Zone*)zone)->Kind == ZoneKind.HighMem ? Zone.PageSetOf((Zone*)zone, 0)->Hot.Count : 0;
        }

        return pages;
    }

    private List<nint> ZonesOf()
    {
        List<nint> zones = [];
        for (int node = 0; node < _machine->NodeCount; node++)
        {
            for (int i = 0; _machine->Pages.IsOnline(node) && i < _machine->Pages.ZonesPerNode; i++)
            {
                zones.Add((nint)_machine->Pages.ZoneOf(node, i));
            }
        }

        return zones;
    }
}
