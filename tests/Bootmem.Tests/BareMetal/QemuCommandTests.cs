using System.IO;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary><c>bootmem qemu</c> refuses what no board can have, before it builds anything.</summary>
public sealed class QemuCommandTests
{
    [Theory]
    [InlineData("--memory: found '3X', expected 1M .. 1G in whole MiB", "--memory", "3X")]
    [InlineData("--memory: found '', expected 1M .. 1G in whole MiB", "--memory", "")]
    [InlineData("--memory: found '2G', expected 1M .. 1G in whole MiB", "--memory", "2G")]
    [InlineData("--memory: found '1500000', expected 1M .. 1G in whole MiB", "--memory", "1500000")]
    [InlineData("--memory: found '99999999999999999999M', expected", "--memory", "99999999999999999999M")]
    [InlineData("found '2.6.16', expected one of", "--kernel", "2.6.16")]
    [InlineData("nowhere.dts: found no such file, expected one", "nowhere.dts")]
    public void BadInputIsRefused(string expected, params string[] arguments)
    {
        (int code, string error) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, System.StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void AnotherBoardsTreeIsRefused()
    {
        (int code, string error) = Run(Path.Combine(RepositoryRoot.Path, "machines", "numa4-8g.dts"));
        Assert.Equal(2, code);
        Assert.Contains("found RAM at 0x0, expected it at 0x60000000", error, System.StringComparison.Ordinal);
    }

    private static (int Code, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Invoke(["qemu", .. arguments], output, error);
        return (code, error.ToString());
    }
}
