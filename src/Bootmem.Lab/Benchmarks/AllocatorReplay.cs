using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bootmem.Lab.Scripts;

namespace Bootmem.Lab.Benchmarks;

/// <summary>The allocator itself. Bitmaps lie in the same memory each time.</summary>
internal sealed class AllocatorReplay(ScriptHeader header, int nodeCount, ScriptStep[] steps) : IReplay
{
    /// <summary>The machine that makes the calls.</summary>
    public ScriptMachine Machine { get; } = new(header, nodeCount);

    public double Replay(int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Once();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    public void Dispose() => Machine.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Once()
    {
        Machine.Reset();
        Machine.Run(steps, default);
    }
}
