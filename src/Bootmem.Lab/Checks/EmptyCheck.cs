using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Checks;

/// <summary>Reservations without a byte.</summary>
internal static class EmptyCheck
{
    public static IEnumerable<CheckFinding> Find(MemoryPicture picture) =>
        picture.Ranges.Where(range => range.IsEmpty).Select(range => new CheckFinding(
            FindingKind.Empty,
            true,
            $"{range.Owner} at 0x{range.Start:x} has size 0.",
            "reserve_bootmem() of no byte is a BUG(); bootmem's boot leaves it out.") { Owners = [range] });
}
