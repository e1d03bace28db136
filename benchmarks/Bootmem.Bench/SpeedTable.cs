using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bootmem.Lab.Benchmarks;
using Bootmem.Lab.Scripts;

namespace Bootmem.Bench;

/// <summary>The whole speed table: what is asked of the allocator, and what it reaches, in one run.</summary>
internal sealed class SpeedTable(SpeedTableOptions options, TextWriter output) : IDisposable
{
    private static readonly (string Script, string Work, double Asked)[] s_raced =
    [
        ("machine-biscuitos-32-2.6.12", "the article's machine, all calls of its boot", 2),
        ("machine-i386-512m-32-2.6.12", "a PC of 512 MiB, the same", 5),
        ("small-allocations", "10,000 allocations of 1-200 bytes, with frees between", 1.5),
        ("fragmented-64g", "64 GiB, every 8th page reserved, 200 x 64 KiB", 50),
        ("nodes-1t", "1 TiB in 8 nodes, boot to hand-over", 200),
        ("aligned-1t", "1 TiB half full at random, 2 MiB until none is left", 100),
    ];

    private readonly Opponent _opponent = options.Opponent;
    private readonly ScriptBench _bench = new(options.Opponent);
    private readonly List<TableRow> _rows = [];

    /// <summary>Measures and prints all lines.</summary>
    /// <returns>Whether all could be measured.</returns>
    public bool Run()
    {
        string scripts = Repository.Combine(".bootmem", "bench");
        BenchScripts.Generate(scripts);
        Train(scripts);
        output.WriteLine(TableRow.Head);
        foreach ((string script, string work, double asked) in s_raced)
        {
            string folder = script.StartsWith("machine-", StringComparison.Ordinal) ? Conformance : scripts;
            Race(Path.Combine(folder, script + ".bm"), work, asked);
        }

        foreach (TableRow row in MapSpeed.Measure(options.Replays).Concat(SearchSpeed.Measure(options.Replays)))
        {
            Add(row);
        }

        if (!options.IsQuick)
        {
            RaceConformance();
        }

        int reached = _rows.Count(row => row.IsReached);
        output.WriteLine($"{reached} of {_rows.Count} lines reached; {options.Replays} replays a line, "
            + $"{Math.Min(options.Replays, ScriptBench.MostSlowSamples)} where the reference takes long");
        return !HasFailed;
    }

    /// <summary>Removes what was compiled for the race.</summary>
    public void Dispose() => _bench.Dispose();

    private static string Conformance => Repository.Combine("tests", "conformance");

    private bool HasFailed { get; set; }

    private void Add(TableRow row)
    {
        _rows.Add(row);
        output.WriteLine(row);
        output.Flush();
    }

    private void Race(string file, string work, double asked)
    {
        if (Measure(file) is BenchResult result)
        {
            Add(RowOf(result, work, asked));
        }
    }

    private TableRow RowOf(BenchResult result, string work, double asked) => new()
    {
        Work = work,
        OurNs = result.MedianNs,
        ReferenceNs = result.OpponentMedianNs,
        Ratio = result.Ratio,
        Reference = _opponent == Opponent.Gcc ? "C, gcc -O2" : "C#, bit by bit",
        Asked = asked,
    };

    // On all that is raced, in the order of the table.
    private void Train(string scripts)
    {
        List<ScriptFile> all = [];
        foreach (ScriptSource source in ScriptSource.Find(scripts).Concat(ScriptSource.Find(Conformance)))
        {
            if (source.TryLoad(out ScriptFile? script, out _))
            {
                all.Add(script);
            }
        }

        ScriptBench.Train(all);
    }

    // Each must be no slower: the worst is shown.
    private void RaceConformance()
    {
        List<BenchResult> results = [];
        foreach (ScriptSource source in ScriptSource.Find(Conformance))
        {
            if (Measure(source.Name) is BenchResult result)
            {
                results.Add(result);
            }
        }

        if (results.MinBy(result => result.Ratio) is BenchResult worst)
        {
            string name = Path.GetFileNameWithoutExtension(worst.Script);
            Add(RowOf(worst, $"worst of {results.Count} conformance scripts: {name}", 1));
            foreach (BenchResult other in results.Where(result => result != worst))
            {
                TableRow row = RowOf(other, $"conformance: {Path.GetFileNameWithoutExtension(other.Script)}", 1);
                if (!row.IsReached)
                {
                    Add(row);
                }
            }
        }
    }

    private BenchResult? Measure(string file)
    {
        BenchResult? result = null;
        if (ScriptSource.Find(file)[0].TryLoad(out ScriptFile? script, out ScriptError? error))
        {
            result = _bench.Run(script, options.Replays, out error);
        }

        if (result is null)
        {
            HasFailed = true;
            output.WriteLine($"{error}");
        }

        return result;
    }
}

/// <summary>How the table is measured.</summary>
/// <param name="Opponent">What the scripts are raced against.</param>
/// <param name="Replays">How many replays a line.</param>
/// <param name="IsQuick">Whether the conformance scripts are left out.</param>
internal sealed record SpeedTableOptions(Opponent Opponent, int Replays, bool IsQuick);
