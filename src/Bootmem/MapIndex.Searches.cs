using System.Runtime.CompilerServices;

namespace Bootmem;

/// <content>
/// How far searches came: where a search that began at one page had to go on from, with all before it tried in vain.
/// That depends on the bits before that page alone. The next search for the same starts there, as long as none of them
/// has changed.
/// </content>
internal unsafe partial struct MapIndex
{
    private const int SearchCount = 4;

    /// <summary>Where a search can go on that is where <paramref name="at"/> says: there, or further on.</summary>
    /// <param name="from">Where the search began.</param>
    /// <param name="at">How far it is.</param>
    /// <param name="pages">How many pages it looks for.</param>
    /// <param name="step">In which steps.</param>
    /// <param name="end">Where it ends.</param>
    public readonly ulong Resume(ulong from, ulong at, ulong pages, ulong step, ulong end)
    {
        for (int i = 0; i < SearchCount; i++)
        {
            ref readonly PastSearch past = ref _searches[i];

            // In steps of one page what is too short for some pages is so for more. Other steps leave a trail of their
            // own.
            bool isLike = past.From == from && past.Step == step
                && (past.Pages == pages || (step == 1 && past.Pages < pages));
            if (isLike && past.At > at && past.At < end)
            {
                at = past.At;
            }
        }

        return at;
    }

    /// <summary>Keeps how far a search came.</summary>
    /// <param name="from">Where it began.</param>
    /// <param name="at">How far it came, with everything before tried.</param>
    /// <param name="pages">How many pages it looks for.</param>
    /// <param name="step">In which steps.</param>
    public void Keep(ulong from, ulong at, ulong pages, ulong step)
    {
        int slot = SearchCount;
        for (int i = 0; i < SearchCount; i++)
        {
            ref readonly PastSearch past = ref _searches[i];
            if (past.From == from && past.Pages == pages && past.Step == step)
            {
                slot = i;
            }
        }

        if (slot == SearchCount)
        {
            slot = _oldest;
            _oldest = (_oldest + 1) & (SearchCount - 1);
        }

        _searches[slot] = new PastSearch { From = from, At = at, Pages = pages, Step = step };
        Measure();
    }

    private void ForgetSearches()
    {
        for (int i = 0; i < SearchCount; i++)
        {
            _searches[i] = default;
        }

        _searchEnd = 0;
        _coarseEnd = 0;
    }

    // A page changed: what was found out by looking at it is gone. Searches in steps of one page only learn from free
    // pages: a reservation leaves no run longer than it was.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ForgetSearches(ulong first, bool isFreed)
    {
        for (int i = 0; i < SearchCount; i++)
        {
            ref PastSearch past = ref _searches[i];
            if (past.At > first && (isFreed || past.Step != 1))
            {
                past = default;
            }
        }

        Measure();
    }

    private void Measure()
    {
        _searchEnd = 0;
        _coarseEnd = 0;
        for (int i = 0; i < SearchCount; i++)
        {
            ref readonly PastSearch past = ref _searches[i];
            _searchEnd = past.At > _searchEnd ? past.At : _searchEnd;
            _coarseEnd = past.Step != 1 && past.At > _coarseEnd ? past.At : _coarseEnd;
        }
    }

    private struct PastSearch
    {
        public ulong From;
        public ulong At;
        public ulong Pages;
        public ulong Step;
    }
}
