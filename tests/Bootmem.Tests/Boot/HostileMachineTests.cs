using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;
using Bootmem.Lab;
using CsCheck;
using Xunit;

namespace Bootmem.Tests.Boot;

/// <summary>
/// Machines that no firmware would describe: each boots with an account that adds up, or ends with one error of the
/// kinds that are meant for that.
/// </summary>
public sealed class HostileMachineTests
{
    private const ulong Mib = 1UL << 20;

    private static readonly ulong[] _edges =
    [
        0, 1, 4095, 4096, 4097, 0x8000, Mib, 0x30_8000, 3 * Mib, 16 * Mib, (16 * Mib) + 1, 100 * Mib, 896 * Mib,
        0x6000_0000, 0x7000_0000,
        0xffff_f000, 0xffff_ffff, 1UL << 32, (1UL << 32) + 1, 5UL << 30, 1UL << 36, 1UL << 40, 1UL << 44, 1UL << 52,
        1UL << 63,
        ulong.MaxValue - 4095, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private static readonly string[] _words =
    [
        "mem=64M", "mem=32M@0x60000000", "mem=8M@4M", "mem=0", "mem=16M@0xfffff000", "mem=1G@3G", "mem=77777777@4097",
        "mem=0xffffffffffffffff", "highmem=1M", "highmem=64M", "highmem=0xfffffffffffff000", "initrd=0x61000000,1M",
        "initrd=0,1",
        "initrd=0xffffffffffffffff,0xffffffffffffffff", "mem_bs=20M", "mem_bs=64M@0x70100000", "mem_bs=0",
        "highmem_bs=0", "highmem_bs=4M",
        "dhash_entries=1", "dhash_entries=0xffffffffffffffff", "ihash_entries=0x80000000", "hashdist=1", "hashdist=0",
        "quiet",
        "mem=x", "initrd=1",
    ];

    private static Gen<ulong> Number { get; } = Gen.OneOf(
        Any(_edges),
        Gen.ULong[0, 2048].Select(static n => n * Mib),
        Gen.ULong[0, 1UL << 20].Select(static n => n * 4096),
        Gen.ULong[0, 1UL << 33],
        Gen.ULong);

    private static Gen<ulong> Size { get; } = Gen.OneOf(
        Gen.ULong[1, 256].Select(static n => n * Mib), Gen.ULong[1, 65536].Select(static n => n * 4096), Number);

    private static Gen<string> Line { get; } =
        Any(_words).List[0, 4].Select(static words => string.Join(' ', words));

    private static Gen<int> Node { get; } = Gen.Frequency(
        (20, Gen.Int[0, 2]), (2, Gen.Int[3, 70]), (1, Any(-1, 1023, 1024, int.MaxValue, int.MinValue)));

    // Banks of the kind that firmware tells, in order and apart, and banks of any kind.
    private static Gen<List<(ulong Start, ulong Size, int Node)>> Banks { get; } = Gen.OneOf(
        Gen.Select(Any(0UL, 0x6000_0000UL, 0x800UL, 1UL << 33), Gen.Select(Size, Number, Gen.Int[0, 9]).List[1, 6])
            .Select(InOrder),
        Gen.Select(Number, Size, Node).List[0, 8]);

    private static Gen<PrivateMemory> PrivateOf { get; } = Gen.Select(
        Gen.Int[0, 3], Number, Number, Number, Gen.Int[0, 12]).Select(
        static (present, a, b, c, which) => MutatedPrivate(present == 0, a, b, c, which));

    private static Gen<MachineSketch> Sketch { get; } = Gen.Select(
        Gen.Select(Banks, Gen.Select(Number, Number).List[0, 5], Line),
        Gen.Select(Number, Gen.Frequency((1, Gen.Const(0UL)), (2, Number)), Gen.Bool),
        PrivateOf).Select(static (told, initrd, own) => new MachineSketch
        {
            Banks = told.Item1,
            Reservations = told.Item2,
            CommandLine = told.Item3,
            InitrdStart = initrd.Item1,
            InitrdSize = initrd.Item2,
            IsInitrdVirtual = initrd.Item3,
            Private = own,
        });

    private static Gen<MachineOptions> Options { get; } = Gen.Select(
        Gen.Int[0, KernelVersions.Count - 1],
        Gen.Frequency((6, Gen.Const(0)), (2, Gen.Const(64)), (1, Gen.Const(32))),
        Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[6, 24])),
        Gen.Int[0, 63],
        Gen.Frequency((8, Gen.Const(0UL)), (1, Number)),
        Gen.Frequency((4, Gen.Const(default(KernelImage))),
            (1, Gen.Select(Number, Number, Number, Number).Select(ImageOf)))).Select(
        static (version, bits, pageShift, flags, offset, image) => new MachineOptions
        {
            Config = BootConfig.Default with
            {
                Version = (KernelVersion)version,
                Bits = bits,
                PageShift = pageShift,
                IsNuma = (flags & 1) != 0,
                HasHighMem = (flags & 2) != 0,
                HasAllocRemap = (flags & 4) != 0,
                HasCrashDump = (flags & 8) != 0,
                CpuCount = (flags & 16) != 0 ? 8 : 0,
                NodesShift = (flags & 32) != 0 ? 1 : -1,
                PageOffset = offset,
            },
            IsLayoutOnly = true,
            Image = image,
        });

    [Fact]
    public void EachBootsOrEndsWithOneError() =>
        Gen.Select(Sketch, Options).Sample(
            static (sketch, options) =>
            {
                string? outcome = Outcome(sketch, options);

                // BUG() and panic() are where memory is too small; nothing that the kernel does not define is ever
                // asked.
                return outcome is null || (outcome.Length != 0 && !outcome.Contains('\n', StringComparison.Ordinal)
                    && !outcome.StartsWith("undefined", StringComparison.Ordinal));
            },
            iter: 12_000,
            threads: 2,
            print: static made => $"{made.Item1}; {made.Item2.Config.Version} bits {made.Item2.Config.Bits} page "
                + $"{made.Item2.Config.PageShift}");

    [Fact]
    public void SmallOnesAreTheSameWithTheirMemory() =>
        Gen.Select(Sketch, Options).Sample(
            static (sketch, options) =>
            {
                // Hash tables of the page allocator need pages to be there.
                MachineSketch made = sketch with
                {
                    CommandLine = sketch.CommandLine.Replace("hashdist=1", "hashdist=0", StringComparison.Ordinal),
                };
                if (Outcome(made, options) is null && SpannedPages(made, options) < 100_000)
                {
                    TwoBoots.Check(isLayout => made.SwitchOn(
                        new MachineOptions { Config = options.Config, Image = options.Image,
                            IsLayoutOnly = isLayout }));
                }
            },
            iter: 3000,
            threads: 1,
            print: static made => $"{made.Item1}; {made.Item2.Config.Version} page {made.Item2.Config.PageShift}");

    [Fact]
    public void ManyOfThemBoot()
    {
        int booted = 0;
        Gen.Select(Sketch, Options).Sample(
            (sketch, options) =>
                booted += Outcome(sketch, options) is null ? 1 : 0, iter: 1000, threads: 1, seed: "0000KOIPe503");
        Assert.True(booted > 150, $"{booted} of 1000");
    }

    [Fact]
    public void FourThousandBanksFromTheTopDown()
    {
        // 1023 nodes of four small banks, from the top down, and at last the first node.
        const ulong Gib = 1024 * Mib;
        MachineSketch sketch = MachineSketch.OfNodes(
            [.. Enumerable.Range(0, 4092).Select(
                static i => (Gib + ((ulong)(4091 - i) * Mib / 2), Mib / 4, 1 + ((4091 - i) / 4))), (0, Gib, 0)]);
        MachineOptions options = new() { IsLayoutOnly = true };
        Assert.Null(Outcome(sketch, options));
        Assert.Null(Outcome(
            sketch with { Banks = [.. sketch.Banks.Select(static bank => (bank.Start, bank.Size, 0))] }, options));
    }

    [Fact]
    public void ThousandsOfReservations()
    {
        MachineSketch sketch = MachineSketch.Of((0, 1UL << 34)) with
        {
            Reservations = [.. Enumerable.Range(0, 4096).Select(static i => ((ulong)i * 3 * Mib, Mib + (ulong)i))],
        };
        Assert.Null(Outcome(sketch, new MachineOptions { IsLayoutOnly = true }));
    }

    private static unsafe ulong SpannedPages(MachineSketch sketch, MachineOptions options)
    {
        using MachineHost host = sketch.SwitchOn(options);
        host.RunUntil(BootStep.BootmemInit);
        ulong sum = 0;
        for (int node = 0; node < host.Machine->NodeCount; node++)
        {
            sum += host.Machine->Extents[node].EndPfn - host.Machine->Extents[node].StartPfn;
        }

        return sum;
    }

    // Null: it booted, and all adds up.
    private static string? Outcome(MachineSketch sketch, MachineOptions options)
    {
        using MachineHost host = sketch.SwitchOn(options);
        try
        {
            host.RunUntil(BootStep.Done);
        }
        catch (Exception e) when (e is MachineException or BootmemException or HostMemoryException)
        {
            return e.Message;
        }

        PageAccount account = PageAccount.Of(host);
        Assert.True(account.AddsUp);
        Assert.Equal(0UL, account.GivenPages);
        Assert.Equal(account.RamPages, account.BuddyPages + account.PerCpuPages + account.OwnedPages);
        Assert.DoesNotContain(
            account.Owners, static owner => owner.Name is "never freed" or "not bootmem's" or "unnamed");
        foreach (string file in ProcFile.Names)
        {
            Assert.NotEqual("", ProcFile.Read(host, file));
        }

        return null;
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static List<(ulong Start, ulong Size, int Node)> InOrder(
        ulong start, List<(ulong Size, ulong Gap, int Node)> banks)
    {
        List<(ulong, ulong, int)> made = [];
        int node = 0;
        foreach ((ulong size, ulong gap, int step) in banks)
        {
            ulong bounded = size % (1UL << 31);
            made.Add((start, bounded, node));
            start += bounded + (step < 5 ? 0 : gap % (1UL << 30));
            node += step % 4 == 3 ? 1 : 0;
        }

        return made;
    }

    private static PrivateMemory MutatedPrivate(bool isPresent, ulong a, ulong b, ulong c, int which)
    {
        if (!isPresent)
        {
            return default;
        }

        PrivateMemory own = MachineSketch.Article.Private;
        switch (which)
        {
            case 0: own.Start = a; break;
            case 1: own.Size = a; break;
            case 2: own.DmaSize = a; break;
            case 3: own.NormalSize = a; break;
            case 4: own.HighSize = a; break;
            case 5: own.PageOffset = a; break;
            case 6: own.VmallocSize = a; break;
            case 7: own.Image = new ImageRange { Start = a, Size = b }; break;
            case 8: own.Init = new ImageRange { Start = a, Size = b }; break;
            case 9: own.Text = own.Data = new ImageRange { Start = a, Size = b }; break;
            case 10: (own.Start, own.Size, own.DmaSize) = (a, b, c); break;
            case 11: (own.DmaSize, own.NormalSize, own.HighSize) = (a, b, c); break;
            default: break;
        }

        return own;
    }

    private static KernelImage ImageOf(ulong a, ulong b, ulong c, ulong d) => new()
    {
        All = new ImageRange { Start = 0xc000_8000 + (a % Mib), Size = b },
        Init = new ImageRange { Start = 0xc000_8000 + (c % Mib), Size = d },
    };
}
