using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Bootmem.Tests.Freestanding;

/// <summary>The compiled allocator and boot path need no runtime; and the check for it sees what it should.</summary>
public sealed class FreestandingTests
{
    [Theory]
    [InlineData("Bootmem")]
    [InlineData("Bootmem.Boot")]
    public void TheCompiledCodeNeedsNoRuntime(string name)
    {
        // On bare metal that class has a file of its own: the image would not build without. Here it may use vectors,
        // and nothing else that others may not.
        string[] violations = [.. FreestandingRules.Violations(Assembly.Load(name), _ => true).Where(line =>
            !line.StartsWith("Bootmem.VectorBits.", StringComparison.Ordinal)
            || !line.Contains(": System.Runtime.Intrinsics.", StringComparison.Ordinal))];
        Assert.True(violations.Length == 0, string.Join('\n', violations));
    }

    [Theory]
    [InlineData(typeof(BadSamples.NewObject), "newobj: an instance of System.Object lives on the heap")]
    [InlineData(typeof(BadSamples.NewArray), "newarr: an array lives on the heap")]
    [InlineData(typeof(BadSamples.Box), "box: a box lives on the heap")]
    [InlineData(typeof(BadSamples.Text), "ldstr: a string lives on the heap")]
    [InlineData(typeof(BadSamples.Throw), "throw: there are no exceptions")]
    [InlineData(typeof(BadSamples.Catch), "an exception region")]
    [InlineData(typeof(BadSamples.Finally), "an exception region")]
    [InlineData(typeof(BadSamples.Divide), "div: bare metal may have no division")]
    [InlineData(typeof(BadSamples.DivideUnsigned), "div.un: bare metal may have no division")]
    [InlineData(typeof(BadSamples.Remainder), "rem: bare metal may have no division")]
    [InlineData(typeof(BadSamples.RemainderUnsigned), "rem.un: bare metal may have no division")]
    [InlineData(typeof(BadSamples.Lambda), "newobj: an instance of System.Func`2[System.Int32,System.Int32] lives")]
    [InlineData(typeof(BadSamples.Delegate), "a class of which there can be instances")]
    [InlineData(typeof(BadSamples.Initialiser), ".cctor: nobody runs static initialisers")]
    [InlineData(typeof(BadSamples.StackAllocation), "localloc: frames are of a fixed size")]
    [InlineData(typeof(BadSamples.ClassLibrary), "System.Math.Max is not on the list")]
    [InlineData(typeof(BadSamples.Virtual), "callvirt: there are no objects")]
    [InlineData(typeof(BadSamples.Cast), "isinst: there are no objects")]
    [InlineData(typeof(BadSamples.Instance), "a class of which there can be instances")]
    [InlineData(typeof(BadSamples.Field), "a field of type System.String")]
    [InlineData(typeof(BadSamples.Parameter), "parameter text is of type System.String")]
    [InlineData(typeof(BadSamples.InGeneric<>), "newarr: an array lives on the heap")]
    public void TheCheckSees(Type sample, string expected)
    {
        IReadOnlyList<string> violations = FreestandingRules.Violations(sample.Assembly, x => x == sample);
        Assert.Contains(violations, x => x.Contains(expected, StringComparison.Ordinal));
        Assert.All(violations, x => Assert.Contains(sample.Name, x, StringComparison.Ordinal));
    }

    [Fact]
    public void TheCheckPassesWhatIsFine()
    {
        IReadOnlyList<string> violations =
            FreestandingRules.Violations(typeof(GoodSample).Assembly, x => x == typeof(GoodSample));
        Assert.Empty(violations);
    }

    [Fact]
    public void EveryBadSampleIsTried()
    {
        CustomAttributeData[] rows = [.. typeof(FreestandingTests).GetMethod(nameof(TheCheckSees))!
            .GetCustomAttributesData().Where(x => x.AttributeType == typeof(InlineDataAttribute))];
        Assert.Equal(typeof(BadSamples).GetNestedTypes(BindingFlags.NonPublic).Length, rows.Length);
    }
}
