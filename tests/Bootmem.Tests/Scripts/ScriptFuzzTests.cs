using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

/// <summary>Scripts that nobody wrote: whatever stands in them, the answer is an error or a run, never an
/// accident.</summary>
public class ScriptFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void BrokenBytesAreAnErrorOrAScript(int seed)
    {
        Random random = new(seed);
        string[] names = [.. ScriptData.Names(ScriptData.Conformance)];
        int errors = 0;
        for (int round = 0; round < 150; round++)
        {
            string name = names[random.Next(names.Length)];
            byte[] text = File.ReadAllBytes(Path.Combine(ScriptData.Conformance, name));
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                text[random.Next(text.Length)] = (byte)(
                    random.Next(4) == 0 ? random.Next(256) : "0123456789abcdefx =>\n"[random.Next(21)]);
            }

            errors += RunTwice(text) ? 0 : 1;
        }

        Assert.InRange(errors, 1, 149);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void RandomCallsEndAsTheyMust(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            StringBuilder text = new();
            int bits = random.Next(2) == 0 ? 32 : 64;
            text.Append(
                $"kernel 2.6.{random.Next(14, 16)}\nbits {bits}\nsearch {(random.Next(2) == 0 ? "x86" : "arm")}\n");
            text.Append("init_bootmem_node 0 0x10 0 0x80\nfree_bootmem 0 0x80000\nreserve_bootmem 0x10000 4096\n");
            for (int i = 0; i < 30; i++)
            {
                AppendCall(text, random);
            }

            Assert.True(RunTwice(Encoding.UTF8.GetBytes(text.ToString())), text.ToString());
        }
    }

    private static void AppendCall(StringBuilder text, Random random)
    {
        // Calls that can end a run are rare, so that most runs get far.
        string call = random.Next(30) switch
        {
            0 => "init_bootmem_node N X X X",
            1 => "free_bootmem_node N X X",
            2 => "reserve_bootmem_node N X X",
            3 => "free_all_bootmem_node N",
            4 => "__alloc_bootmem_node_limit N X X X X",
            5 => "init_bootmem_node 1 0x11 0x80 0x90",
            < 10 => "state N",
            < 12 => "handed N",
            < 20 => "alloc_bootmem_low S",
            < 24 => "__alloc_bootmem_node 0 S 64 X",
            _ => "reserve_bootmem 0x20000 S",
        };
        foreach (string word in call.Split(' '))
        {
            text.Append(word switch
            {
                "N" => random.Next(3).ToString(),
                "S" => random.Next(1, 9000).ToString(),
                "X" => (random.Next(4) == 0 ? ulong.MaxValue - (ulong)random.Next(9000) : (ulong)random.Next(0x100000))
                    .ToString(),
                _ => word,
            }).Append(' ');
        }

        text.Append('\n');
    }

    // What is written must hold when it is run, and writing it again must change nothing.
    private static bool RunTwice(byte[] text)
    {
        using StringWriter trace = new();
        ScriptRunOptions options = new() { Writes = true, Trace = trace, MaxMapBytes = 1 << 20 };
        if (!ScriptFile.TryParse("x.bm", text, out ScriptFile? script, out ScriptError? error))
        {
            Assert.DoesNotContain('\n', error.ToString());
            return false;
        }

        ScriptResult result = ScriptRunner.Run(script, options);
        if (result.Error != null)
        {
            Assert.Equal("the bitmap is too large", result.Error.What);
            return true;
        }

        byte[] written = result.Written.ToArray();
        Assert.True(ScriptFile.TryParse("y.bm", written, out ScriptFile? again, out _));
        ScriptResult second = ScriptRunner.Run(again, options with { Trace = null });
        Assert.Empty(second.Differences);
        Assert.Equal(result.Calls, second.Calls);
        Assert.Equal(result.Calls, second.Checked);
        Assert.True(again.HasText(second.Written.Span));
        return true;
    }
}
