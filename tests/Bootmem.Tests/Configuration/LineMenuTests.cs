using System;
using System.IO;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Configuring;

/// <summary>The menu as questions and answers.</summary>
public sealed class LineMenuTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string FilePath => _folder.Combine("x.config");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NumbersNamesAndSaving()
    {
        Run("1\n11\n2\n2\n3\nn\nNR_CPUS=4\ns\nq\n");
        Configuration read = Configuration.Load(FilePath);
        Assert.Equal("2.6.15", read.Get("KERNEL"));
        Assert.Equal("/boards/one.dts", read.MachinePath);
        Assert.Equal("n", read.Get("HIGHMEM"));
        Assert.Equal("4", read.Get("NR_CPUS"));
    }

    [Fact]
    public void AValueIsAsGoodAsItsNumber()
    {
        Run("1\n2.6.14\n2\nboard.dtb\ns\n");
        Configuration read = Configuration.Load(FilePath);
        Assert.Equal("2.6.14", read.Get("KERNEL"));
        Assert.EndsWith("board.dtb", read.MachinePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3\n")]
    [InlineData("HIGHMEM=n\n")]
    [InlineData("HIGHMEM=n\nq\n")]
    [InlineData("HIGHMEM=n\nq\nn\n")]
    [InlineData("HIGHMEM=n\nq\nc\n")]
    public void TheEndOfTheInputSavesNothing(string input)
    {
        Run(input);
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void LeavingAsksAndSaves()
    {
        Assert.Contains("Save the changes in", Run("HIGHMEM=n\nq\nwhat\ny\n"), StringComparison.Ordinal);
        Assert.Equal("n", Configuration.Load(FilePath).Get("HIGHMEM"));
    }

    [Theory]
    [InlineData("99\n", "found '99', expected a number from 1 to ")]
    [InlineData("0\n", "found '0', expected a number from 1 to ")]
    [InlineData("huh\u001b\n", "found 'huh?', expected a number from 1 to ")]
    [InlineData("3\nmaybe\n", "HIGHMEM: found 'maybe', expected y or n")]
    [InlineData("FOO=1\n", "found the macro 'FOO', expected one of KERNEL")]
    [InlineData("? 6\n", "hashdist=1")]
    [InlineData("?\n", "A number changes an entry")]
    [InlineData("l\n", "  3  HIGHMEM                  y")]
    public void Answers(string input, string expected) =>
        Assert.Contains(expected, Run(input), StringComparison.Ordinal);

    [Fact]
    public void ALineWithoutEndIsRefused() => Assert.Throws<MachineException>(() => Run(new string('x', 10000)));

    private string Run(string input)
    {
        using StringReader reader = new(input);
        using StringWriter output = new();
        Menu menu = new(new Configuration(), MenuEntries.Of(["/boards/one.dts"]), FilePath);
        new LineMenu(menu, reader, output).Run();
        return output.ToString();
    }
}
