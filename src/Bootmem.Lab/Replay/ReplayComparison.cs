using System;
using System.Collections.Generic;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>Holds the figures of a log against those of the machine's boot.</summary>
internal sealed unsafe class ReplayComparison
{
    private readonly BootLog _log;
    private readonly ReplayBounds _bounds;
    private readonly FigureRules _rules;
    private readonly Dictionary<string, long> _predicted = [];

    public ReplayComparison(BootLog log, MachineHost host)
    {
        _log = log;
        _rules = new FigureRules(host.Machine->Config);
        LogFigures figures = new();
        foreach (LogLine line in host.Log.Lines)
        {
            _ = figures.TryRead(line.Text.Trim(), 0);
        }

        foreach (LogFigure figure in figures.Found)
        {
            _predicted[figure.Name] = figure.Value;
        }

        // free_initrd_mem(): long after the boot of memory is over, what was reserved for it.
        if (host.Machine->InitrdSize != 0)
        {
            _predicted["initrd freed, KB"] = (long)(host.Machine->InitrdSize >> 10);
        }

        AddUnsaid(host.Machine);
        _bounds = new ReplayBounds(log, host);
    }

    // What this release does not print and another one does, though the number is the same in all.
    private void AddUnsaid(Machine* machine)
    {
        _predicted.TryAdd("total pages", (long)machine->AllPages);
        _predicted.TryAdd("Mount-cache order", 0);
        _predicted.TryAdd("Mount-cache bytes", (long)machine->Bootmem.Word.PageSize);
        FigureRules rules = new(machine->Config);
        long none = (long)ZoneBatch.Of(machine->Bootmem.Word, 0, rules.HasPowerBatch, rules.HasShortBatch);
        for (int node = 0; node < machine->NodeCount; node++)
        {
            foreach (string zone in (string[])["DMA32", "Normal", "HighMem"])
            {
                _predicted.TryAdd($"node {node} {zone} pages", 0);
                _predicted.TryAdd($"node {node} {zone} batch", none);
            }
        }
    }

    public List<ReplayRow> Rows()
    {
        List<ReplayRow> rows = [];
        foreach (LogFigure figure in _log.Figures)
        {
            rows.Add(RowOf(figure));
        }

        if (_bounds.Sum() is { } sum)
        {
            rows.Add(sum);
        }

        return rows;
    }

    private ReplayRow RowOf(LogFigure figure)
    {
        if (_bounds.TryBound(figure, out ReplayRow? bounded))
        {
            return bounded;
        }

        if (GivenReason(figure.Name) is { } reason)
        {
            return new ReplayRow(figure.Name, null, figure.Value, figure.Line, ReplayVerdict.NotPredictable, reason);
        }

        if (!_predicted.TryGetValue(figure.Name, out long predicted))
        {
            return Missing(figure);
        }

        return new ReplayRow(
            figure.Name, predicted, figure.Value, figure.Line,
            predicted == figure.Value ? ReplayVerdict.Match : ReplayVerdict.Differ);
    }

    // A figure of a thing that the machine does not have is wrong, unless the rule for it is not known.
    private ReplayRow Missing(LogFigure figure)
    {
        bool isUnknownRule = figure.Name.StartsWith("TCP", StringComparison.Ordinal) && !_rules.HasTcpSystemHash;
        string reason = isUnknownRule ? "the rule of kernels before 2.6.11 is not known" : "this machine and kernel print no such figure";
        return new ReplayRow(
            figure.Name, null, figure.Value, figure.Line,
            isUnknownRule ? ReplayVerdict.NotPredictable : ReplayVerdict.Differ, reason);
    }

    // What the machine was made from cannot be predicted from it.
    private string? GivenReason(string name)
    {
        switch (name)
        {
            case "Memory code, KB" or "Memory data, KB" or "Memory init, KB":
                return "the kernel image's: taken from the log";
            case "initrd freed, KB" when !_predicted.ContainsKey(name):
                return "the INITRD's size is the boot loader's: the log does not tell it elsewhere";
            default:
                bool isNode = name.StartsWith("node ", StringComparison.Ordinal)
                    && (name.EndsWith(" start", StringComparison.Ordinal) || name.EndsWith(" end", StringComparison.Ordinal));
                return isNode && _log.AreNodesFromSetup ? "the firmware's nodes: taken from the log" : null;
        }
    }
}
