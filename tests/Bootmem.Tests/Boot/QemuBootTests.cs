using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>Machines that QEMU describes boot, from 128 MiB to 64 GiB and 1 to 8 nodes, and every page is accounted
/// for.</summary>
public sealed unsafe class QemuBootTests
{
    [Theory]
    [InlineData("arm", "cortex-a15", 128, 1)]
    [InlineData("arm", "cortex-a15", 1024, 1)]
    [InlineData("arm", "cortex-a15", 3000, 1)]
    [InlineData("aarch64", "cortex-a57", 128, 1)]
    [InlineData("aarch64", "cortex-a57", 1024, 2)]
    [InlineData("aarch64", "cortex-a57", 6144, 3)]
    [InlineData("aarch64", "cortex-a57", 65536, 1)]
    [InlineData("aarch64", "cortex-a57", 65536, 8)]
    public void EveryPageOfAVirtBoard(string architecture, string cpu, int mebibytes, int nodes)
    {
        string path = Path.Join(Path.GetTempPath(), $"bootmem-{Guid.NewGuid():n}.dtb");
        try
        {
            Dump($"qemu-system-{architecture}", cpu, mebibytes, nodes, path);
            Check(path, architecture == "arm", mebibytes, nodes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Check(string path, bool is32, int mebibytes, int nodes)
    {
        MachineHost SwitchOn(bool isLayout, KernelVersion version)
        {
            MachineOptions options = MachineSketch.Options(
                version, isLayout, config => config with { IsNuma = nodes > 1, CpuCount = 8, Bits = is32 ? 0 : 64 });
            return MachineHost.Load(path, options);
        }

        using MachineHost host = SwitchOn(true, KernelVersion.V2_6_12);
        host.RunUntil(BootStep.Done);
        Assert.Equal(nodes, host.Machine->NodeCount);
        Assert.Equal(is32 ? 32 : 64, host.Machine->Config.Bits);
        PageAccount account = PageAccount.Of(host);
        Assert.True(account.AddsUp);
        Assert.Equal((ulong)mebibytes << 8, account.RamPages);
        Assert.Contains(new LogLine(4, "Machine: linux,dummy-virt"), host.Log.Lines);
        if (mebibytes <= 8192)
        {
            TwoBoots.Check(isLayout => SwitchOn(isLayout, KernelVersion.V2_6_15));
        }
    }

    private static void Dump(string qemu, string cpu, int mebibytes, int nodes, string path)
    {
        string folders = Environment.GetEnvironmentVariable("PATH") ?? "";
        Assert.SkipUnless(
            folders.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Join(folder, qemu))),
            $"{qemu} is not installed.");
        List<string> arguments =
            // No network card: its ROM is in a package that qemu-system-arm only recommends.
            ["-M", $"virt,dumpdtb={path}", "-cpu", cpu, "-m", $"{mebibytes}M", "-smp", "8", "-display", "none",
                "-nic", "none"];

        // The memory is only told of, never had.
        for (int i = 0; i < nodes; i++)
        {
            arguments.AddRange(["-object", $"memory-backend-ram,id=m{i},size={mebibytes / nodes}M,reserve=off"]);
            arguments.AddRange(nodes == 1
                ? ["-machine", "memory-backend=m0"]
                : ["-numa", $"node,nodeid={i},memdev=m{i},cpus={(i == nodes - 1 ? $"{i}-7" : $"{i}")}"]);
        }

        ProcessStartInfo start = new(qemu, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{qemu} failed: {errors}{output.Result}");
    }
}
