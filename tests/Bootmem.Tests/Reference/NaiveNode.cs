namespace Bootmem.Tests.Reference;

/// <summary>The six numbers of a node; one bool stands for one bit.</summary>
internal sealed class NaiveNode
{
    public ulong BootStart;
    public ulong LowPfn;
    public bool[]? Map;
    public ulong MapPfn;
    public ulong LastPos;
    public ulong LastOffset;
    public ulong LastSuccess;
    public bool IsListed;

    /// <summary>A bit beyond the map reads as 0.</summary>
    public bool IsSet(ulong index) => index < (ulong)Map!.Length && Map[index];

    public bool Holds(ulong index) => index < (ulong)Map!.Length;

    /// <summary>Takes over the state of another node with a map of the same length.</summary>
    public void CopyFrom(NaiveNode other)
    {
        BootStart = other.BootStart;
        LowPfn = other.LowPfn;
        MapPfn = other.MapPfn;
        LastPos = other.LastPos;
        LastOffset = other.LastOffset;
        LastSuccess = other.LastSuccess;
        IsListed = other.IsListed;
        if (other.Map is null)
        {
            Map = null;
            return;
        }

        if (Map?.Length != other.Map.Length)
        {
            Map = new bool[other.Map.Length];
        }

        other.Map.CopyTo(Map, 0);
    }
}
