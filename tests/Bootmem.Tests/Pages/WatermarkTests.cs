using Bootmem.Boot;
using Xunit;

namespace Bootmem.Tests.Pages;

/// <summary>Marks and reserves, against the figures that i386 machines of 1 GiB and more print.</summary>
public unsafe class WatermarkTests
{
    internal static PageMachine LowMachine(KernelVersion version, ulong highPages = 0)
    {
        PageMachine machine = new PageMachine(version).Node(
            0, 0, 31, (ZoneKind.Dma, 4096), (ZoneKind.Normal, 225280), (ZoneKind.HighMem, highPages));
        machine.Pages->BuildZonelists();
        machine.Pages->SetUpWatermarks();
        return machine;
    }

    [Theory]
    [InlineData(KernelVersion.V2_6_12)]
    [InlineData(KernelVersion.V2_6_14)]
    [InlineData(KernelVersion.V2_6_15)]
    public void Marks_are_those_of_a_machine_with_896_MiB_of_low_memory(KernelVersion version)
    {
        // "DMA ... min:68kB low:84kB high:100kB", "Normal ... min:3756kB low:4692kB high:5632kB".
        using PageMachine machine = LowMachine(version, 30342);
        Assert.Equal(3831UL, machine.Pages->MinFreeKbytes);
        Assert.Equal((17UL, 21UL, 25UL), MarksOf(machine.ZoneOf(ZoneKind.Dma)));
        Assert.Equal(939UL, machine.ZoneOf(ZoneKind.Normal)->PagesMin);
        Assert.Equal(1173UL, machine.ZoneOf(ZoneKind.Normal)->PagesLow);
        Assert.Equal(1408UL, machine.ZoneOf(ZoneKind.Normal)->PagesHigh);

        // Up to 2.6.14 a quarter and a half of its own least mark; then of the zone's share: 957 * 30342 / 229376 =
        // 126.
        (ulong, ulong, ulong) high = version == KernelVersion.V2_6_15 ? (32UL, 63UL, 95UL) : (32UL, 40UL, 48UL);
        Assert.Equal(high, MarksOf(machine.ZoneOf(ZoneKind.HighMem)));
    }

    [Fact]
    public void Reserves_are_parts_of_the_pages_above()
    {
        using PageMachine machine = LowMachine(KernelVersion.V2_6_12, 30342);
        Zone* dma = machine.ZoneOf(ZoneKind.Dma);
        Zone* normal = machine.ZoneOf(ZoneKind.Normal);
        Assert.Equal((0UL, 880UL, 998UL), (dma->LowmemReserve(0), dma->LowmemReserve(1), dma->LowmemReserve(2)));
        Assert.Equal((0UL, 948UL), (normal->LowmemReserve(1), normal->LowmemReserve(2)));
    }

    [Fact]
    public void Min_free_kbytes_stays_within_its_bounds()
    {
        using PageMachine small = new PageMachine(KernelVersion.V2_6_12).Node(0, 0, 1, (ZoneKind.Dma, 100));
        small.Pages->BuildZonelists();
        small.Pages->SetUpWatermarks();
        Assert.Equal(128UL, small.Pages->MinFreeKbytes);
        Assert.Equal((32UL, 40UL, 48UL), MarksOf(small.ZoneOf(ZoneKind.Dma)));

        using PageMachine none = new(KernelVersion.V2_6_15);
        none.Pages->BuildZonelists();
        none.Pages->SetUpWatermarks();
        Assert.Equal(128UL, none.Pages->MinFreeKbytes);
    }

    [Fact]
    public void Division_and_square_root_are_those_of_the_processor()
    {
        System.Random random = new(4711);
        for (int i = 0; i < 20000; i++)
        {
            ulong a = (ulong)random.NextInt64() << random.Next(2) >> random.Next(64);
            ulong b = ((ulong)random.NextInt64() << random.Next(2) >> random.Next(64)) | 1;
            Assert.Equal(a / b, Division.Divide(a, b));
            ulong root = Division.SquareRoot(a);
            Assert.True((System.UInt128)root * root <= a && (System.UInt128)(root + 1) * (root + 1) > a);
        }

        Assert.Equal(ulong.MaxValue, Division.Divide(5, 0));
        Assert.Equal(ulong.MaxValue, Division.Divide(ulong.MaxValue, 1));
        Assert.Equal(1UL, Division.Divide(ulong.MaxValue, ulong.MaxValue));
        Assert.Equal(uint.MaxValue, Division.SquareRoot(ulong.MaxValue));
    }

    private static (ulong Min, ulong Low, ulong High) MarksOf(Zone* zone) =>
        (zone->PagesMin, zone->PagesLow, zone->PagesHigh);
}
