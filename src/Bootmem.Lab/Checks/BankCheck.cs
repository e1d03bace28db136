using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Checks;

/// <summary>The RAM itself: none, empty banks, banks that overlap, banks that 32 bits cannot say.</summary>
internal static class BankCheck
{
    private const ulong FourGiB = 1UL << 32;

    public static IEnumerable<CheckFinding> Find(MemoryPicture picture)
    {
        foreach (OwnedRange bank in picture.Banks.Where(bank => bank.IsEmpty))
        {
            yield return new CheckFinding(
                FindingKind.BankEmpty, false, $"{bank.Owner} at 0x{bank.Start:x} has size 0: the boot loader fills it in.")
            { Owners = [bank] };
        }

        if (!picture.HasRam)
        {
            yield return new CheckFinding(
                FindingKind.NoMemory,
                false,
                "the file tells of no RAM, so nothing was held against it: the boot loader fills that in.",
                "say how much there is: --append mem=512M@0x80000000.");
        }

        foreach (CheckFinding finding in FindOverlaps(picture).Concat(FindHigh(picture)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<CheckFinding> FindOverlaps(MemoryPicture picture)
    {
        // Sorted: the bank that reaches furthest so far is the one to overlap with.
        OwnedRange? furthest = null;
        foreach (OwnedRange bank in picture.Banks.Where(bank => !bank.IsEmpty))
        {
            if (furthest?.CommonWith(bank) is ByteRange common)
            {
                yield return new CheckFinding(
                    FindingKind.BanksOverlap,
                    !picture.IsPc,
                    $"{furthest} and {bank} share {common}, {common.SizeText}.",
                    picture.IsPc
                        ? "sanitize_e820_map() makes one range of them."
                        : "the second one frees pages that are free: BUG(). Bootmem's boot refuses such banks.")
                { Owners = [furthest, bank], Common = common };
            }

            furthest = furthest is null || bank.End > furthest.End ? bank : furthest;
        }
    }

    private static IEnumerable<CheckFinding> FindHigh(MemoryPicture picture)
    {
        foreach (OwnedRange bank in picture.Banks.Where(bank => !bank.IsEmpty && bank.End > FourGiB))
        {
            ByteRange beyond = new(bank.Start > FourGiB ? bank.Start : FourGiB, bank.End);
            bool isNarrow = picture.IsBitsChosen && picture.Bits == 32;
            bool isProblem = isNarrow && !picture.IsPc;
            yield return new CheckFinding(
                FindingKind.Beyond32Bits,
                isProblem,
                $"{beyond} of {bank}, {beyond.SizeText}, lies beyond what 32 bits say.",
                isNarrow && picture.IsPc
                    ? "i386 reaches it with PAE only; without, it says \"Warning only 4GB will be used\"."
                    : isProblem ? "an unsigned long wraps there: bootmem's boot refuses the bank." : "the kernel is taken for one of 64 bits.")
            { Owners = [bank] };
        }
    }
}
