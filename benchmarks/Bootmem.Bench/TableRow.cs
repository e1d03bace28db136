using System;
using System.Globalization;

namespace Bootmem.Bench;

/// <summary>One line of the speed table: a piece of work, what it takes, and what is asked of it.</summary>
internal sealed record TableRow
{
    /// <summary>What is done.</summary>
    public required string Work { get; init; }

    /// <summary>Nanoseconds that the allocator takes, the median.</summary>
    public required double OurNs { get; init; }

    /// <summary>Nanoseconds of what it is held to, the median.</summary>
    public required double ReferenceNs { get; init; }

    /// <summary>What it is held to.</summary>
    public required string Reference { get; init; }

    /// <summary>The ratio that is asked for.</summary>
    public required double Asked { get; init; }

    /// <summary>Whether the ratio is ours to the reference, and the asked one the most; else it is the reference to
    /// ours, and the asked one the least.</summary>
    public bool IsCost { get; init; }

    /// <summary>The ratio, of each two times that were taken one after the other the middle one.</summary>
    public required double Ratio { get; init; }

    /// <summary>Whether the ratio, as it is shown, is what is asked for.</summary>
    public bool IsReached => IsCost ? Math.Round(Ratio, 2) <= Asked : Math.Round(Ratio, 2) >= Asked;

    /// <summary>The head of the table.</summary>
    public static string Head => $"{"work",-56} {"ours",10} {"reference",10}  {"",-18} {"ratio",8} {"asked",10}";

    /// <summary>The row as a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Work,-56} {Time(OurNs),10} {Time(ReferenceNs),10}  {Reference,-18} {Ratio,8:0.00} {AskedText,10}  "
            + $"{ReachedText}");

    private string AskedText => string.Create(CultureInfo.InvariantCulture, $"{(IsCost ? "at most" : ">=")} {Asked}");

    private string ReachedText => IsReached ? "reached" : "NOT reached";

    private static string Time(double ns) => ns switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{ns:0} ns"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e3:0.0} us"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ns / 1e6:0.0} ms"),
    };
}
