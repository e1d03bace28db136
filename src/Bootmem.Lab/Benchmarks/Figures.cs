using System;
using System.Collections.Generic;
using System.Linq;

namespace Bootmem.Lab.Benchmarks;

/// <summary>What many figures of one thing say.</summary>
public static class Figures
{
    /// <summary>The figure that a part of all is not above.</summary>
    /// <param name="sorted">The figures, ascending; at least one.</param>
    /// <param name="part">The part, 0 .. 1.</param>
    public static double At(IReadOnlyList<double> sorted, double part)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        return sorted[(int)((sorted.Count - 1) * part)];
    }

    /// <summary>The one in the middle.</summary>
    /// <param name="figures">The figures, at least one, in any order.</param>
    public static double Median(IEnumerable<double> figures) => At([.. figures.Order()], 0.5);

    /// <summary>
    /// How many times as large the figures of one are as those of another: of each two that were taken one after the
    /// other, the middle one. What else the machine does then hits both alike.
    /// </summary>
    /// <param name="figures">The figures, in the order in which they were taken.</param>
    /// <param name="others">The others, above 0, as many or more.</param>
    /// <returns>The ratio; 0 if there are no figures.</returns>
    public static double MedianRatio(IReadOnlyCollection<double> figures, IReadOnlyCollection<double> others)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures.Count == 0 ? 0 : Median(figures.Zip(others, (figure, other) => figure / Math.Max(other, 1e-3)));
    }
}
