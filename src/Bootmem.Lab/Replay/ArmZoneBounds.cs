using System;
using Bootmem.Boot;
using Bootmem.Lab.Logs;

namespace Bootmem.Lab.Replay;

/// <summary>
/// Zones of ARM that the machine's own code adjusts: all pages are in DMA unless a bus reaches a part of them only.
/// Where DMA ends cannot be predicted; that the zones together are the node, and their batches, can.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="machine">The machine, booted with all pages in DMA.</param>
internal readonly unsafe struct ArmZoneBounds(BootLog log, Machine* machine)
{
    /// <summary>Judges a figure of an adjusted node; null for any other.</summary>
    public ReplayRow? Of(LogFigure figure)
    {
        string[] words = figure.Name.Split(' ');
        bool isZone = words is ["node", _, "DMA" or "Normal", "pages" or "batch"];
        if (!isZone || !int.TryParse(words[1], out int node) || node >= machine->NodeCount || !IsAdjusted(node))
        {
            return null;
        }

        if (words[3] == "pages")
        {
            return new ReplayRow(
                figure.Name, null, figure.Value, figure.Line, ReplayVerdict.NotPredictable,
                "the machine adjusts its zones: together they are all pages of the node");
        }

        ulong pages = (ulong)(log.Value($"node {node} {words[2]} pages") ?? 0);
        FigureRules rules = new(machine->Config);
        long batch = (long)ZoneBatch.Of(machine->Bootmem.Word, pages, rules.HasPowerBatch, rules.HasShortBatch);
        return new ReplayRow(
            figure.Name, batch, figure.Value, figure.Line,
            batch == figure.Value ? ReplayVerdict.Match : ReplayVerdict.Differ, "with the zone as it is printed");
    }

    // Several zones, which have the pages of the node.
    private bool IsAdjusted(int node)
    {
        long dma = log.Value($"node {node} DMA pages") ?? 0;
        long others = (log.Value($"node {node} Normal pages") ?? 0) + (log.Value($"node {node} HighMem pages") ?? 0);
        long pages = 0;
        for (int i = 0; i < machine->Pages.ZonesPerNode; i++)
        {
            pages += (long)machine->Pages.ZoneOf(node, i)->PresentPages;
        }

        return others != 0 && dma + others == pages;
    }
}
