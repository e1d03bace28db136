using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>A PC of 512 MiB boots from its memory map with the calls of its script, in that order, with those
/// outcomes.</summary>
public sealed class PcCallsTests
{
    [Fact]
    public unsafe void TheBootIsTheScript()
    {
        MachineOptions options = new()
        {
            Config = BootConfig.Default with { HasHighMem = false },
            Image = new KernelImage { All = new ImageRange { Start = 0xc010_0000, Size = 0x3b_0000 } },
        };
        using MachineHost host = MachineHost.Load(RepositoryRoot.Combine("machines", "pc-512m.e820"), options);
        CallRecorder recorder = new(host);
        host.RunUntil(BootStep.BuddyInitcalls);
        Assert.Equal(Architecture.I386, host.Machine->Config.Architecture);
        int next = 0;
        foreach ((string call, string outcome) in Steps())
        {
            switch (call)
            {
                case "state 0":
                    Assert.Equal(outcome, recorder.Calls[next - 1].State);
                    break;
                case "handed 0":
                    Assert.Equal(outcome, recorder.Handed);
                    break;
                default:
                    Assert.Equal(
                        (Numbers(call), outcome), (Numbers(recorder.Calls[next].Text), recorder.Calls[next].Outcome));
                    next++;
                    break;
            }
        }

        Assert.Equal(recorder.Calls.Count, next);
        Assert.Equal(26, next);
    }

    private static IEnumerable<(string Call, string Outcome)> Steps()
    {
        string path = RepositoryRoot.Combine("tests", "conformance", "machine-i386-512m-32-2.6.12.bm");
        string? call = null;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("=> ", StringComparison.Ordinal) && call is not null)
            {
                yield return (call, line[3..]);
            }
            else if (line.Length != 0 && line[0] is not '#')
            {
                call = line;
            }
        }
    }

    // Scripts write numbers in hex or decimal as it reads best. init_bootmem's node begins at page 0.
    private static string Numbers(string call)
    {
        string[] words = call.Split(' ');
        for (int i = 1; i < words.Length; i++)
        {
            words[i] = words[i].StartsWith("0x", StringComparison.Ordinal)
                ? ulong.Parse(words[i][2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    .ToString(CultureInfo.InvariantCulture)
                : words[i];
        }

        return words[0] == "init_bootmem" && words.Length == 4 ? $"{words[0]} {words[1]} {words[3]}" : string.Join(
            ' ', words);
    }
}
