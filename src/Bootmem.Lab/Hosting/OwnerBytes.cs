using System.Collections.Generic;

namespace Bootmem.Lab;

/// <summary>What an owner took, in whole pages, and what it asked for.</summary>
/// <param name="PageCount">Pages that are its own: it took them first.</param>
/// <param name="ByteCount">Bytes that it asked for and did not give back; some may lie in others' pages.</param>
/// <param name="LostByteCount">Bytes of its own pages that nobody asked for.</param>
internal readonly record struct OwnerBytes(ulong PageCount, ulong ByteCount, ulong LostByteCount)
{
    /// <summary>
    /// Adds pages of one owner. Bytes in them may be others'; what is nobody's is lost by the owner of the pages. So
    /// over all owners, bytes asked for and bytes lost are the bytes of all pages.
    /// </summary>
    /// <param name="owners">The sums so far.</param>
    /// <param name="run">The pages.</param>
    /// <param name="bytes">Who asked for which bytes.</param>
    /// <param name="pageShift">The size of a page, as a power of two.</param>
    public static void Add(Dictionary<Owner, OwnerBytes> owners, in PageRun run, ByteLedger bytes, int pageShift)
    {
        ulong lost = run.PageCount << pageShift;
        foreach (ByteRun asked in bytes.Within(run.StartPfn << pageShift, run.EndPfn << pageShift))
        {
            OwnerBytes asking = owners.GetValueOrDefault(asked.Owner);
            owners[asked.Owner] = asking with { ByteCount = asking.ByteCount + asked.ByteCount };
            lost -= asked.ByteCount;
        }

        OwnerBytes own = owners.GetValueOrDefault(run.Owner);
        owners[run.Owner] = own with
        {
            PageCount = own.PageCount + run.PageCount,
            LostByteCount = own.LostByteCount + lost,
        };
    }
}
