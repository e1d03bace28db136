using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli;

/// <summary><c>bootmem run</c>: runs scripts and holds them to the outcomes that they carry.</summary>
internal sealed class RunCommand
{
    private const string Description = "Runs scripts of bootmem calls and checks the outcomes that they carry.";

    private const string More = """
        Exit code: 0 if all outcomes hold, 1 if some differ, 2 for bad input.

        Examples:
          bootmem run scripts/merge.bm            check one script
          bootmem run tests/conformance           check a directory
          bootmem run --trace scripts/goal.bm     tell what each call did, and why
          bootmem run --kernel 2.6.15 full.bm     what another kernel makes of it
          bootmem run --write mine.bm             fill in the outcomes
          bootmem run --map scripts/merge.bm      the memory as a picture
          bootmem run --summary scripts/merge.bm  what it loses to whole pages, by call
          echo alloc_bootmem 64 | bootmem run --write -
        """;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly ScriptRunOptions _options;
    private readonly bool _isJson;
    private readonly List<ScriptResult> _results = [];

    private RunCommand(TextWriter output, TextWriter error, ScriptRunOptions options, bool isJson)
    {
        _output = output;
        _error = error;
        _options = options;
        _isJson = isJson;
    }

    private string? RecordPath { get; init; }

    private MapStyle? Style { get; init; }

    private bool IsSummed { get; init; }

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "A script (.bm), a directory (all its *.bm, sorted), or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> kernel = new("--kernel")
        {
            Description = "Run with this kernel's bootmem in place of the script's own: 2.6.12 … 2.6.15.",
            HelpName = "VERSION",
        };
        Option<bool> write = new("--write")
        {
            Description = "Fill in and replace the outcomes in the file; with - write the script to standard output.",
        };
        Option<bool> trace = new("--trace") { Description = "Tell what each call did, and why it landed there." };
        Option<bool> summary = new("--summary")
        {
            Description = "Show what is lost to whole pages: bytes asked for and bytes taken, by call.",
        };
        Option<bool> json = new("--json") { Description = "Show the results as JSON." };
        Option<string?> record = BootCommand.RecordOption();
        MapOptions map = new();
        DocumentedCommand command = new("run", Description, More)
        {
            files, kernel, write, trace, summary, json, record,
        };
        map.AddTo(command);
        kernel.Validators.Add(result =>
        {
            string version = result.GetValueOrDefault<string>() ?? "";
            if (!KernelVersions.TryParse(Encoding.UTF8.GetBytes(version), out _))
            {
                result.AddError($"--kernel: no such kernel: found \"{version}\", expected 2.6.12, 2.6.12.1 … 2.6.12.6, "
                    + "2.6.13, 2.6.13.1, 2.6.14 or 2.6.15");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && (result.GetValue(trace) || result.GetValue(write)))
            {
                result.AddError("--json: found --trace or --write beside it, expected neither");
            }
        });
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool isTraced = parsed.GetValue(trace);
            ScriptRunOptions options = new()
            {
                Version = parsed.GetValue(kernel) is string name
                    && KernelVersions.TryParse(Encoding.UTF8.GetBytes(name), out KernelVersion version)
                    ? version : null,
                Trace = isTraced ? output : null,
                Writes = parsed.GetValue(write),
            };
            TextWriter error = parsed.InvocationConfiguration.Error;
            return BootCommand.Guard(error, () =>
            {
                RunCommand run = new(output, error, options, parsed.GetValue(json))
                {
                    RecordPath = parsed.GetValue(record),
                    Style = map.StyleOf(parsed, output),
                    IsSummed = parsed.GetValue(summary),
                };
                return run.Run(parsed.GetRequiredValue(files));
            });
        });
        return command;
    }

    private int Run(string[] files)
    {
        // The script itself goes to standard output where standard input is written back.
        bool isFilter = _options.Writes && Array.IndexOf(files, "-") >= 0;
        TextWriter report = isFilter ? _error : _output;
        ScriptSource[] sources = [.. files.SelectMany(ScriptSource.Find)];
        if (RecordPath is not null && sources.Length != 1)
        {
            throw new MachineException($"--record: found {sources.Length} scripts, expected one");
        }

        foreach (ScriptSource source in sources)
        {
            RunOne(source, isFilter, report);
        }

        if (_isJson)
        {
            using MemoryStream json = new();
            ScriptReport.WriteJson(_results, json);
            _output.WriteLine(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
        }
        else
        {
            report.WriteLine(ScriptReport.Summary(_results));
        }

        return ExitCode();
    }

    private void RunOne(ScriptSource source, bool isFilter, TextWriter report)
    {
        ScriptRunOptions options = isFilter && _options.Trace != null ? _options with { Trace = _error } : _options;
        ScriptResult result = source.TryLoad(out ScriptFile? script, out ScriptError? error)
            ? ScriptRunner.Run(script, options)
            : ScriptResult.Bad(error);
        if (result.Error == null && options.Writes)
        {
            result = Write(source, script!, result, report);
        }

        if (script is not null && result.Error == null && IsSummed)
        {
            result = result with { Rounding = ScriptRounding.Of(script, options.Version) };
        }

        if (result.Error != null)
        {
            _error.WriteLine(result.Error);
        }
        else if (!_isJson)
        {
            ScriptReport.WriteDifferences(result, report);
            if (result.Rounding is not null)
            {
                report.WriteLine($"{result.File}:");
                ScriptReport.WriteRounding(result.Rounding, report);
            }

            if (result.NotRun != 0)
            {
                report.WriteLine($"{result.File}: {result.NotRun} calls behind the end were not run");
            }
        }

        if (script is not null && result.Error == null && (RecordPath ?? (object?)Style) is not null)
        {
            Recording recording = ScriptRecorder.Record(script, options.Version);
            BootCommand.Draw(recording, RecordPath, Style, report);
        }

        _results.Add(result);
    }

    // What is written holds: no difference is left.
    private ScriptResult Write(ScriptSource source, ScriptFile script, ScriptResult result, TextWriter report)
    {
        ReadOnlyMemory<byte> written = result.Written;
        result = result with { Written = default, Differences = [] };
        if (source.IsStandardInput)
        {
            _output.Write(Encoding.UTF8.GetString(written.Span));
            return result;
        }

        if (script.HasText(written.Span))
        {
            report.WriteLine($"{source.Name}: nothing to write");
            return result;
        }

        if (source.TryReplace(written, out ScriptError? error))
        {
            report.WriteLine($"{source.Name}: written");
            return result;
        }

        return ScriptResult.Bad(error);
    }

    private int ExitCode()
    {
        int code = CommandLine.Success;
        foreach (ScriptResult result in _results)
        {
            if (result.Error != null)
            {
                return CommandLine.BadInput;
            }

            code = result.Differences.Count != 0 ? CommandLine.Differs : code;
        }

        return code;
    }
}
