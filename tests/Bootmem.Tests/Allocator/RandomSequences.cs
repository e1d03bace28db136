using System.Globalization;
using System.Threading;
using CsCheck;
using Xunit;

namespace Bootmem.Tests.Allocator;

/// <summary>
/// Random sequences of calls on random machines: all versions, both widths, three searches, one to four nodes, five
/// page sizes, allocator against reference. A sequence ends at its first bug, panic or undefined call. CsCheck prints
/// the seed of a failure and the shortest sequence it found.
/// </summary>
public sealed class RandomSequences
{
    private const int Sequences = 40_000;

    [Fact]
    public void AgreeWithTheReference()
    {
        int[,] counts = new int[Calls.Count, 4];
        SequenceGenerator.Sequences.Sample(
            x => x.Play((call, kind) => Interlocked.Increment(ref counts[(int)call, (int)kind]), isIndexed: false),
            iter: Sequences);

        // Sequences that all die young would prove little: every call comes back, and faults, often enough.
        for (Call call = 0; call < Call.alloc_large_system_hash; call++)
        {
            string name = call.ToString();
            int returned = counts[(int)call, (int)FaultKind.None];
            Assert.True(returned > 100, $"{name} came back {returned.ToString(CultureInfo.InvariantCulture)} times");
            bool isOftenBug =
                call > Call.init_bootmem_node && call != Call.free_all_bootmem && !Calls.IsLimitCall(call);
            Assert.True(!isOftenBug || counts[(int)call, (int)FaultKind.Bug] > 0, $"{name} never was a bug");
            bool canPanic = call >= Call.__alloc_bootmem;
            Assert.True(!canPanic || counts[(int)call, (int)FaultKind.Panic] > 0, $"{name} never was a panic");
        }
    }

    [Fact]
    public void AgreeWithTheReferenceWithAnIndex() =>
        SequenceGenerator.Sequences.Sample(x => x.Play((_, _) => { }, isIndexed: true), iter: Sequences / 2);
}
