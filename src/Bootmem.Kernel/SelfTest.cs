using Bootmem.Boot;

namespace Bootmem.Kernel;

/// <summary>What a test of the whole machine is made of, once it has booted.</summary>
internal static unsafe class SelfTest
{
    private const int Operations = 1_000_000;

    /// <summary>Runs all, and prints a last line that says whether all passed.</summary>
    public static void Run()
    {
        Printer.Plain.Text("\n"u8);
        int failed = Metal.Machine->FailedInitcallCount;
        failed += Modules.InsertAll();
        failed += EveryPage.Passes() ? 0 : 1;
        failed += RandomPages.Passes(Operations) ? 0 : 1;
        if (failed == 0)
        {
            Printer.Plain.Text("test: all passed\n"u8);
        }
        else
        {
            Printer.Plain.Text("test: "u8).Signed(failed).Text(" FAILED\n"u8);
        }
    }

    /// <summary>Says how a check went.</summary>
    /// <returns>Whether nothing was wrong.</returns>
    public static bool Say(System.ReadOnlySpan<byte> check, ulong count, System.ReadOnlySpan<byte> of, ulong wrong, ulong pfn)
    {
        Log log = Printer.Plain;
        log.Text("test: "u8).Text(check).Text(": "u8).Decimal(count).Text(of);
        if (wrong != 0)
        {
            log.Text(", "u8).Decimal(wrong).Text(" WRONG, the last at page 0x"u8).Hex(pfn);
        }

        log.Text("\n"u8);
        return wrong == 0;
    }

    /// <summary>Checks all lists of the page allocator, and that as many pages are free as there were.</summary>
    public static bool IsSound(ulong freeBefore)
    {
        ref PageAllocator pages = ref Metal.Machine->Pages;
        VerifyResult result = pages.Verify(out ulong pfn);
        ulong free = pages.FreePageCount + pages.PerCpuPageCount;
        if (result != VerifyResult.Sound || free != freeBefore)
        {
            Printer.Plain.Text("test: the lists are WRONG: result "u8).Decimal((ulong)result).Text(" at page 0x"u8)
                .Hex(pfn).Text(", "u8).Decimal(free).Text(" pages free, "u8).Decimal(freeBefore).Text(" before\n"u8);
            return false;
        }

        return true;
    }
}
