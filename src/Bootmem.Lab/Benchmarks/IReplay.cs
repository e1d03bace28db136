using System;

namespace Bootmem.Lab.Benchmarks;

/// <summary>One allocator that can make the calls of one script again and again.</summary>
internal interface IReplay : IDisposable
{
    /// <summary>Makes all calls, each time from a machine without a node.</summary>
    /// <param name="count">How many times.</param>
    /// <returns>How long one time took, in nanoseconds.</returns>
    double Replay(int count);
}
