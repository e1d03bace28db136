using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.Docs;

/// <summary>What the documents say that a command prints is what it prints.</summary>
/// <remarks>A block that follows <c>&lt;!-- output of: ARGUMENTS --&gt;</c> is the output of that command
/// line.</remarks>
public sealed partial class DocumentedOutputTests
{
    public static IEnumerable<TheoryDataRow<string>> Documents() =>
        Directory.EnumerateFiles(RepositoryRoot.Path, "README*.md")
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories))
            .Where(path => Shown().IsMatch(File.ReadAllText(path)))
            .Select(path => new TheoryDataRow<string>(Path.GetRelativePath(RepositoryRoot.Path, path)));

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_output_is_what_the_document_says(string document)
    {
        foreach (Match block in Shown().Matches(File.ReadAllText(RepositoryRoot.Combine(document))))
        {
            string[] args = [.. block.Groups["args"].Value.Split(' ').Select(FromRoot)];
            using StringWriter output = new();
            using StringWriter error = new();
            int code = CommandLine.Invoke(args, output, error);
            Assert.Equal("", error.ToString());
            Assert.Equal(CommandLine.Success, code);
            string shown = output.ToString().Replace(RepositoryRoot.Path + "/", "", StringComparison.Ordinal);
            Assert.Equal(block.Groups["text"].Value, shown);
        }
    }

    // Documents name files, with a line or without, as they are called from the project's root.
    private static string FromRoot(string argument) =>
        File.Exists(RepositoryRoot.Combine(argument.Split(':')[0])) ? RepositoryRoot.Combine(argument) : argument;

    [GeneratedRegex(@"<!-- output of: (?<args>[^>]*?) -->\n```text\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
