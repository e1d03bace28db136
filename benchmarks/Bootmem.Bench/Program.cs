using System;
using System.CommandLine;
using System.CommandLine.Help;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Bootmem.Lab.Benchmarks;

namespace Bootmem.Bench;

/// <summary><c>./bench</c>: the speed table, and each part by itself.</summary>
internal static class Program
{
    private const int LeastReplays = 20;
    private const int MostReplays = 100_000;

    // A median of so many is steady, even where the machine has two speeds.
    private const int DefaultReplays = 100;
    private const int BadInput = 2;

    private static int Main(string[] args)
    {
        // BenchmarkDotNet reads its own arguments.
        if (args.Length != 0 && args[0] == "parts")
        {
            string[] rest = args[1..];

            // It builds a program for each: on a busy machine that takes longer than its own limit.
            ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
                .WithBuildTimeout(TimeSpan.FromMinutes(15));
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
                .Run(rest.Length == 0 ? ["--filter", "*"] : rest, config);
            return 0;
        }

        ParseResult parsed = Create().Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return parsed.Invoke();
        }

        foreach (var problem in parsed.Errors)
        {
            Console.Error.WriteLine($"bench: {problem.Message}");
        }

        Console.Error.WriteLine("bench: --help shows how it is used.");
        return BadInput;
    }

    private static Command Create()
    {
        Option<string> against = new("--against")
        {
            Description = "What scripts are raced against: gcc, an allocator in C that goes bit by bit, compiled with "
                + "gcc -O2; or naive, one in C#.",
            HelpName = "WHAT",
            DefaultValueFactory = _ => "gcc",
        };
        against.Validators.Add(result =>
        {
            if (result.Tokens.Count != 0 && result.Tokens[0].Value is not ("gcc" or "naive"))
            {
                result.AddError($"--against: found \"{result.Tokens[0].Value}\", expected gcc or naive");
            }
        });
        Option<int> replays = new("--replays")
        {
            Description = $"How many replays a line, {LeastReplays} to {MostReplays}. Where the reference "
                + $"takes long it is {ScriptBench.MostSlowSamples} at the most.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultReplays,
        };
        replays.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? $"{DefaultReplays}" : result.Tokens[0].Value;
            if (!int.TryParse(text, out int count) || count is < LeastReplays or > MostReplays)
            {
                result.AddError($"--replays: found {text}, expected {LeastReplays} to {MostReplays}");
            }
        });
        Option<bool> quick = new("--quick") { Description = "Leave the conformance scripts out: some minutes less." };
        Command command = new(
            "bench",
            "Measures the speed table: what is asked of the allocator and what it reaches, medians of one run. "
                + "'bench parts' measures each part by itself, with BenchmarkDotNet, and takes its arguments.")
        {
            new HelpOption(), against, replays, quick,
        };
        command.SetAction(parsed =>
        {
            Opponent opponent = parsed.GetValue(against) == "naive" ? Opponent.Naive : Opponent.Gcc;
            SpeedTableOptions options = new(opponent, parsed.GetValue(replays), parsed.GetValue(quick));
            using SpeedTable table = new(options, Console.Out);
            return table.Run() ? 0 : BadInput;
        });
        return command;
    }
}
