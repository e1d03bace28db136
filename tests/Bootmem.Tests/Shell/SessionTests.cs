using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Cli.Shell;
using Bootmem.Lab;
using Bootmem.Tests.Modules;
using Xunit;

namespace Bootmem.Tests.Shell;

/// <summary>A session as a whole: the boot, its files, its modules, its end, and lines that are none.</summary>
public sealed class SessionTests
{
    [Fact]
    public void TheBootGoesOnStepByStep()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Assert.EndsWith("=> paging_init done; percpu_init comes next", run.Answer("step"), StringComparison.Ordinal);
        Assert.EndsWith("=> percpu_init .. early_hashes done; mem_init comes next", run.Answer("step hashes"),
            StringComparison.Ordinal);
        Assert.Equal("=> nothing done; mem_init comes next", run.Answer("boot hashes"));
        Assert.Equal("boot: the boot is beyond paging: mem_init comes next", run.Error("boot paging"));
        Assert.Equal(
            "step: found \"x\", expected one of setup_arch, bootmem, paging, hashes, buddy, done", run.Error("step x"));
        Assert.EndsWith("the boot is over", run.Answer("boot"), StringComparison.Ordinal);
        Assert.Equal("step: the boot is over: reboot begins another", run.Error("step"));
        Assert.Equal("boot: the boot is over: reboot begins another", run.Error("boot"));
    }

    [Fact]
    public void ABootInStepsIsTheBoot()
    {
        using ShellRun steps = ShellRun.Of(BootStep.SetupArch);
        while (steps.Host.NextStep != BootStep.Done)
        {
            steps.Answer("step");
        }

        using ShellRun whole = ShellRun.Of(BootStep.Done);
        foreach (string line in new[] { "cat buddyinfo zoneinfo vmstat iomem meminfo", "owners", "state", "free",
            "dmesg" })
        {
            Assert.Equal(whole.Answer(line), steps.Answer(line));
        }
    }

    [Fact]
    public void FilesReadAsTheyAre()
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        Assert.Equal(string.Join('\n', ProcFile.Names), run.Answer("ls"));
        Assert.Equal(run.Answer("ls"), run.Answer("ls /proc/"));
        Assert.Equal("proc", run.Answer("ls /"));
        Assert.Equal("ls: found \"/etc\", expected /proc", run.Error("ls /etc"));
        Assert.Equal(ProcFile.Read(run.Host, "buddyinfo_bs").TrimEnd('\n'), run.Answer("cat /proc/buddyinfo_bs"));
        Assert.Equal(("", "cat: found \"/etc/passwd\", expected one of " + string.Join(", ", ProcFile.Names)),
            run.Do("cat vmstat /etc/passwd"));
        using ShellRun early = ShellRun.Of(BootStep.PagingInit);
        Assert.Equal(
            "cat: buddyinfo_bs: not there yet: the page allocator has not taken over", early.Error("cat buddyinfo"));
    }

    [Fact]
    public void FreeCountsAllOfMemory()
    {
        using ShellRun run = ShellRun.Of(BootStep.Done);
        string[][] rows = [.. run.Answer("free").Split('\n').Skip(1).Select(
            row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(["Mem:", "Low:", "High:"], rows.Select(row => row[0]));
        Assert.Equal("32768", rows[2][1]);
        ulong[] numbers = [.. rows[0].Skip(1).Select(ulong.Parse)];
        Assert.Equal(numbers[0], numbers[1] + numbers[2]);
        Assert.Equal(run.Host.Pages.FreePageCount * 4, numbers[2]);
    }

    [Fact]
    public void TheLogCanBeQuietAndIsKept()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        run.Answer("dmesg -n 1");
        Assert.Equal("=> paging_init .. login_initcalls done; the boot is over", run.Answer("boot"));
        string[] log = run.Answer("dmesg").Split('\n');
        Assert.Equal(run.Host.Log.Lines.Select(line => line.Text), log);
        Assert.Contains("Built 1 zonelists", log);
        Assert.Equal("dmesg: found \"9\", expected a level: 1 .. 8", run.Error("dmesg -n 9"));
        Assert.Equal("dmesg: found \"-x\", expected -n LEVEL", run.Error("dmesg -x 1"));
    }

    [Fact]
    public void RebootBeginsAnew()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        string state = run.Answer("state");
        run.Answer("alloc_bootmem 4096");
        run.Answer("dmesg -n 1");
        run.Answer("boot");
        Assert.Contains("Linux version", run.Answer("reboot"), StringComparison.Ordinal);
        Assert.Equal(state, run.Answer("state"));
    }

    [Fact]
    public void AMachineThatStopsStaysToBeLookedAt()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        for (int size = 1 << 26; size >= 8; size >>= 1)
        {
            // As long as there is as much; the last one fails, and is counted.
            int before = run.Session.FailedCount;
            while (run.Session.FailedCount == before)
            {
                run.Do($"__alloc_bootmem {size} 1 0");
            }
        }

        // A full node is a BUG() before 2.6.15: the search does not stop at its end.
        Assert.Equal(
            "boot: BUG in alloc_bootmem_low_pages, node 0, page 0x76400: the search took the bit at the node's "
                + "end for a "
                + "free page (address 0x0, size 0x1000); the machine has stopped: reboot or poweroff",
            run.Error("boot"));
        Assert.StartsWith("step: the machine has stopped (BUG in alloc_bootmem_low_pages", run.Error("step"),
            StringComparison.Ordinal);
        Assert.Contains("caller", run.Answer("owners"), StringComparison.Ordinal);
        Assert.Contains("Linux version", run.Answer("reboot"), StringComparison.Ordinal);
        run.Answer("boot");
    }

    [Fact]
    public void ModulesComeAndGo()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Assert.Contains("alloc_bootmem: 0x9091", run.Answer("insmod \"" + ModuleFiles.BootmemTests + "\""),
            StringComparison.Ordinal);
        Assert.Equal("insmod: buddy_tests waits for the stage buddy", run.Answer("insmod " + ModuleFiles.BuddyTests));
        string[] table = run.Answer("lsmod").Split('\n');
        Assert.StartsWith("Module", table[0], StringComparison.Ordinal);
        long size = new FileInfo(ModuleFiles.BootmemTests).Length;
        Assert.Equal(["bootmem_tests", $"{size}", "bootmem", "Live"],
            table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith("Waiting", table[2], StringComparison.Ordinal);
        Assert.Contains("get_zeroed_page:", run.Answer("boot"), StringComparison.Ordinal);
        run.Answer("rmmod bootmem_tests");
        Assert.EndsWith("is over: bootmem has handed over to the page allocator",
            run.Error("insmod " + ModuleFiles.BootmemTests), StringComparison.Ordinal);
        Assert.Equal("rmmod: found no module 'x', expected one of buddy_tests", run.Error("rmmod x"));
        Assert.Equal("insmod: error inserting '/none': found no such file, expected one", run.Error("insmod /none"));
    }

    [Fact]
    public void ModulesOfTheCommandLineAreLoadedAtEveryBoot()
    {
        using ShellRun run = new(BootStep.Done, modules: [ModuleFiles.BootmemTests, ModuleFiles.BuddyTests]);
        run.RunAll("rmmod bootmem_tests", "reboot");
        Assert.Equal(0, run.Code);
        Assert.Equal(["bootmem_tests", "buddy_tests"], run.Session.Modules.Modules.Select(module => module.Name));
    }

    [Fact]
    public void AFailedLineIsTheExitCodeAndNotTheEnd()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit, "nonsense", "alloc_bootmem 8", "exit", "boot");
        Assert.Equal(1, run.Code);
        Assert.Equal(1, run.Session.FailedCount);
        Assert.Equal(Owner.Caller, run.Host.Ledger.At(0x70000).Owner);
        Assert.Equal(BootStep.PagingInit, run.Host.NextStep);
        using ShellRun good = ShellRun.Of(BootStep.PagingInit, "", "# a comment", "state", "quit");
        Assert.Equal(0, good.Code);
    }

    [Theory]
    [InlineData("foo", "bootmem: foo: not found; help shows the commands")]
    [InlineData("\"", "bootmem: found the quote at character 1 without its end, expected another \"")]
    [InlineData("\"a\\x\"", "bootmem: found an unknown escape at character 3, expected \\n, \\t, \\\" or \\\\")]
    [InlineData("sta\u0007te", "bootmem: found the control character 0x07 at character 4, expected text")]
    [InlineData("\u202estate", "bootmem: \ufffdstate: not found; help shows the commands")]
    [InlineData("=> ok", "bootmem: =>: not found; help shows the commands")]
    [InlineData("help foo", "help: found \"foo\", expected a command")]
    [InlineData("config FOO", "config: found \"FOO\", expected one of ")]
    public void ALineThatIsNoneIsOneLine(string line, string error)
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        Assert.StartsWith(error, run.Error(line), StringComparison.Ordinal);
    }

    [Fact]
    public void EndlessLinesTakeNoMemory()
    {
        using StringReader input = new(new string('x', 1_000_000) + "\nnext");
        LineReader lines = new(input, ShellLine.MaxLength);
        Assert.Equal(ShellLine.MaxLength + 1, lines.Read()!.Length);
        Assert.Equal("next", lines.Read());
        Assert.Null(lines.Read());
    }

    [Fact]
    public void WhateverIsWrittenTheSessionGoesOn()
    {
        string[] pieces =
            [.. ShellTable.Names.Except(["reboot", "poweroff", "exit", "quit", "insmod"]), "0", "1", "0x70001000",
            "0x90001000", "0xffffffff", "18446744073709551615", "GFP_KERNEL", "\"", "\u0000", "#", "|", "-n",
            "/proc/vmstat", "\ud800", "phys:0"];
        Random random = new(20260712);
        using ShellRun run = ShellRun.Of(BootStep.SetupArch);
        for (int i = 0; i < 4000; i++)
        {
            StringBuilder line = new();
            for (int word = random.Next(1, 6); word > 0; word--)
            {
                line.Append(pieces[random.Next(pieces.Length)]).Append(' ');
            }

            (string answer, string error) = run.Do(line.ToString());
            Assert.DoesNotContain('\n', error);
            Assert.DoesNotContain(answer + error, c => char.IsControl(c) && c != '\n');
            if (i % 500 == 499)
            {
                run.Answer("reboot");
                run.Do(i < 2000 ? "boot bootmem" : "boot");
            }
        }

        Assert.True(run.Session.FailedCount > 0);
    }

    [Fact]
    public void HelpShowsEveryCommand()
    {
        using ShellRun run = ShellRun.Of(BootStep.PagingInit);
        string help = run.Answer("help");
        Assert.All(ShellTable.Names, name => Assert.Contains(name, help, StringComparison.Ordinal));
        Assert.All(
            ShellTable.Names, name => Assert.StartsWith(name, run.Answer("help " + name), StringComparison.Ordinal));
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }
}
