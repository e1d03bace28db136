using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The yardstick in C, running in a process of its own, which measures its own time.</summary>
internal sealed class YardstickReplay : IReplay
{
    private const int NumbersPerCall = 6;

    private readonly Process _process;
    private readonly string _calls;
    private readonly string _outcomes;
    private readonly int _callCount;

    /// <summary>Starts the yardstick on a script.</summary>
    /// <param name="build">Compiles it.</param>
    /// <param name="header">The machine and its kernel.</param>
    /// <param name="nodeCount">Room for how many nodes.</param>
    /// <param name="steps">The calls; none whose outcome the kernel leaves undefined.</param>
    /// <exception cref="YardstickException">It cannot be compiled, or does not run.</exception>
    public YardstickReplay(YardstickBuild build, ScriptHeader header, int nodeCount, ReadOnlySpan<ScriptStep> steps)
    {
        string program = build.ProgramFor(header);
        _calls = Path.Combine(build.DirectoryName, "calls");
        _outcomes = Path.Combine(build.DirectoryName, "outcomes");
        _callCount = steps.Length;
        WriteCalls(_calls, nodeCount, steps);
        _process = Process.Start(new ProcessStartInfo(program, [_calls, _outcomes])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Answer();
    }

    /// <summary>What each call gave.</summary>
    public ScriptOutcome[] Outcomes()
    {
        ReadOnlySpan<ulong> numbers = MemoryMarshal.Cast<byte, ulong>(File.ReadAllBytes(_outcomes));
        ScriptOutcome[] outcomes = new ScriptOutcome[_callCount];
        for (int i = 0; i < numbers.Length / 2 && i < outcomes.Length; i++)
        {
            outcomes[i] = new ScriptOutcome((ScriptOutcomeKind)numbers[2 * i], numbers[(2 * i) + 1]);
        }

        return outcomes;
    }

    public double Replay(int count)
    {
        _process.StandardInput.WriteLine(count);
        _process.StandardInput.Flush();
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_calls);
        File.Delete(_outcomes);
    }

    private string Answer() =>
        _process.StandardOutput.ReadLine() ?? throw new YardstickException("the yardstick ended: found no answer, expected a time");

    private static void WriteCalls(string file, int nodeCount, ReadOnlySpan<ScriptStep> steps)
    {
        ulong[] numbers = new ulong[2 + (NumbersPerCall * steps.Length)];
        numbers[0] = (ulong)nodeCount;
        numbers[1] = (ulong)steps.Length;
        Span<ulong> next = numbers.AsSpan(2);
        foreach (ref readonly ScriptStep step in steps)
        {
            next[0] = (ulong)step.Op;
            next[1] = (ulong)step.Node;
            next[2] = step.A;
            next[3] = step.B;
            next[4] = step.C;
            next[5] = step.D;
            next = next[NumbersPerCall..];
        }

        File.WriteAllBytes(file, MemoryMarshal.AsBytes(numbers.AsSpan()));
    }
}
