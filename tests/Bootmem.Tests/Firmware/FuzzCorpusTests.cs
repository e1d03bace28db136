using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bootmem.Fuzz;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>
/// The fuzzer's targets over its seeds and over what it once found: each input gives a machine, a script or an error of
/// one line. docs/fuzzing.md says how more are found.
/// </summary>
public sealed class FuzzCorpusTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Inputs() => FuzzTargets.All.Keys.SelectMany(target =>
        Directory.EnumerateFiles(RepositoryRoot.Combine("tests", "Bootmem.Fuzz", "corpus", target))
            .Select(path => new TheoryDataRow<string, string>(target, Path.GetFileName(path))));

    [Theory]
    [MemberData(nameof(Inputs))]
    public void NothingIsFoundIn(string target, string file) =>
        FuzzTargets.Run(
            target, File.ReadAllBytes(RepositoryRoot.Combine("tests", "Bootmem.Fuzz", "corpus", target, file)));

    [Fact]
    public void EveryTargetHasSeeds() =>
        Assert.All(
            FuzzTargets.All.Keys, target => Assert.True(Inputs().Count(row => row.Data.Item1 == target) > 1, target));
}
