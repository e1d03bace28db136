using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Checks;
using Bootmem.Lab.Scripts;

namespace Bootmem.Fuzz;

/// <summary>
/// What is done to an input: each target reads it, holds what it read to what must be true of it, and throws
/// <see cref="FuzzFindingException"/> where it is not. Bad input is no finding: it is an error of one line.
/// </summary>
public static partial class FuzzTargets
{
    /// <summary>The targets by name.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } =
        new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
        {
            ["atag"] = Atag,
            ["dtb"] = Dtb,
            ["dts"] = Dts,
            ["log"] = Log,
            ["map"] = Map,
            ["script"] = Script,
        };

    /// <summary>The longest input in bytes. What is longer is left out: it only takes longer.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>Runs a target on one input.</summary>
    /// <param name="target">One of <see cref="All"/>.</param>
    /// <param name="input">The input.</param>
    public static void Run(string target, byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length <= MostBytes)
        {
            All[target](input);
        }
    }

    private static void Atag(byte[] input)
    {
        if (MachineFile.Detect(input) == MachineFileFormat.AtagList)
        {
            ReadMachine(input, "x.atags");
        }
    }

    // A blob that opens can be written as source, and the source gives the same machine again.
    private static void Dtb(byte[] input)
    {
        if (MachineFile.Detect(input) != MachineFileFormat.DeviceTreeBlob)
        {
            return;
        }

        string? machine = ReadMachine(input, "x.dtb");
        if (machine is null)
        {
            return;
        }

        string source;
        using (MachineFile file = MachineFile.Read(input, "x.dtb"))
        {
            try
            {
                source = DtsWriter.Write(file.Blob);
            }
            catch (MachineFileException e)
            {
                OneLine(e.Message);
                return;
            }
        }

        byte[] text = Encoding.Latin1.GetBytes(source);
        try
        {
            byte[] blob = DtsCompiler.Compile(text, "x.dts", NoFolder);
            using MachineFile again = MachineFile.Read(blob, "again.dtb");
            Same(machine, DescribeMachine(again), "the machine of the source is another one");
        }
        catch (MachineFileException e) when (IsMoreThanSourceTakes(e.Message))
        {
            OneLine(e.Message);
        }
        catch (MachineFileException e)
        {
            throw new FuzzFindingException($"a blob's own source is refused: {e.Message}");
        }
    }

    // Source has bounds that a blob has not, and is strict with phandles.
    private static bool IsMoreThanSourceTakes(string message) =>
        message.Contains("expected at most", StringComparison.Ordinal)
        || message.Contains(": phandle: ", StringComparison.Ordinal);

    // What compiles, opens, and compiles to the same bytes when it has gone through a blob once.
    private static void Dts(byte[] input)
    {
        byte[] blob;
        try
        {
            blob = DtsCompiler.Compile(input, "x.dts", NoFolder);
        }
        catch (MachineFileException e)
        {
            OneLine(e.Message);
            return;
        }

        ReadMachine(blob, "x.dtb");
        Tree(blob);
    }

    private static unsafe void Tree(byte[] blob)
    {
        fixed (byte* bytes = blob)
        {
            if (!FdtBlob.TryOpen(bytes, (ulong)blob.Length, out FdtBlob tree, out _))
            {
                throw new FuzzFindingException("what was compiled does not open");
            }

            byte[] source;
            try
            {
                source = Encoding.Latin1.GetBytes(DtsWriter.Write(tree));
            }
            catch (MachineFileException e)
            {
                throw new FuzzFindingException($"what was compiled cannot be written: {e.Message}");
            }

            byte[] again = DtsCompiler.Compile(source, "again.dts", NoFolder);
            if (!again.AsSpan().SequenceEqual(blob))
            {
                throw new FuzzFindingException("a tree that was compiled and written compiles to another blob");
            }
        }
    }

    // A script that was written with its outcomes holds when it is run again.
    private static void Script(byte[] input)
    {
        if (!ScriptFile.TryParse("x.bm", input, out ScriptFile? script, out ScriptError? error))
        {
            OneLine(error.ToString());
            return;
        }

        using StringWriter trace = new();
        ScriptRunOptions options = new() { Writes = true, Trace = trace, MaxMapBytes = 1 << 20 };
        ScriptResult first = ScriptRunner.Run(script, options);
        if (first.Error is not null)
        {
            OneLine(first.Error.ToString());
            return;
        }

        if (!ScriptFile.TryParse("y.bm", first.Written.ToArray(), out ScriptFile? written, out error))
        {
            throw new FuzzFindingException($"what was written is no script: {error}");
        }

        ScriptResult second = ScriptRunner.Run(written, options with { Trace = null });
        Same("0", $"{second.Differences.Count}", "what was written does not hold");
        Same($"{first.Calls}", $"{second.Calls}", "what was written runs another number of calls");
        Explain(script, first.Calls - 1);
    }

    // The last call that was run, if it allocates.
    private static void Explain(ScriptFile script, int index)
    {
        if (index < 0 || !script.Steps[index].IsAllocation)
        {
            return;
        }

        using StringWriter writer = new();
        if (!ScriptExplainer.TryExplain(script, script.Steps[index].Line, null, writer, out ScriptError? error))
        {
            throw new FuzzFindingException($"a call that was run is not explained: {error}");
        }
    }

    // The machine as text, or null if there is none.
    private static string? ReadMachine(byte[] input, string name)
    {
        try
        {
            using MachineFile file = MachineFile.Read(input, name, NoFolder);
            Check(file);
            return DescribeMachine(file);
        }
        catch (MachineFileException e)
        {
            OneLine(e.Message);
            return null;
        }
    }

    // What two owners share is in both; what was placed is in RAM and in nobody's way.
    private static void Check(MachineFile file)
    {
        CheckResult result;
        try
        {
            result = MachineCheck.Run(file, new CheckOptions
            {
                Kernel = new ByteRange(0x6000_8000, 0x6020_8000),
                DeviceTreeAt = file.Format is MachineFileFormat.DeviceTreeBlob ? 0x6200_0000UL : null,
            });
        }
        catch (MachineException e)
        {
            OneLine(e.Message);
            return;
        }

        foreach (CheckFinding finding in result.Findings)
        {
            OneLine(finding.Text);
            if (finding.Common is ByteRange common
                && finding.Owners.Any(owner => common.Start < owner.Start || common.End > owner.End))
            {
                throw new FuzzFindingException($"not common to both: {finding.Text}");
            }
        }

        IReadOnlyList<ByteRange> ram = result.Picture.Ram();
        foreach (OwnedRange placed in result.Picture.Ranges.Where(range => range.Kind == RangeKind.Dynamic))
        {
            if (!ram.Any(part => part.Start <= placed.Start && placed.End <= part.End)
                || result.Picture.Ranges.Any(other => !ReferenceEquals(other, placed) && other.CommonWith(placed) is not null))
            {
                throw new FuzzFindingException($"placed where it cannot be: {placed}");
            }
        }

        using StringWriter report = new();
        CheckReport.Write("x", result, report);
        CheckReport.WriteJson("x", result, Stream.Null);
    }

    private static unsafe string DescribeMachine(MachineFile file)
    {
        ref BootInfo info = ref *file.Info;
        StringBuilder text = new();
        for (int i = 0; i < info.BankCount; i++)
        {
            Bank bank = info.Banks[i];
            text.Append(FormattableString.Invariant($"bank {bank.Start:x} {bank.Size:x} {bank.Node} {bank.NumaId}\n"));
        }

        for (int i = 0; i < info.ReservationCount; i++)
        {
            FirmwareReservation kept = info.Reservations[i];
            text.Append(FormattableString.Invariant($"kept {kept.Start:x} {kept.Size:x} {kept.IsHeader} {kept.IsNoMap}\n"));
        }

        text.Append(FormattableString.Invariant($"initrd {info.InitrdStart:x} {info.InitrdSize:x}\n"));
        text.Append(Encoding.Latin1.GetString(new ReadOnlySpan<byte>(info.CommandLine, info.CommandLineLength)));
        text.Append(Encoding.Latin1.GetString(new ReadOnlySpan<byte>(info.Model, info.ModelLength)));
        return text.ToString();
    }

    // Includes are looked up where there is nothing.
    private static string NoFolder => Path.Join(Path.GetTempPath(), "bootmem-fuzz-nothing", "x.dts");

    private static void OneLine(string message)
    {
        if (message.AsSpan().IndexOfAny('\n', '\r') >= 0 || message.Length > 64 << 10)
        {
            throw new FuzzFindingException($"an error is not one line: {message}");
        }
    }

    private static void Same(string expected, string got, string what)
    {
        if (expected != got)
        {
            throw new FuzzFindingException($"{what}: expected {expected}, got {got}");
        }
    }
}

/// <summary>Something that must be true is not.</summary>
public sealed class FuzzFindingException : Exception
{
    public FuzzFindingException()
    {
    }

    public FuzzFindingException(string message)
        : base(message)
    {
    }

    public FuzzFindingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
