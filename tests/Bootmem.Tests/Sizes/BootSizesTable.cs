using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Tests.Allocator;
using Xunit;

namespace Bootmem.Tests.Sizes;

/// <summary>tests/data/boot-sizes.tsv: what the kernels' own functions printed and computed.</summary>
public sealed unsafe class BootSizesTable
{
    private const int PageShift = 12;

    public static TheoryData<string> Rows =>
        [.. File.ReadLines(RepositoryRoot.Combine("tests", "data", "boot-sizes.tsv")).Where(x => x[0] != '#')];

    [Fact]
    public void HasAllRows() => Assert.Equal(240, Rows.Count);

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public void Row(string row)
    {
        string[] columns = row.Split('\t');
        Assert.True(KernelVersions.TryParse(Encoding.ASCII.GetBytes(columns[0]), out KernelVersion version));
        BootMemoryOptions options = new()
        {
            Version = version,
            Bits = int.Parse(columns[1], CultureInfo.InvariantCulture),
            PageShift = PageShift,
            CacheLine = 32,
        };
        string[] words = SplitWords(columns[2]);
        string actual = words[0] switch
        {
            "hash" => Hash(options, words),
            "pid" => Pid(options, Number(words[1])),
            "wait" => $"=> {WaitTable.Entries(Number(words[1]))}",
            "batch" => $"=> {Batch(options, Number(words[1]))}",
            _ => throw new FormatException($"'{words[0]}' is no call of the table"),
        };
        Assert.Equal(columns[3], actual);
    }

    private static ulong Batch(in BootMemoryOptions options, ulong pages) =>
        ZoneBatch.Of(new Behaviour(options.Version), new KernelWord(options.Bits, PageShift), pages);

    private static string Hash(in BootMemoryOptions options, string[] words)
    {
        HashFlags flags = (HashFlags)Number(words[7]);
        HashRequest request = new(
            Encoding.ASCII.GetBytes(words[3]), Number(words[4]), Number(words[5]), (int)Number(words[6]), flags,
            Number(words[8]));
        HashSources sources = new()
        {
            KernelPages = Number(words[1]),
            AllPages = Number(words[2]),
            IsDistributed = words[9] == "1",
            Vmalloc = &GiveBytes,
            Pages = &GivePages,
        };
        using TestMachine machine = NewMachine(options);
        Assert.True(LargeSystemHash.TryAllocate(ref machine.Memory, request, sources, out HashTable table, out _));

        // An early table is bootmem's: as many pages are gone.
        Bitmap map = machine.Memory.Node(0).Map;
        ulong taken = flags.HasFlag(HashFlags.Early) ? (table.Bytes + 4095) >> PageShift : 0;
        Assert.Equal(taken, map.CountSet(map.BitCount));
        string printed = machine.Log.ToString().TrimEnd('\n');
        return $"| {printed} / => shift={table.Shift} mask={table.Mask} size={table.Bytes}";
    }

    private static string Pid(in BootMemoryOptions options, ulong pages)
    {
        using TestMachine machine = NewMachine(options);
        ulong* tables = stackalloc ulong[PidHash.TableCount];
        Assert.True(PidHash.TryInitialise(ref machine.Memory, pages, tables, out _));
        int shift = PidHash.Shift(machine.Memory.Word, pages);
        ulong each = PidHash.TableBytes(machine.Memory.Word, shift);
        for (int i = 1; i < PidHash.TableCount; i++)
        {
            Assert.Equal(tables[i - 1] + each, tables[i]);
        }

        return $"| {machine.Log.ToString().TrimEnd('\n')} / => shift={shift} allocs=4 each={each}";
    }

    // One node of 1 GiB from 0, all of it free.
    private static TestMachine NewMachine(in BootMemoryOptions options)
    {
        const ulong Pages = 1 << 18;
        TestMachine machine = new(options, 1, (nuint)(Pages / 8));
        KernelApi.init_bootmem(ref machine.Memory, 0, Pages);
        KernelApi.free_bootmem(ref machine.Memory, 0, Pages << PageShift);
        return machine;
    }

    private static ulong GiveBytes(void* context, ulong size) => 1UL << 20;

    private static ulong GivePages(void* context, int order) => order <= 10 ? 1UL << 20 : 0;

    private static ulong Number(string word) => ulong.Parse(word, CultureInfo.InvariantCulture);

    // Names of two words stand in quotes.
    private static string[] SplitWords(string text) =>
        [.. text.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : Words(part))];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
