using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;
using Xunit;

namespace Bootmem.Tests.Logs;

/// <summary>The figures of 15 real boots come out of their memory maps, and a figure that is wrong is seen.</summary>
public sealed class ReplayTests
{
    // How many figures of each boot are predicted to the last digit.
    private static readonly Dictionary<string, int> _predicted = new()
    {
        ["03-i386-2.6.12-evo600c-640m"] = 35,
        ["04-x86_64-2.6.12-numa4-opteron846-8g"] = 52,
        ["06-x86_64-2.6.14-numa2-s2892-16g"] = 23,
        ["10-i386-2.6.9-rc4-thinkpad-80m"] = 26,
        ["12-x86_64-2.6.15-rc7-sk8v-4g"] = 35,
        ["13-i386-2.6.15-26-386-fic-256m"] = 42,
        ["16-i386-2.6.12-9-386-armada7750-e801-64m"] = 13,
        ["18-x86_64-2.6.13-proliant-xeon-5g"] = 20,
        ["19-i386-2.6.13-rc6-gx280-1g"] = 25,
        ["22-i386-2.6.14-1.1637_FC4-toshiba-752m"] = 40,
        ["60-arm-2.6.15-geminia-128m"] = 13,
        ["62-arm-2.6.15-rc7-rt1-ketop-64m"] = 11,
        ["67-arm-2.6.19.2-idam-2x64m"] = 13,
        ["70-arm-2.6.13-wrv54g-ixp425-32m"] = 31,
        ["71-arm-2.6.12.6-arm1-mv88f6082-16m-4banks"] = 30,
    };

    public static TheoryData<string> Names => LogFacts.Names;

    [Fact]
    public void AllBootsAreThere()
    {
        Assert.Equal(_predicted.Keys.Order(StringComparer.Ordinal), LogFacts.Names.Select(static row => row.Data).Order(StringComparer.Ordinal));
        Assert.Equal(409, _predicted.Values.Sum());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoFigureDiffers(string name)
    {
        ReplayResult result = LogReplay.Run(LogFacts.Load(name));
        Assert.DoesNotContain(result.Rows, static row => row.Verdict == ReplayVerdict.Differ);
        Assert.Equal(_predicted[name], result.Count(ReplayVerdict.Match));
        Assert.All(
            result.Rows.Where(static row => row.Verdict == ReplayVerdict.NotPredictable),
            static row => Assert.NotEqual("", row.Reason));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AWrongFigureIsSeen(string name)
    {
        ReplayRow[] rows = [.. LogReplay.Run(LogFacts.Load(name)).Rows
            .Where(static row => row.Verdict == ReplayVerdict.Match && !row.Name.Contains('+', StringComparison.Ordinal))];
        foreach (ReplayRow row in rows)
        {
            foreach (long wrong in (long[])[row.Printed + 1, row.Printed - 1, row.Printed * 2 + 4])
            {
                IEnumerable<ReplayRow> seen = Differences(name, row.Name, wrong);
                Assert.True(seen.Any(), $"{row.Name}: {wrong} in place of {row.Printed} is not seen");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AFigureBeyondItsBoundsIsSeen(string name)
    {
        ReplayRow[] rows = [.. LogReplay.Run(LogFacts.Load(name)).Rows
            .Where(static row => row.Reason.Contains(": expected ", StringComparison.Ordinal))];
        foreach (ReplayRow row in rows)
        {
            Assert.Contains(row.Name, Differences(name, row.Name, row.Printed + 200_000).Select(static one => one.Name));
            Assert.Contains(row.Name, Differences(name, row.Name, row.Printed - 200_000).Select(static one => one.Name));
        }
    }

    [Fact]
    public void OneKilobyteTooManyIsSeenWherePagesAreCounted()
    {
        const string Name = "03-i386-2.6.12-evo600c-640m";
        Assert.NotEmpty(Differences(Name, "Memory available, KB", 644769));
        Assert.NotEmpty(Differences(Name, "Memory available, KB", 644768 - (4 * 160)));
        Assert.NotEmpty(Differences("06-x86_64-2.6.14-numa2-s2892-16g", "Memory available, KB", 15135176 + 4));
    }

    [Theory]
    [InlineData("2.6.12", 12, KernelVersion.V2_6_12, false)]
    [InlineData("2.6.12=local", 12, KernelVersion.V2_6_12, false)]
    [InlineData("2.6.12-9-386", 12, KernelVersion.V2_6_12, true)]
    [InlineData("2.6.12.6-arm1", 12, KernelVersion.V2_6_12_6, false)]
    [InlineData("2.6.12-rc3", 11, KernelVersion.V2_6_12, true)]
    [InlineData("2.6.12-rc4", 12, KernelVersion.V2_6_12, true)]
    [InlineData("2.6.13.4", 13, KernelVersion.V2_6_13, false)]
    [InlineData("2.6.14-1.1637_FC4", 14, KernelVersion.V2_6_14, true)]
    [InlineData("2.6.15-rc7-rt1", 15, KernelVersion.V2_6_15, true)]
    [InlineData("2.6.9-rc4Thinkpad.1", 9, KernelVersion.V2_6_12, true)]
    [InlineData("2.6.19.2", 19, KernelVersion.V2_6_15, false)]
    public void AReleaseHasAModel(string release, int sublevel, KernelVersion version, bool isBetween) =>
        Assert.Equal(
            new KernelRelease(true, version, sublevel, isBetween), KernelReleases.ModelOf(release, is64: false));

    [Theory]
    [InlineData("2.6.8.1")]
    [InlineData("2.6.20")]
    [InlineData("2.4.31")]
    [InlineData("6.1.0-13-amd64")]
    [InlineData("2.6.123")]
    [InlineData("")]
    public void OtherReleasesHaveNone(string release) => Assert.False(KernelReleases.ModelOf(release, is64: true).IsModelled);

    // A figure that tells of the machine itself can make another one that cannot be booted: that is seen, too.
    private static ReplayRow[] Differences(string name, string planted, long value)
    {
        try
        {
            return [.. LogReplay.Run(LogFacts.Load(name, planted, value)).Rows
                .Where(static row => row.Verdict == ReplayVerdict.Differ)];
        }
        catch (MachineException e)
        {
            Assert.Fail($"{planted} = {value}: {e.Message}");
            return [];
        }
    }
}
