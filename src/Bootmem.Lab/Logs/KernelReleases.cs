using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bootmem.Lab.Logs;

/// <summary>Which model fits a kernel of any release.</summary>
public static partial class KernelReleases
{
    /// <summary>The first N of 2.6.N whose figures are modelled.</summary>
    public const int First = 9;

    /// <summary>The last one.</summary>
    public const int Last = 19;

    /// <summary>The model of a release.</summary>
    /// <param name="release">What stands behind "Linux version", vendor's suffix and all: <c>2.6.14-1.1637_FC4</c>.</param>
    /// <param name="is64">Whether it is an x86-64 kernel.</param>
    public static KernelRelease ModelOf(string release, bool is64)
    {
        Match match = Release().Match(release);
        if (!match.Success)
        {
            return default;
        }

        int level = int.Parse(match.Groups["level"].Value, CultureInfo.InvariantCulture);
        string suffix = match.Groups["suffix"].Value;
        if (level is < First or > Last)
        {
            return default;
        }

        int rules = level;
        if (level == 12 && EarlyCandidate().IsMatch(suffix))
        {
            // 2.6.12-rc1 to -rc3 still have the batch of 2.6.11.
            rules = 11;
        }
        else if (level == 14 && is64 && suffix.Contains("-mm", System.StringComparison.Ordinal))
        {
            // Andrew Morton's tree counts zones as 2.6.15 does.
            level = rules = 15;
        }

        string exact = match.Groups["stable"].Success ? $"2.6.{level}.{match.Groups["stable"].Value}" : $"2.6.{level}";
        KernelVersion version = KernelVersions.TryParse(Encoding.ASCII.GetBytes(exact), out KernelVersion found)
            ? found : NearestTo(level);
        return new KernelRelease(true, version, rules, Between().IsMatch(suffix));
    }

    /// <summary>The model of the release 2.6.N.</summary>
    /// <param name="level">The N.</param>
    public static KernelRelease ModelOf(int level) => new(true, NearestTo(level), level, false);

    private static KernelVersion NearestTo(int level) => level <= 12 ? KernelVersion.V2_6_12
        : level == 13 ? KernelVersion.V2_6_13 : level == 14 ? KernelVersion.V2_6_14 : KernelVersion.V2_6_15;

    [GeneratedRegex("""^2\.6\.(?<level>\d{1,2})(?!\d)(?:\.(?<stable>\d{1,3}))?(?<suffix>.*)$""")]
    private static partial Regex Release();

    // -rc, -mm, -git and their like; a vendor's build number.
    [GeneratedRegex("""^-(?:\d|.*(?:rc|mm|git|bk|pre)\d)""")]
    private static partial Regex Between();

    [GeneratedRegex("""^-rc[123](?!\d)""")]
    private static partial Regex EarlyCandidate();
}
