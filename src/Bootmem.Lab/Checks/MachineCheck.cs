using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Checks;

/// <summary>What a check gave.</summary>
/// <param name="Picture">The picture, with the bitmap and the regions without a place where they would go.</param>
/// <param name="Findings">What was found: problems first, in the order of the addresses.</param>
public sealed record CheckResult(MemoryPicture Picture, IReadOnlyList<CheckFinding> Findings)
{
    /// <summary>How many findings are problems.</summary>
    public int ProblemCount => Findings.Count(finding => finding.IsProblem);
}

/// <summary>All checks, one after another. Each looks at the picture only; none changes it.</summary>
public static class MachineCheck
{
    /// <summary>Checks a machine.</summary>
    /// <param name="file">The machine's file.</param>
    /// <param name="options">What the boot loader knows; null: nothing.</param>
    /// <exception cref="MachineException">An option is not what it must be.</exception>
    public static CheckResult Run(MachineFile file, CheckOptions? options = null) =>
        Run(PictureReader.Read(file, options ?? new CheckOptions()));

    /// <summary>Checks a picture.</summary>
    /// <param name="picture">Banks and ranges, each sorted by address.</param>
    public static CheckResult Run(MemoryPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        List<CheckFinding> findings = [];
        OwnedRange? bitmap = BitmapCheck.Place(picture, findings);
        if (bitmap is not null)
        {
            picture = picture with { Ranges = MemoryPicture.Sorted(picture.Ranges.Append(bitmap)) };
        }

        findings.AddRange(BankCheck.Find(picture));
        findings.AddRange(OverlapCheck.Find(picture));
        findings.AddRange(OutsideCheck.Find(picture));
        findings.AddRange(EmptyCheck.Find(picture));
        IReadOnlyList<OwnedRange> dynamic = DynamicCheck.Place(picture, findings);
        findings.AddRange(AlignmentCheck.Find(picture));
        picture = picture with { Ranges = MemoryPicture.Sorted(picture.Ranges.Concat(dynamic)) };
        return new CheckResult(
            picture,
            [.. findings.OrderByDescending(finding => finding.IsProblem).ThenBy(finding => finding.Kind).ThenBy(
                FirstAddress)]);
    }

    private static ulong FirstAddress(CheckFinding finding) =>
        finding.Common?.Start ?? (finding.Owners.Count != 0 ? finding.Owners[0].Start : 0);
}
