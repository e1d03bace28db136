using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Bootmem.Tests.Firmware;

/// <summary>Blobs that QEMU writes for machines of 128 MiB to 64 GiB and 1 to 8 nodes, against fdtget.</summary>
public sealed class QemuBlobTests
{
    [Theory]
    [InlineData("qemu-system-arm", "cortex-a15", 128, 1)]
    [InlineData("qemu-system-arm", "cortex-a15", 1024, 1)]
    [InlineData("qemu-system-aarch64", "cortex-a57", 128, 1)]
    [InlineData("qemu-system-aarch64", "cortex-a57", 1024, 2)]
    [InlineData("qemu-system-aarch64", "cortex-a57", 8192, 4)]
    [InlineData("qemu-system-aarch64", "cortex-a57", 65536, 1)]
    [InlineData("qemu-system-aarch64", "cortex-a57", 65536, 8)]
    public void BanksAreWhatFdtgetSays(string qemu, string cpu, int mebibytes, int nodes)
    {
        using TestFolder folder = new();
        string path = folder["machine.dtb"];
        List<string> arguments =
            // No network card: its ROM is in a package that qemu-system-arm only recommends.
            ["-M", $"virt,dumpdtb={path}", "-cpu", cpu, "-m", $"{mebibytes}M", "-smp", "8", "-display", "none",
                "-nic", "none"];
        if (nodes == 1)
        {
            arguments.AddRange(["-machine", "memory-backend=m0"]);
        }

        for (int i = 0; i < nodes; i++)
        {
            // The memory is only told of, never had.
            arguments.AddRange(["-object", $"memory-backend-ram,id=m{i},size={mebibytes / nodes}M,reserve=off"]);
            if (nodes == 1)
            {
                break;
            }

            string cpus = i == nodes - 1 ? $"{i}-7" : $"{i}";
            arguments.AddRange(["-numa", $"node,nodeid={i},memdev=m{i},cpus={cpus}"]);
        }

        ExternalTool.Run(qemu, [.. arguments]);
        ReadMachine read = ReadMachine.FromBlob(File.ReadAllBytes(path));
        Assert.Null(read.Error);
        Assert.Equal("linux,dummy-virt", read.Model);
        Assert.Equal(nodes, read.Info.NodeCount);
        Assert.Equal((ulong)mebibytes << 20, read.Banks.Aggregate(0UL, static (sum, bank) => sum + bank.Size));
        Assert.Equal(Expected(path), read.Banks);
    }

    private static List<(ulong Start, ulong Size, int Node, int Numa)> Expected(string path)
    {
        List<(ulong, ulong, int, int)> banks = [];
        foreach (string name in ExternalTool.Run("fdtget", "-l", path, "/").Split('\n'))
        {
            if (!name.StartsWith("memory", StringComparison.Ordinal))
            {
                continue;
            }

            string reg = ExternalTool.Run("fdtget", "-t", "x", path, "/" + name, "reg").Trim();
            ulong[] cells = [.. reg.Split(' ').Select(
                static cell => ulong.Parse(cell, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            string id = ExternalTool.Run("fdtget", "-t", "u", "-d", "0", path, "/" + name, "numa-node-id");
            int node = int.Parse(id, CultureInfo.InvariantCulture);
            banks.Add(((cells[0] << 32) | cells[1], (cells[2] << 32) | cells[3], node, node));
        }

        return banks;
    }
}
