using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class ScriptWriterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("# only this", "# only this")]
    [InlineData("bootmem_bootmap_pages 8", "bootmem_bootmap_pages 8\n=> 1\n")]
    [InlineData("bootmem_bootmap_pages 8\r\n\r\n", "bootmem_bootmap_pages 8\r\n=> 1\r\n\r\n")]
    [InlineData(
        "bootmem_bootmap_pages 8 # c\n\n# d\n=> 9  # e\n# f", "bootmem_bootmap_pages 8 # c\n\n# d\n=> 1  # e\n# f")]
    [InlineData("bootmem_bootmap_pages 8\n  =>   1 # kept\n", "bootmem_bootmap_pages 8\n  =>   1 # kept\n")]
    [InlineData("alloc_bootmem 8\n| x\n| y\n=> ok\n",
        "alloc_bootmem 8\n| bootmem alloc of 8 bytes failed!\n=> panic\n")]
    [InlineData("alloc_bootmem 8\n| x\n# c\n", "alloc_bootmem 8\n| bootmem alloc of 8 bytes failed!\n=> panic\n# c\n")]
    [InlineData("__alloc_bootmem 8 8 0\n=> panic\nstate 0\n=> x\n# end\n",
        "__alloc_bootmem 8 8 0\n| bootmem alloc of 8 bytes failed!\n=> panic\nstate 0\n# end\n")]
    public void OnlyOutcomesChange(string text, string expected)
    {
        string written = ScriptData.Write(text);
        Assert.Equal(expected, written);
        Assert.Equal(expected, ScriptData.Write(written));
    }

    [Theory]
    [InlineData("# c\n\nbits 32\nstate 0\n", "# c\n\nkernel 2.6.13\nbits 32\n")]
    [InlineData("# c\nkernel 2.6.12 # old\r\nstate 0\n", "# c\nkernel 2.6.13 # old\r\n")]
    [InlineData("\uFEFFstate 0\n", "\uFEFFkernel 2.6.13\n")]
    public void AnotherKernelIsWrittenIntoTheHeader(string text, string start)
    {
        string written = ScriptData.Write(text, KernelVersion.V2_6_13);
        Assert.StartsWith(start, written, System.StringComparison.Ordinal);
        ScriptFile script = ScriptFile.Parse("x.bm", written);
        Assert.Equal(KernelVersion.V2_6_13, script.Header.Version);
        Assert.Empty(ScriptRunner.Run(script).Differences);
    }

    [Fact]
    public void NothingIsWrittenForBadInput()
    {
        ScriptResult result = ScriptData.Run(
            "bits 64\ninit_bootmem_node 0 0 0 0x1000000000000000", new ScriptRunOptions { Writes = true });
        Assert.NotNull(result.Error);
        Assert.True(result.Written.IsEmpty);
    }
}
