using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Bootmem.Lab.Benchmarks;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli;

/// <summary><c>bootmem bench</c>: replays scripts and says how long the calls take.</summary>
internal static class BenchCommand
{
    private const int DefaultReplays = 100;
    private const int MostReplays = 1_000_000;

    private const string Description = "Replays scripts of bootmem calls and measures how long they take.";

    private const string More = """
        Measured are the calls of a script, from a machine without a node to the end. Reading and printing are
        not; state and handed are left out. Scripts that are shorter than the clock can tell are replayed
        several times a sample.
        Exit code: 0, or 2 for bad input or where outcomes differ from those of the bit-by-bit allocator.

        Examples:
          bootmem bench scripts/merge.bm                    one script
          bootmem bench tests/conformance --json            a directory, as JSON
          bootmem bench --generate /tmp/scripts             write the scripts of the speed table
          bootmem bench /tmp/scripts --against gcc          race a C allocator that goes bit by bit, gcc -O2
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "A script (.bm), a directory (all its *.bm, sorted), or - for standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int> replays = new("--replays")
        {
            Description =
                $"How many replays to measure, 1 to {MostReplays}; of what is quick each is the mean of many.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultReplays,
        };
        Option<bool> json = new("--json") { Description = "Show the results as JSON." };
        Option<string> against = new("--against")
        {
            Description = "Race against an allocator that goes bit by bit, and compare: naive (C#) or gcc (C).",
            HelpName = "WHAT",
        };
        Option<string> generate = new("--generate")
        {
            Description = "Write the scripts of the speed table to a directory.",
            HelpName = "DIR",
        };
        DocumentedCommand command = new("bench", Description, More) { files, replays, json, against, generate };
        replays.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? "1" : result.Tokens[0].Value;
            if (!int.TryParse(text, out int count) || count is < 1 or > MostReplays)
            {
                result.AddError($"--replays: found {text}, expected 1 to {MostReplays}");
            }
        });
        against.Validators.Add(result =>
        {
            string what = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (what is not ("naive" or "gcc"))
            {
                result.AddError($"--against: found \"{what}\", expected naive or gcc");
            }
        });
        command.Validators.Add(result =>
        {
            bool hasFiles = result.GetResult(files)?.Tokens.Count > 0;
            bool generates = result.GetResult(generate) != null;
            if (hasFiles == generates)
            {
                result.AddError(hasFiles
                    ? "bench: found scripts beside --generate, expected one of them"
                    : "bench: found no script, expected a script, or --generate DIR");
            }
        });
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            TextWriter error = parsed.InvocationConfiguration.Error;
            return parsed.GetValue(generate) is string directory
                ? Generate(directory, output, error)
                : Run(
                    parsed.GetRequiredValue(files), parsed.GetValue(replays), OpponentOf(parsed.GetValue(against)),
                    parsed.GetValue(json), output, error);
        });
        return command;
    }

    private static Opponent OpponentOf(string? name) =>
        name switch { "naive" => Opponent.Naive, "gcc" => Opponent.Gcc, _ => Opponent.None };

    private static int Generate(string directory, TextWriter output, TextWriter error)
    {
        try
        {
            foreach (string file in BenchScripts.Generate(directory))
            {
                output.WriteLine(file);
            }

            return CommandLine.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine($"{directory}: the scripts cannot be written: found {e.Message} expected a directory that can");
            return CommandLine.BadInput;
        }
    }

    private static int Run(
        string[] files, int replays, Opponent opponent, bool isJson, TextWriter output, TextWriter error)
    {
        using ScriptBench bench = new(opponent);
        List<BenchResult> results = [];
        int code = CommandLine.Success;
        (ScriptFile? Script, ScriptError? Problem)[] scripts = [.. files.SelectMany(ScriptSource.Find).Select(Load)];
        ScriptBench.Train(scripts.Select(loaded => loaded.Script).OfType<ScriptFile>());
        foreach ((ScriptFile? script, ScriptError? unread) in scripts)
        {
            ScriptError? problem = unread;
            BenchResult? result = script == null ? null : bench.Run(script, replays, out problem);
            if (result == null)
            {
                code = CommandLine.BadInput;
                error.WriteLine(problem);
                continue;
            }

            results.Add(result);
            if (!isJson)
            {
                output.WriteLine(result);
                output.Flush();
            }
        }

        if (isJson)
        {
            output.WriteLine(ToJson(results));
        }

        return code;
    }

    private static (ScriptFile? Script, ScriptError? Problem) Load(ScriptSource source) =>
        source.TryLoad(out ScriptFile? script, out ScriptError? problem) ? (script, null) : (null, problem);

    private static string ToJson(List<BenchResult> results)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (BenchResult result in results)
            {
                json.WriteStartObject();
                json.WriteString("script", result.Script);
                json.WriteNumber("median_ns", Math.Round(result.MedianNs, 1));
                json.WriteNumber("min_ns", Math.Round(result.MinNs, 1));
                json.WriteNumber("spread_ns", Math.Round(result.SpreadNs, 1));
                json.WriteNumber("calls", result.Calls);
                json.WriteNumber("calls_per_s", Math.Round(result.CallsPerSecond));
                json.WriteNumber("replays", result.Replays);
                if (result.OpponentMedianNs > 0)
                {
                    json.WriteNumber(
                        result.Opponent == Opponent.Gcc ? "gcc_median_ns" : "naive_median_ns",
                        Math.Round(result.OpponentMedianNs, 1));
                    json.WriteNumber("ratio", Math.Round(result.Ratio, 2));
                    json.WriteNumber("min_ratio", Math.Round(result.MinRatio, 2));
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
