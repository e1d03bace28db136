using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;
using CommandLine = Bootmem.Cli.CommandLine;

namespace Bootmem.Tests.Boot;

/// <summary>What a boot loses to whole pages, told by owner; a count byte by byte comes to the same.</summary>
public sealed unsafe class RoundingTests
{
    private const ulong Mib = 1UL << 20;
    private const ulong Page = 4096;

    private static Dictionary<string, MachineSketch> Sketches { get; } = new()
    {
        ["one bank"] = MachineSketch.Of((0, 24 * Mib)),
        ["not page aligned"] = MachineSketch.Of((0x200, 16 * Mib), (0x100_0200, 0x3f_0123), (0x180_0fff, 0x1002)),
        ["kept"] = MachineSketch.Of((0, 24 * Mib)) with
        {
            Reservations = [(0x123, 1), (0x124, 3), (0x8000, 0x5000), (0x9800, 0x5801), (7 * Mib + 5, 4090)],
        },
        ["initrd"] = MachineSketch.Of((0, 24 * Mib)) with { InitrdStart = (8 * Mib) + 123, InitrdSize = Mib + 5 },
        ["two nodes"] = MachineSketch.OfNodes((0, 16 * Mib, 0), (16 * Mib, 8 * Mib, 1)),
    };

    public static TheoryData<string> SketchNames => [.. Sketches.Keys];

    [Theory]
    [MemberData(nameof(SketchNames))]
    public void ACountByteByByteComesToTheSame(string name)
    {
        foreach (KernelVersion version in new[] { KernelVersion.V2_6_12, KernelVersion.V2_6_15 })
        {
            MachineOptions options = MachineSketch.Options(version);
            options.Initcalls.UnionWith(BuiltInInitcalls.All.Select(one => one.Name));
            using MachineHost host = Sketches[name].SwitchOn(options);
            ByteCount count = new(32 * Mib);
            host.Observe(count.Record);
            while (host.NextStep <= BootStep.MemInit)
            {
                count.Check(host);
                host.Step();
            }
        }
    }

    [Fact]
    public void TheWaitTablesOfTheArticlesMachineFitBehindOthers()
    {
        using MachineHost host = MachineSketch.Article.SwitchOn();
        host.RunUntil(BootStep.Done);
        PageAccount account = PageAccount.Of(host);
        Assert.Equal(new OwnerShare("mem_map", 201, 819232, 16, 1), Share(account, "mem_map"));
        Assert.Equal(new OwnerShare("wait tables", 0, 1200, 0, 3), Share(account, "wait tables"));
        Assert.Equal(0UL, account.PartialBankBytes);
        Assert.Equal(account.OwnedPages * Page, account.TakenBytes);
        Assert.Equal(account.TakenBytes - account.AskedBytes, account.LostBytes);
        Assert.True(account.AddsUp);
    }

    // 16 pages of 64 in a bank that begins and ends within pages; between the banks, one page that is neither's.
    [Fact]
    public void BanksLoseTheirPartialPages()
    {
        using MachineHost host = Sketches["not page aligned"].SwitchOn();
        host.RunUntil(BootStep.Done);
        PageAccount account = PageAccount.Of(host);
        Assert.Equal(4096UL - 0x200 + 0x200 + (4096 - 0x200) + 0x323 + 0x1002 - 0x1000, account.PartialBankBytes);
        Assert.Equal((16 * Mib) + 0x3f_0123 + 0x1002, (account.RamPages * Page) + account.PartialBankBytes);
    }

    [Fact]
    public void SmallRequestsShareAPageAndAFreeOfThemGivesNoPageBack()
    {
        using MachineHost host = MachineSketch.Article.SwitchOn();
        host.RunUntil(BootStep.PercpuInit);
        PageAccount before = PageAccount.Of(host);
        ref BootMemory mem = ref host.Bootmem;
        Owner owner = mem.Owner;
        mem.Owner = Owner.Module;
        KernelApi.alloc_bootmem_pages(ref mem, 1);
        ulong first = KernelApi.alloc_bootmem(ref mem, 40);
        mem.Owner = Owner.Caller;
        KernelApi.alloc_bootmem(ref mem, 8);
        mem.Owner = owner;

        // The second and the third lie in the first one's page: 1, 40 and 8 bytes in one page of the module's.
        PageAccount small = PageAccount.Of(host);
        Assert.Equal(before.OwnedPages + 1, small.OwnedPages);
        Assert.Equal(before.AskedBytes + 49, small.AskedBytes);
        Assert.Equal(before.LostBytes + Page - 49, small.LostBytes);
        Assert.Equal(new OwnerShare("module", 1, 41, Page - 49, 2), Share(small, "module"));
        Assert.Equal(new OwnerShare("caller", 0, 8, 0, 1), Share(small, "caller"));

        // Less than a page comes back: the page stays taken, and is all lost in the end.
        KernelApi.free_bootmem(ref mem, first, 40);
        PageAccount freed = PageAccount.Of(host);
        Assert.Equal(small.OwnedPages, freed.OwnedPages);
        Assert.Equal(new OwnerShare("module", 1, 1, Page - 9, 2), Share(freed, "module"));
        Assert.True(freed.AddsUp);
    }

    [Fact]
    public void TheJsonAddsUp()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string pc = RepositoryRoot.Combine("machines", "pc-512m.e820");
        Assert.Equal(CommandLine.Success, CommandLine.Invoke(["boot", pc, "--json"], output, error));
        using JsonDocument json = JsonDocument.Parse(output.ToString());
        JsonElement rounding = json.RootElement.GetProperty("page_rounding");
        long asked = rounding.GetProperty("bytes_asked").GetInt64();
        long lost = rounding.GetProperty("bytes_lost").GetInt64();
        Assert.Equal(rounding.GetProperty("bytes_taken").GetInt64(), asked + lost);
        JsonElement[] owners = [.. json.RootElement.GetProperty("owners").EnumerateArray()];
        Assert.Equal(asked, owners.Sum(owner => owner.GetProperty("bytes_asked").GetInt64()));
        Assert.Equal(lost, owners.Sum(owner => owner.GetProperty("bytes_lost").GetInt64()));

        // The map's first range ends at 0x9fc00.
        Assert.Equal(0xc00, rounding.GetProperty("bank_bytes_lost").GetInt64());
    }

    private static OwnerShare Share(PageAccount account, string name) =>
        Assert.Single(account.Owners, owner => owner.Name == name);

    // Every byte and every page by itself: whose it is, from the events alone. 255 is nobody's.
    private sealed class ByteCount
    {
        private const byte Nobody = 255;
        private readonly byte[] _bytes;
        private readonly byte[] _pages;

        public ByteCount(ulong size)
        {
            _bytes = new byte[size];
            _pages = new byte[size / Page];
            Array.Fill(_bytes, Nobody);
            Array.Fill(_pages, Nobody);
        }

        public void Record(BootEvent change)
        {
            for (ulong i = 0; i < change.Size && change.Kind != BootEventKind.NodeInitialised; i++)
            {
                Change(_bytes, change.Address + i, change);
            }

            for (ulong i = 0; i < change.PageCount; i++)
            {
                Change(_pages, change.FirstPfn + i, change);
            }
        }

        public void Check(MachineHost host)
        {
            Dictionary<string, (ulong Pages, ulong Asked, ulong Lost)> expected = [];
            ulong taken = 0;
            for (ulong pfn = 0; pfn < (ulong)_pages.Length; pfn++)
            {
                if (_pages[pfn] == Nobody || !IsRam(host, pfn))
                {
                    continue;
                }

                taken += Page;
                ulong lost = 0;
                for (ulong i = 0; i < Page; i++)
                {
                    byte owner = _bytes[(pfn * Page) + i];
                    lost += owner == Nobody ? 1UL : 0;
                    if (owner != Nobody)
                    {
                        Add(expected, owner, 0, 1, 0);
                    }
                }

                Add(expected, _pages[pfn], 1, 0, lost);
            }

            PageAccount account = PageAccount.Of(host);
            Assert.True(account.AddsUp);
            Assert.Equal(taken, account.TakenBytes);
            Assert.Equal(
                expected.OrderBy(one => one.Key, StringComparer.Ordinal),
                account.Owners.Where(owner => owner.ByteCount + owner.LostByteCount != 0)
                    .OrderBy(owner => owner.Name, StringComparer.Ordinal)
                    .Select(owner => KeyValuePair.Create(
                        owner.Name, (owner.PageCount, owner.ByteCount, owner.LostByteCount))));
        }

        private static bool IsRam(MachineHost host, ulong pfn)
        {
            for (int i = 0; i < host.Machine->Info.BankCount; i++)
            {
                Bank bank = host.Machine->Info.Banks[i];
                if (pfn * Page >= bank.Start && (pfn + 1) * Page <= bank.Start + bank.Size)
                {
                    return true;
                }
            }

            return false;
        }

        private static void Add(
            Dictionary<string, (ulong Pages, ulong Asked, ulong Lost)> sums, byte owner, ulong pages, ulong asked,
            ulong lost)
        {
            string name = Encoding.ASCII.GetString(Owners.Name((Owner)owner));
            (ulong Pages, ulong Asked, ulong Lost) old = sums.GetValueOrDefault(name);
            sums[name] = (old.Pages + pages, old.Asked + asked, old.Lost + lost);
        }

        private static void Change(byte[] owners, ulong at, in BootEvent change)
        {
            if (at >= (ulong)owners.Length)
            {
                return;
            }

            if (change.Kind == BootEventKind.Freed)
            {
                owners[at] = Nobody;
            }
            else if (change.Kind is BootEventKind.Reserved or BootEventKind.Allocated && owners[at] == Nobody)
            {
                owners[at] = (byte)change.Owner;
            }
        }
    }
}
