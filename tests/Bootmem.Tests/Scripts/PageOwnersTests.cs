using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Lab.Scripts;
using Xunit;

namespace Bootmem.Tests.Scripts;

public class PageOwnersTests
{
    [Fact]
    public void RunsAreWhatAnArrayOfPagesWouldSay()
    {
        Random random = new(12);
        for (int round = 0; round < 50; round++)
        {
            (int Owner, bool IsFree)[] pages = new (int, bool)[40];
            PageOwners owners = new(100, 40, 0);
            for (int owner = 1; owner < 40; owner++)
            {
                int first = random.Next(-5, 40);
                int count = random.Next(0, 12);
                bool isFree = random.Next(2) == 0;
                owners.Set((ulong)(100 + first), (ulong)count, owner, isFree);
                for (int i = Math.Max(first, 0); i < Math.Min(first + count, 40); i++)
                {
                    pages[i] = (owner, isFree);
                }

                int from = random.Next(0, 40);
                int end = random.Next(from, 45);
                AssertSame(pages, owners, from, end);
            }
        }
    }

    [Fact]
    public void MapsThatTouchAreFoundAsByComparingAll()
    {
        Random random = new(13);
        MapRanges ranges = new();
        List<(ulong Start, ulong Size)> all = [];
        for (int i = 0; i < 3000; i++)
        {
            ulong start = (ulong)random.Next(0, 2000);
            ulong size = (ulong)random.Next(0, 20);
            bool expected = size != 0 && all.Any(r => r.Start < start + size && start < r.Start + r.Size);
            Assert.Equal(expected, ranges.Overlaps(start, size));
            if (!expected && size != 0)
            {
                ranges.Add(start, size);
                all.Add((start, size));
            }
            else if (all.Count > 20)
            {
                int gone = random.Next(all.Count);
                ranges.Remove(all[gone].Start);
                all.RemoveAt(gone);
            }
        }

        ranges.Clear();
        ranges.Add(ulong.MaxValue - 7, 8);
        Assert.True(ranges.Overlaps(ulong.MaxValue, 100));
        Assert.False(ranges.Overlaps(0, 100));
    }

    private static void AssertSame((int Owner, bool IsFree)[] pages, PageOwners owners, int from, int end)
    {
        List<(int, bool)> seen = [];
        foreach (OwnedRun run in owners.Between((ulong)(100 + from), (ulong)(100 + end)))
        {
            seen.AddRange(Enumerable.Repeat((run.Owner, run.IsFree), (int)run.PageCount));
        }

        Assert.Equal(pages[from..Math.Min(end, 40)], seen);
        ulong free = 0;
        foreach (OwnedRun run in owners.FreeBetween((ulong)(100 + from), (ulong)(100 + end)))
        {
            free += run.PageCount;
            Assert.True(!pages.ElementAtOrDefault((int)run.EndPfn - 100).IsFree || run.EndPfn == (ulong)(100 + end));
        }

        Assert.Equal(pages[from..Math.Min(end, 40)].Count(page => page.IsFree), (int)free);
    }
}
