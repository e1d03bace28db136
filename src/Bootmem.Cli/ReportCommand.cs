using System.CommandLine;
using Bootmem.Lab.Pictures;
using Bootmem.Lab.Recordings;

namespace Bootmem.Cli;

/// <summary><c>bootmem report</c>: one HTML file that shows every page at every step.</summary>
internal static class ReportCommand
{
    private const string More = """
        The file needs no network and no other file. Open it in a browser.

        Examples:
          bootmem report                                   the article's machine, in boot.html
          bootmem report machines/vexpress-a9.dts -o boot.html
          bootmem report scripts/merge.bm -o merge.html
          bootmem report boot.rec -o boot.html             what boot --record kept
        """;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        RecordingInput input = new();
        Option<string> file = new("-o", "--output")
        {
            Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => "boot.html",
        };
        DocumentedCommand command = new("report", "Writes one HTML file that shows every page at every step.", More);
        input.AddTo(command);
        command.Add(file);
        command.SetAction(parsed => BootCommand.Guard(parsed.InvocationConfiguration.Error, () =>
        {
            Recording recording = input.Load(parsed);
            string path = parsed.GetRequiredValue(file);
            byte[] page = HtmlReport.Write([recording]);
            RecordingInput.SaveBytes(page, path);
            parsed.InvocationConfiguration.Output.WriteLine(
                $"{Terminal.Clean(path)}: {recording.Steps.Count} calls, {(page.Length + 1023) >> 10} KiB");
            return CommandLine.Success;
        }));
        return command;
    }
}
