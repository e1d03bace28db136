using System;
using System.IO;
using System.Linq;
using System.Text;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;
using Bootmem.Lab.Replay;

namespace Bootmem.Fuzz;

/// <content>Boot logs, and memory maps as text.</content>
public static partial class FuzzTargets
{
    // A log gives a table in which every verdict holds, and the same one when its lines end as they do in a mail.
    private static void Log(byte[] input)
    {
        string? table = Replay(input);
        if (!input.AsSpan().Contains((byte)'\r') && LongestLine(input) < 1024)
        {
            string mailed = Encoding.Latin1.GetString(input).Replace("\n", "\r\n", StringComparison.Ordinal);
            string? again = Replay(Encoding.Latin1.GetBytes(mailed));
            Same(table ?? "an error", again ?? "an error", "CRLF gives another table");
        }
    }

    private static string? Replay(byte[] input)
    {
        try
        {
            ReplayResult result = LogReplay.Run(BootLogReader.Read(input, "x.log"));
            foreach (ReplayRow row in result.Rows)
            {
                Hold(row);
            }

            using StringWriter table = new();
            ReplayReport.Write(result, table);
            ReplayReport.WriteJson([result], Stream.Null);
            return table.ToString();
        }
        catch (Exception e) when (e is MachineFileException or MachineException)
        {
            OneLine(e.Message);
            return null;
        }
    }

    private static void Hold(ReplayRow row)
    {
        OneLine(row.Name);
        OneLine(row.Reason);
        bool isSame = row.Predicted == row.Printed;
        bool holds = row.Verdict switch
        {
            ReplayVerdict.Match => isSame,
            ReplayVerdict.Differ => !isSame,
            _ => row.Reason.Length != 0,
        };
        if (!holds)
        {
            throw new FuzzFindingException($"a verdict that does not hold: {row}");
        }
    }

    // A map can be checked, and its device tree has the same RAM.
    private static void Map(byte[] input)
    {
        if (MachineFile.Detect(input) != MachineFileFormat.MemoryMapText || ReadMachine(input, "x.e820") is null)
        {
            return;
        }

        using MachineFile file = MachineFile.Read(input, "x.e820");
        string source;
        try
        {
            source = MachineImport.Write(file);
        }
        catch (MachineFileException e)
        {
            OneLine(e.Message);
            return;
        }

        using MachineFile again = MachineFile.Read(Encoding.UTF8.GetBytes(source), "again.dts");
        Same($"{Ram(file)}", $"{Ram(again)}", "the imported machine has other RAM");
    }

    // Bytes of RAM: banks may have been cut where a node ends.
    private static unsafe ulong Ram(MachineFile file) =>
        new ReadOnlySpan<Bank>(file.Info->Banks, file.Info->BankCount).ToArray()
            .Aggregate(0UL, static (sum, bank) => unchecked(sum + bank.Size));

    private static int LongestLine(byte[] input)
    {
        int longest = 0;
        foreach (Range line in input.AsSpan().Split((byte)'\n'))
        {
            longest = Math.Max(longest, line.End.GetOffset(input.Length) - line.Start.GetOffset(input.Length));
        }

        return longest;
    }
}
