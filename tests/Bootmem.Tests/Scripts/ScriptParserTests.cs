using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class ScriptParserTests
{
    [Theory]
    [InlineData("frob 1", "x.bm:1:1: no such call: found \"frob\", expected")]
    [InlineData("\n  alloc_bootmem",
        "x.bm:2:3: the wrong number of values for alloc_bootmem: found 0, expected 1 value (SIZE)")]
    [InlineData(
        "alloc_bootmem 1 2", "x.bm:1:17: the wrong number of values for alloc_bootmem: found 2, expected 1 value")]
    [InlineData(
        "state 1 2 3 4 5 6 7 8 9", "x.bm:1:9: the wrong number of values for state: found 6 or more, expected 1")]
    [InlineData("alloc_bootmem 1x", "x.bm:1:15: this is no number: found \"1x\", expected a decimal or 0x-hex number")]
    [InlineData("alloc_bootmem 0x", "x.bm:1:15: this is no number: found \"0x\"")]
    [InlineData("alloc_bootmem -1", "x.bm:1:15: this is no number: found \"-1\"")]
    [InlineData("alloc_bootmem 1f", "x.bm:1:15: this is no number: found \"1f\"")]
    [InlineData(
        "alloc_bootmem 18446744073709551616", "x.bm:1:15: the number is too large: found \"18446744073709551616\"")]
    [InlineData("alloc_bootmem 0x1ffffffffffffffff", "x.bm:1:15: the number is too large")]
    [InlineData(
        "state 0\nbits 32", "x.bm:2:1: a header line behind the first call: found \"bits\", expected it before line 1")]
    [InlineData("bits 32\nbits 32", "x.bm:2:1: the same header line twice: found \"bits\", expected it once")]
    [InlineData("bits", "x.bm:1:1: the wrong number of values for the header line bits: found 0, expected 1 value")]
    [InlineData("bits 33", "x.bm:1:6: no such width: found \"33\", expected 32 or 64")]
    [InlineData("bits 4294967328", "x.bm:1:6: no such width")]
    [InlineData("page 48", "x.bm:1:6: no such page size: found \"48\", expected a power of two from 64 to 16777216")]
    [InlineData("page 32", "x.bm:1:6: no such page size")]
    [InlineData("page 0x2000000", "x.bm:1:6: no such page size")]
    [InlineData("page 0", "x.bm:1:6: no such page size")]
    [InlineData("kernel 2.6.16", "x.bm:1:8: no such kernel: found \"2.6.16\", expected one of 2.6.12, 2.6.12.1,")]
    [InlineData("search sparc", "x.bm:1:8: no such search: found \"sparc\", expected generic, x86 or arm")]
    [InlineData("kernel 2.6.13\n alloc_bootmem_limit 1 2", "x.bm:2:2: the kernel 2.6.13 does not have this call")]
    [InlineData("__alloc_bootmem_node_limit 0 1 1 1 1", "x.bm:1:1: the kernel 2.6.12 does not have this call")]
    [InlineData("alloc_bootmem_low_node 0 1", "x.bm:1:1: no such call: found \"alloc_bootmem_low_node\"")]
    [InlineData("alloc_large_system_hash 0 1", "x.bm:1:1: no such call")]
    [InlineData("state 1024", "x.bm:1:7: no such node: found \"1024\", expected a node number from 0 to 1023")]
    [InlineData("state 0x100000000", "x.bm:1:7: no such node")]
    [InlineData("=> ok", "x.bm:1:1: an outcome without a call: found \"=> ok\", expected a call above it")]
    [InlineData("bits 32\n=> ok", "x.bm:2:1: an outcome without a call")]
    [InlineData("| text", "x.bm:1:1: a printed line without a call")]
    [InlineData("state 0\n=> a\n=> b",
        "x.bm:3:1: a second outcome for one call: found \"=> b\", expected no more than")]
    [InlineData("state 0\n=> a\n| b", "x.bm:3:1: a printed line behind the outcome")]
    [InlineData("state 0\n=> # nothing", "x.bm:2:1: an empty outcome")]
    [InlineData("# é\u0000", "x.bm:1:4: this is no text: found the byte 0x00, expected UTF-8 without NUL bytes")]
    [InlineData("\u001b[31m", "x.bm:1:1: no such call: found \"\\x1b[31m\"")]
    public void BadInputIsOneClearLine(string text, string start)
    {
        Assert.False(
            ScriptFile.TryParse("x.bm", Encoding.UTF8.GetBytes(text), out ScriptFile? script, out ScriptError? error));
        Assert.Null(script);
        Assert.StartsWith(start, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.ToString());
        ScriptException thrown = Assert.Throws<ScriptException>(() => ScriptFile.Parse("x.bm", text));
        Assert.Equal(error, thrown.Error);
    }

    [Fact]
    public void BytesThatAreNoUtf8AreFound()
    {
        Assert.False(
            ScriptFile.TryParse("x.bm", [(byte)'#', (byte)'\n', (byte)'#', 0xc3], out _, out ScriptError? error));
        Assert.StartsWith("x.bm:2:2: this is no text: found the byte 0xc3", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LinesAreLimited()
    {
        string longest = "#" + new string('x', ScriptFile.MaxLineBytes - 1);
        Assert.Equal(0, ScriptFile.Parse("x.bm", longest + "\n").Steps.Length);
        ScriptException thrown = Assert.Throws<ScriptException>(() => ScriptFile.Parse("x.bm", "\n" + longest + "x\n"));
        Assert.StartsWith(
            "x.bm:2:1: the line is too long: found 65,537 bytes", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CallsAreLimited()
    {
        byte[] line = Encoding.ASCII.GetBytes("state 0\n");
        byte[] text = new byte[line.Length * (ScriptFile.MaxCalls + 1)];
        for (int i = 0; i < text.Length; i += line.Length)
        {
            line.CopyTo(text, i);
        }

        Assert.False(ScriptFile.TryParse("x.bm", text, out _, out ScriptError? error));
        Assert.StartsWith("x.bm:2097153:1: too many calls", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AStreamWithoutEndIsReadUpToTheLimit()
    {
        using EndlessStream stream = new();
        Assert.False(ScriptFile.TryRead("x.bm", stream, out _, out ScriptError? error));
        Assert.StartsWith("x.bm: the file is too large", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderAndCallsAreReady()
    {
        ScriptFile script = ScriptFile.Parse("x.bm", """
            # a comment
            kernel 2.6.14   # another
            dma_goal 0x1ffffffff
            page 8192
            cache_line 128
            search x86
            bits 32
              alloc_bootmem_pages_node_limit 3 0x100000001 0xFF
            alloc_bootmem_low	10
            init_bootmem 5 6
            """);
        Assert.Equal(KernelVersion.V2_6_14, script.Header.Version);
        Assert.Equal(SearchKind.X86, script.Header.Search);
        Assert.Equal(13, script.Header.PageShift);
        Assert.Equal(4, script.NodeCount);
        ScriptStep limited = script.Steps[0];
        Assert.Equal((ScriptOp.AllocateOnNode, 3, 8), (limited.Op, limited.Node, limited.Line));
        Assert.Equal((1UL, 8192UL, 0xffffffffUL, 0xffUL), (limited.A, limited.B, limited.C, limited.D));
        Assert.Equal("alloc_bootmem_pages_node_limit 3 0x100000001 0xFF", script.CallText(0));
        Assert.Equal(
            (10UL, 128UL, 0UL, 0UL), (script.Steps[1].A, script.Steps[1].B, script.Steps[1].C, script.Steps[1].D));
        Assert.Equal(
            (0, 5UL, 0UL, 6UL), (script.Steps[2].Node, script.Steps[2].A, script.Steps[2].B, script.Steps[2].C));
    }

    [Fact]
    public void EveryCallOfTheKernelsIsKnown()
    {
        for (Call call = 0; call < Call.alloc_large_system_hash; call++)
        {
            string name = Encoding.ASCII.GetString(Calls.Name(call));
            ScriptFile[] found = [.. Enumerable.Range(0, 6)
                .Select(count => $"kernel 2.6.15\n{name} {string.Join(' ', Enumerable.Repeat("0", count))}")
                .Where(text => ScriptFile.TryParse("x", Encoding.UTF8.GetBytes(text), out _, out _))
                .Select(text => ScriptFile.Parse("x", text))];
            Assert.Equal(call, Assert.Single(found).Steps[0].Call);
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'\n', offset, count);
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
