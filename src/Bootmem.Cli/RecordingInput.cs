using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Recordings;
using Bootmem.Lab.Replay;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli;

/// <summary>What the commands that draw take: a machine that they boot, a script that they run, or a
/// recording.</summary>
internal sealed class RecordingInput
{
    private readonly MachineArguments _machine = new("INPUT",
        "A machine (.dts, .dtb, .atags, .e820, a boot log), a script (.bm), or a recording; else the article's.");

    private readonly Option<string?> _stopAt = BootCommand.StopOption();

    /// <summary>Adds argument and options to a command.</summary>
    public void AddTo(Command command)
    {
        _machine.AddTo(command);
        command.Add(_stopAt);
    }

    /// <summary>Whether the user chose a kernel with <c>--kernel</c>.</summary>
    public bool HasKernel(ParseResult parsed) => _machine.KernelName(parsed) is not null;

    /// <summary>The recording that the user means.</summary>
    /// <exception cref="MachineException">The input is bad.</exception>
    public Recording Load(ParseResult parsed) => Load(parsed, kernel: null);

    /// <summary>The recording that the user means, with a kernel of the caller's choice.</summary>
    /// <exception cref="MachineException">The input is bad.</exception>
    public Recording Load(ParseResult parsed, string? kernel)
    {
        string? path = _machine.Path(parsed);
        if (path is not null && TryReadRecording(path, out Recording? recording))
        {
            return kernel is null ? recording
                : throw new MachineException(
                    $"{path}: found a recording, which has one kernel; expected a machine or a script");
        }

        using TerminalProgress? progress = TerminalProgress.Start("recording");
        kernel ??= _machine.KernelName(parsed);
        if (path is not null && (path == "-" || path.EndsWith(".bm", StringComparison.Ordinal)))
        {
            return RecordScript(path, kernel, progress);
        }

        using MachineHost host = (kernel is null ? OfLog(path) : null) ?? _machine.Load(parsed, kernel);
        return Boot(host, path ?? "machine", BootCommand.StopOf(parsed.GetValue(_stopAt)), out _, progress);
    }

    /// <summary>Boots a machine and records it. Where the kernel stops, the recording ends with the call that did
    /// it.</summary>
    public static Recording Boot(
        MachineHost host, string title, BootStep stop, out BootmemException? end, TerminalProgress? progress = null)
    {
        BootRecorder recorder = new(host, System.IO.Path.GetFileName(title));
        end = null;
        try
        {
            recorder.RunUntil(stop);
        }
        catch (BootmemException e)
        {
            end = e;
        }

        return recorder.Finish(progress);
    }

    /// <summary>Writes a recording.</summary>
    /// <exception cref="MachineException">The file cannot be written.</exception>
    public static void Save(Recording recording, string path)
    {
        int changes = recording.Steps.Sum(step => step.Changes.Count);
        if (changes > RecordingFile.MostChanges)
        {
            throw new MachineException(
                $"{path}: found {changes} changes of pages to write, expected at most {RecordingFile.MostChanges}");
        }

        SaveBytes(RecordingFile.Write(recording), path);
    }

    /// <summary>Writes a file that a command was asked for.</summary>
    /// <exception cref="MachineException">The file cannot be written.</exception>
    public static void SaveBytes(byte[] bytes, string path)
    {
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MachineException($"{path}: cannot be written: {e.Message}");
        }
    }

    // A boot log tells which kernel it was, and more: it is booted as replay does.
    private static MachineHost? OfLog(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        using MachineFile file = MachineFile.Load(path);
        bool isText = file.Format == MachineFileFormat.MemoryMapText;
        return isText && LogReplay.OptionsOf(BootLogReader.Load(path)) is MachineOptions options
            ? MachineHost.Load(path, options) : null;
    }

    /// <summary>What a file recorded.</summary>
    /// <exception cref="MachineException">It is no recording, or a bad one.</exception>
    public static Recording Read(string path) => TryReadRecording(path, out Recording? recording) ? recording
        : throw new MachineException(
            $"{path}: found no recording, expected what boot --record or run --record has written");

    /// <summary>The input as the user gave it; null for none.</summary>
    public string? Path(ParseResult parsed) => _machine.Path(parsed);

    private static Recording RecordScript(string path, string? kernel, TerminalProgress? progress)
    {
        KernelVersion? version = null;
        if (kernel is not null)
        {
            version = KernelVersions.TryParse(System.Text.Encoding.UTF8.GetBytes(kernel), out KernelVersion known)
                ? known
                : throw new MachineException($"--kernel: found '{kernel}', expected one of 2.6.12 … 2.6.15");
        }

        IReadOnlyList<ScriptSource> sources = ScriptSource.Find(path);
        return sources[0].TryLoad(out ScriptFile? script, out ScriptError? error)
            ? ScriptRecorder.Record(script, version, progress)
            : throw new MachineException(error.ToString());
    }

    private static bool TryReadRecording(
        string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Recording? recording)
    {
        recording = null;
        if (path == "-" || !File.Exists(path))
        {
            return false;
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> beginning = stackalloc byte[RecordingFile.Magic.Length];
            if (stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) < beginning.Length
                || !RecordingFile.IsRecording(beginning))
            {
                return false;
            }

            if (stream.Length > RecordingFile.MaxBytes)
            {
                throw new MachineException(
                    $"{path}: found {stream.Length} bytes, expected at most {RecordingFile.MaxBytes}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MachineException($"{path}: cannot be read: {e.Message}");
        }

        return RecordingFile.TryRead(path, File.ReadAllBytes(path), out recording, out string? error) ? true
            : throw new MachineException(error);
    }
}
