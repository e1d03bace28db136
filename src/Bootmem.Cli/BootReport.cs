using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Cli;

/// <summary>A boot's summary: every page once.</summary>
internal static unsafe class BootReport
{
    public static void WriteSummary(MachineHost host, PageAccount account, TextWriter output)
    {
        int shift = host.Machine->Bootmem.Word.PageShift;
        Line(output, "Pages of RAM", account.RamPages, shift);
        if (host.NextStep <= BootStep.MemInit)
        {
            Line(output, "  free in bootmem", account.BootmemFreePages, shift);
        }
        else
        {
            Line(output, "  free in the buddy lists", account.BuddyPages, shift);
            Line(output, "  free on per-CPU lists", account.PerCpuPages, shift);
        }

        foreach (OwnerShare owner in account.Owners)
        {
            Line(output, "  " + owner.Name, owner.PageCount, shift, Asked(owner));
        }

        if (account.GivenPages != 0)
        {
            Line(output, "  given by the page allocator", account.GivenPages, shift);
        }

        output.WriteLine(account.AddsUp ? "  The sum is the RAM." : "  The sum is NOT the RAM.");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Lost to whole pages: {account.LostBytes} of {account.TakenBytes} bytes taken, for "
                + $"{account.AskedBytes} asked for"));
        if (account.PartialBankBytes != 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Lost at the ends of banks: {account.PartialBankBytes} bytes of RAM"));
        }

        ulong saved = host.Machine->Bootmem.SavedMaxPfn;
        if (saved != 0)
        {
            output.WriteLine($"saved_max_pfn: 0x{saved:x} (max_pfn: 0x{host.Machine->Bootmem.MaxPfn:x})");
        }
    }

    public static void WriteJson(MachineHost host, PageAccount account, TextWriter output)
    {
        Machine* machine = host.Machine;
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("kernel", Configuration.NameOf(machine->Config.Version));
            json.WriteNumber("bits", machine->Config.Bits);
            json.WriteNumber("page_size", machine->Bootmem.Word.PageSize);
            if (machine->Bootmem.SavedMaxPfn != 0)
            {
                json.WriteString("max_pfn", $"0x{machine->Bootmem.MaxPfn:x}");
                json.WriteString("saved_max_pfn", $"0x{machine->Bootmem.SavedMaxPfn:x}");
            }

            json.WriteStartArray("log");
            foreach (LogLine line in host.Log.Lines)
            {
                json.WriteStartObject();
                json.WriteNumber("level", line.Level);
                json.WriteString("text", line.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("pages");
            json.WriteNumber("ram", account.RamPages);
            json.WriteNumber("bootmem_free", account.BootmemFreePages);
            json.WriteNumber("buddy", account.BuddyPages);
            json.WriteNumber("per_cpu", account.PerCpuPages);
            json.WriteBoolean("adds_up", account.AddsUp);
            json.WriteEndObject();
            json.WriteStartArray("owners");
            foreach (OwnerShare owner in account.Owners)
            {
                json.WriteStartObject();
                json.WriteString("name", owner.Name);
                json.WriteNumber("pages", owner.PageCount);
                json.WriteNumber("bytes_asked", owner.ByteCount);
                json.WriteNumber("bytes_lost", owner.LostByteCount);
                json.WriteNumber("calls", owner.CallCount);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("page_rounding");
            json.WriteNumber("bytes_asked", account.AskedBytes);
            json.WriteNumber("bytes_taken", account.TakenBytes);
            json.WriteNumber("bytes_lost", account.LostBytes);
            json.WriteNumber("bank_bytes_lost", account.PartialBankBytes);
            json.WriteEndObject();
            WriteRuns(json, host.Ledger.Runs);
            json.WriteNumber("failed_initcalls", machine->FailedInitcallCount);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteRuns(Utf8JsonWriter json, IReadOnlyList<PageRun> runs)
    {
        json.WriteStartArray("runs");
        foreach (PageRun run in runs)
        {
            json.WriteStartObject();
            json.WriteString("start_pfn", $"0x{run.StartPfn:x}");
            json.WriteString("end_pfn", $"0x{run.EndPfn:x}");
            json.WriteNumber("node", run.Node);
            json.WriteString("use", run.Use.ToString());
            json.WriteString("owner", Encoding.ASCII.GetString(Owners.Name(run.Owner)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Pages that nobody asked bootmem for, such as those never freed, have nothing to say.
    private static string Asked(OwnerShare owner)
    {
        if (owner.ByteCount == 0 && owner.LostByteCount == 0)
        {
            return "";
        }

        string calls = owner.CallCount == 0 ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $" in {owner.CallCount} {(owner.CallCount == 1 ? "call" : "calls")}");
        return string.Create(
            CultureInfo.InvariantCulture, $"   {owner.ByteCount} bytes asked for{calls}, {owner.LostByteCount} lost");
    }

    private static void Line(TextWriter output, string name, ulong pages, int shift, string rest = "") =>
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-30}{pages,12} pages {(pages << shift) >> 10,14} KiB{rest}"));
}
