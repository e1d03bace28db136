using System.Collections.Generic;
using System.Linq;
using System.Text;
using Bootmem.Lab;
using Bootmem.Lab.Checks;

namespace Bootmem.Tests.Checks;

/// <summary>A board as a test writes it down: 16 MiB of RAM at 0x80000000, unless it says otherwise.</summary>
internal sealed class Board
{
    public string Memory { get; init; } =
        "memory@80000000 { device_type = \"memory\"; reg = <0x80000000 0x1000000>; };";

    public string Header { get; init; } = "";

    public string Reserved { get; init; } = "";

    public string Chosen { get; init; } = "";

    public int Cells { get; init; } = 1;

    public CheckOptions Options { get; init; } = new();

    public string Source => $$"""
        /dts-v1/;
        {{Header}}
        / {
            #address-cells = <{{Cells}}>;
            #size-cells = <{{Cells}}>;
            {{Memory}}
            chosen { {{Chosen}} };
            reserved-memory { #address-cells = <{{Cells}}>; #size-cells = <{{Cells}}>; ranges; {{Reserved}} };
        };
        """;

    public CheckResult Check()
    {
        using MachineFile file = MachineFile.Read(Encoding.UTF8.GetBytes(Source), "board.dts");
        return MachineCheck.Run(file, Options);
    }

    /// <summary>The findings, each as its lines; the note that no kernel is known is left out where there is another
    /// one.</summary>
    public string Findings()
    {
        IReadOnlyList<CheckFinding> findings = Check().Findings;
        return string.Concat(findings
            .Where(finding => findings.Count == 1 || finding.Kind != FindingKind.NoKernel)
            .Select(finding =>
                $"{(finding.IsProblem ? "problem" : "note")} {FindingNames.Of(finding.Kind)}: {finding.Text}\n"
                + (finding.Consequence.Length == 0 ? "" : $"  {finding.Consequence}\n")));
    }
}
