using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Bootmem.Tests.Docs;

/// <summary>
/// Every file of the project that a person writes: no line is longer than 120 columns, and none names a place outside
/// of the project. BOOTMEM_TIDY=write counts the long lines that are left anew.
/// </summary>
public sealed class TidyTests
{
    private const int MostColumns = 120;
    private const string WritesVariable = "BOOTMEM_TIDY";

    // What a person does not write by hand, or must be as it was found.
    private static readonly string[] s_otherFolders =
        ["bin", "obj", "artifacts", ".git", ".bootmem", "corpus", "found", "data", "conformance", "gallery"];

    private static readonly string[] s_codeEndings =
        [".cs", ".awk", ".S", ".ld", ".js", ".css", ".html", ".c", ".csproj", ".props", ".slnx", ""];

    private static readonly string[] s_textEndings = [".md", ".dts", ".bm", ".e820", ".json"];

    private static readonly string[] s_allFiles = [.. Walk(RepositoryRoot.Path).Order(StringComparer.Ordinal)];

    // Files with long lines from before this test, and how many. It may only become less.
    private static string LongLinesFile => RepositoryRoot.Combine("tests", "data", "long-lines.tsv");

    [Fact]
    public void NoLineIsLongerThan120Columns()
    {
        SortedDictionary<string, int> found = new(StringComparer.Ordinal);
        foreach (string file in s_allFiles.Where(file => s_codeEndings.Contains(Path.GetExtension(file))))
        {
            int count = File.ReadLines(file).Count(line => Columns(line) > MostColumns);
            if (count != 0)
            {
                found[Path.GetRelativePath(RepositoryRoot.Path, file)] = count;
            }
        }

        if (Environment.GetEnvironmentVariable(WritesVariable) == "write")
        {
            File.WriteAllLines(LongLinesFile, found.Select(entry => $"{entry.Key}\t{entry.Value}"));
        }

        Dictionary<string, int> known = File.ReadLines(LongLinesFile).Select(line => line.Split('\t'))
            .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));
        Assert.Empty(found.Where(entry => entry.Value > known.GetValueOrDefault(entry.Key))
            .Select(entry => $"{entry.Key}: found {entry.Value} lines of more than {MostColumns} columns, "
                + $"expected at most {known.GetValueOrDefault(entry.Key)}"));
    }

    [Fact]
    public void NoFileNamesAPlaceOutsideOfTheProject()
    {
        // In pieces, so that this file does not name them either.
        string[] places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/tmp" + "/w/", "nuget" + ".org", "npm" + "js"];
        Assert.NotEmpty(s_allFiles);
        Assert.Empty(
            from file in s_allFiles
            where s_codeEndings.Concat(s_textEndings).Contains(Path.GetExtension(file))
            let text = File.ReadAllText(file)
            from place in places
            where text.Contains(place, StringComparison.OrdinalIgnoreCase)
            select $"{Path.GetRelativePath(RepositoryRoot.Path, file)}: found {place}, expected no place outside");
    }

    // A column a character, be it one of two halves; wide characters count once.
    private static int Columns(string line) => line.EnumerateRunes().Count();

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            yield return file;
        }

        foreach (string inner in Directory.EnumerateDirectories(folder)
            .Where(inner => !s_otherFolders.Contains(Path.GetFileName(inner))).SelectMany(Walk))
        {
            yield return inner;
        }
    }
}
