using System;
using System.Text.RegularExpressions;
using Bootmem.Cli;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>What the kernel says when something is wrong, and that it halts then.</summary>
public sealed class CrashTests
{
    private const string Prompt = "bootmem / # ";

    [Theory]
    [InlineData("write", @"no memory to read or write at 0xc00\w{5}, address 0x80000000, status 0x\w+")]
    [InlineData("jump", @"no memory to run at 0x80000000")]
    [InlineData("undefined", @"undefined instruction at 0xc00\w{5}")]
    [InlineData("call", @"supervisor call at 0xc00\w{5}")]
    public void AnExceptionShowsItsAddressAndTheRegisters(string how, string expected)
    {
        using MetalRun run = Start(KernelImageFlags.None);
        run.ReadTo(Prompt);
        run.Type("crash " + how);
        string printed = run.ReadTo("flags ") + run.ReadTo("\n");
        Assert.Matches(@$"\nbootmem: {expected}\n(r\d+ +\w{{8}}(  |\n)){{16}}flags \w{{8}}\n$", printed);
        Match pc = Regex.Match(printed, @"r15   (\w{8})\n");
        Assert.Contains($" at 0x{pc.Groups[1].Value}", printed, StringComparison.Ordinal);
        Assert.True(run.Halts());
    }

    [Theory]
    [InlineData(
        KernelImageFlags.Bug, @"BUG in free_bootmem_node, node 0, page 0x6\w+: the page is free already [^\n]*")]
    [InlineData(KernelImageFlags.Panic, @"panic in __alloc_bootmem: Out of memory \([^\n]*, size 0x80000000\)")]
    public void AFaultOfBootmemShowsCallPageAndReason(KernelImageFlags fault, string call)
    {
        using (MetalRun run = Start(fault))
        {
            run.ReadTo("\nbootmem: ");
            Assert.Matches($"^{call}\n$", run.ReadTo("\n"));
            Assert.True(run.Halts());
        }

        // A test wants the board off.
        using MetalRun off = Start(fault | KernelImageFlags.PowerOff);
        off.ReadToEnd();
        Assert.Matches($"\nbootmem: {call}\n$", off.Printed);
    }

    [Fact]
    public void ThePromptHasTheShellsCommands()
    {
        using MetalRun run = Start(KernelImageFlags.None);
        string boot = run.ReadTo(Prompt);
        string Answer(string command)
        {
            run.Type(command);
            string answer = run.ReadTo(Prompt);
            Assert.StartsWith(command + "\n", answer, StringComparison.Ordinal);
            return answer[(command.Length + 1)..^Prompt.Length];
        }

        string shown = Answer("cat /proc/buddyinfo_bs");
        Assert.StartsWith("Node 0, zone", shown, StringComparison.Ordinal);
        Assert.Contains(shown, boot, StringComparison.Ordinal);
        Assert.Contains("nr_dirty 0\n", Answer("cat vmstat_bs"), StringComparison.Ordinal);
        Assert.Matches(@"Mem: +\d+ +\d+ +\d+\n", Answer("free"));
        Assert.StartsWith("Linux version 2.6.12 (bootmem)\n", Answer("dmesg"), StringComparison.Ordinal);
        Assert.Contains("buddy_alloc_pages (buddy)\n", Answer("lsmod"), StringComparison.Ordinal);
        Assert.EndsWith(
            "insmod: buddy_alloc_pages passed\n", Answer("insmod buddy_alloc_pages"), StringComparison.Ordinal);
        Assert.Contains("found no module 'x'", Answer("insmod x"), StringComparison.Ordinal);
        Assert.Contains("found no file 'x'", Answer("cat x"), StringComparison.Ordinal);
        Assert.Contains("expected write, jump, undefined or call", Answer("crash"), StringComparison.Ordinal);
        Assert.Contains("found 'what', expected", Answer("what"), StringComparison.Ordinal);
        Assert.Equal("", Answer(""));
        foreach (string line in Answer("help").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Matches(@"^[a-z]+( [A-Z]+)? +\S", line);
        }

        run.Type("poweroff");
        run.ReadToEnd();
    }

    private static MetalRun Start(KernelImageFlags flags)
    {
        MetalTools.Require();
        return new MetalRun("64M", KernelImageFile.Load(QemuBoard.BuildImage("kernel")).ToRun(default, flags, ""));
    }
}
