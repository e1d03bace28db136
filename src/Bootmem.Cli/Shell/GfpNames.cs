using System;
using System.Collections.Generic;
using System.Linq;
using Bootmem.Boot;

namespace Bootmem.Cli.Shell;

/// <summary>The kernel's names of how pages may be had, joined by <c>|</c>.</summary>
internal static class GfpNames
{
    private const GfpMask All = GfpMask.Dma | GfpMask.HighMem | GfpMask.Dma32 | GfpMask.Wait | GfpMask.High
        | GfpMask.Io | GfpMask.Fs | GfpMask.Cold | GfpMask.NoWarn | GfpMask.Zero;

    private static readonly Dictionary<string, GfpMask> _names = new(StringComparer.Ordinal)
    {
        ["GFP_KERNEL"] = GfpMask.Kernel,
        ["GFP_ATOMIC"] = GfpMask.Atomic,
        ["GFP_USER"] = GfpMask.Kernel,
        ["GFP_HIGHUSER"] = GfpMask.HighUser,
        ["GFP_NOIO"] = GfpMask.Wait,
        ["GFP_NOFS"] = GfpMask.Wait | GfpMask.Io,
        ["GFP_DMA"] = GfpMask.Dma,
        ["GFP_DMA32"] = GfpMask.Dma32,
        ["__GFP_DMA"] = GfpMask.Dma,
        ["__GFP_HIGHMEM"] = GfpMask.HighMem,
        ["__GFP_DMA32"] = GfpMask.Dma32,
        ["__GFP_WAIT"] = GfpMask.Wait,
        ["__GFP_HIGH"] = GfpMask.High,
        ["__GFP_IO"] = GfpMask.Io,
        ["__GFP_FS"] = GfpMask.Fs,
        ["__GFP_COLD"] = GfpMask.Cold,
        ["__GFP_NOWARN"] = GfpMask.NoWarn,
        ["__GFP_ZERO"] = GfpMask.Zero,
    };

    /// <summary>Reads names, or a number, joined by <c>|</c>.</summary>
    /// <exception cref="ShellException">A name is none.</exception>
    public static GfpMask Parse(string word)
    {
        GfpMask mask = GfpMask.None;
        foreach (string name in word.Split('|'))
        {
            mask |= _names.TryGetValue(name, out GfpMask known) ? known
                : name.Length != 0 && char.IsAsciiDigit(name[0]) ? Number(name)
                : throw new ShellException(
                    $"found {ShellNumbers.Quote(name)}, expected GFP_KERNEL, GFP_ATOMIC, GFP_DMA, GFP_HIGHUSER, "
                        + $"__GFP_ZERO, …: Tab shows all");
        }

        return mask;
    }

    /// <summary>What a word, or the part of it behind the last <c>|</c>, can become.</summary>
    public static IEnumerable<string> Complete(string word)
    {
        string before = word[..(word.LastIndexOf('|') + 1)];
        return _names.Keys.Select(name => before + name);
    }

    private static GfpMask Number(string name)
    {
        GfpMask mask = (GfpMask)ShellNumbers.Parse(name, "a mask", int.MaxValue);
        return (mask & ~All) == 0 ? mask
            : throw new ShellException($"found {ShellNumbers.Quote(name)}, expected no bits but 0x{(int)All:x}");
    }
}
