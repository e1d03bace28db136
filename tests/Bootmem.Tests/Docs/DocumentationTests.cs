using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Bootmem.Tests.Docs;

/// <summary>What the documentation says of the project is so: links, quotes, signatures, the list of calls.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void EveryLinkLeadsSomewhere()
    {
        List<string> broken = [];
        int checkedCount = 0;
        foreach (MarkdownFile file in MarkdownFile.All)
        {
            foreach (DocumentLink link in file.Links)
            {
                if (link.Target.StartsWith("https://", StringComparison.Ordinal))
                {
                    continue;
                }

                checkedCount++;
                if (Problem(file, link.Target) is string problem)
                {
                    broken.Add($"{file.Name}:{link.Line}: {link.Target}: {problem}");
                }
            }
        }

        Assert.Empty(broken);
        Assert.True(checkedCount > 100, $"only {checkedCount} links were found");
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void EveryPageIsReachedFromTheReadme(string readme)
    {
        Dictionary<string, MarkdownFile> unseen = MarkdownFile.All.ToDictionary(file => file.Path);
        Queue<MarkdownFile> next = new([MarkdownFile.Open(readme)]);
        unseen.Remove(next.Peek().Path);
        while (next.TryDequeue(out MarkdownFile? file))
        {
            foreach (DocumentLink link in file.Links)
            {
                string target = Path.Combine(Path.GetDirectoryName(file.Path)!, link.Target.Split('#')[0]);
                if (unseen.Remove(Path.GetFullPath(target), out MarkdownFile? found))
                {
                    next.Enqueue(found);
                }
            }
        }

        Assert.Empty(unseen.Values.Select(file => file.Name));
    }

    [Theory]
    [InlineData("HostedExample.cs")]
    [InlineData("FreestandingExample.cs")]
    public void LibraryPageQuotesTheExample(string name)
    {
        string[] lines = File.ReadAllLines(RepositoryRoot.Combine("tests", "Bootmem.Tests", "Docs", name));
        int begin = Array.IndexOf(lines, "// quote begin");
        int end = Array.IndexOf(lines, "// quote end");
        Assert.True(begin >= 0 && end > begin, $"{name} has no marks");
        string example = string.Join('\n', lines[(begin + 1)..end]) + "\n";
        string[] quotes = [.. MarkdownFile.Open("docs", "library.md").Blocks
            .Where(block => block.Language == "csharp").Select(block => block.Text)];
        Assert.Contains(example, quotes);
    }

    [Fact]
    public void EveryCallHasAPage()
    {
        MarkdownFile index = MarkdownFile.Open("docs", "calls", "README.md");
        foreach (string name in Enumerable.Range(0, Calls.Count)
            .Select(i => Encoding.ASCII.GetString(Calls.Name((Call)i)))
            .Concat(["init_bootmem_core", "reserve_bootmem_core", "free_bootmem_core", "free_all_bootmem_core",
                "__alloc_bootmem_core"]))
        {
            Assert.True(File.Exists(RepositoryRoot.Combine("docs", "calls", name + ".md")), $"{name} has no page");
            Assert.Contains(index.Links, link => link.Target == name + ".md");
        }
    }

    [Fact]
    public void SignaturesOnThePagesAreThoseOfTheSource()
    {
        HashSet<string> source = [];
        StringBuilder all = new();
        foreach (string path in Directory.EnumerateFiles(
            RepositoryRoot.Combine("src", "Bootmem"), "*.cs", SearchOption.AllDirectories))
        {
            all.Append(OneLine(File.ReadAllText(path)));
        }

        string text = all.ToString();
        int count = 0;
        foreach (MarkdownFile page in MarkdownFile.All.Where(
            f => f.Name.StartsWith("docs/calls/", StringComparison.Ordinal)))
        {
            foreach (CodeBlock block in page.Blocks.Where(block => block.Language == "csharp"))
            {
                foreach (string signature in block.Text.Split("public ", StringSplitOptions.RemoveEmptyEntries))
                {
                    string wanted = WithoutModifiers("public " + OneLine(signature).Trim());
                    Assert.True(
                        WithoutModifiers(text).Contains(wanted, StringComparison.Ordinal),
                        $"{page.Name}: not in the source: {wanted}");
                    count++;
                }
            }
        }

        Assert.True(count >= Calls.Count, $"only {count} signatures were found");
    }

    private static string? Problem(MarkdownFile file, string target)
    {
        int hash = target.IndexOf('#', StringComparison.Ordinal);
        string path = hash < 0 ? target : target[..hash];
        string full = path.Length == 0
            ? file.Path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Path)!, path));
        if (path.StartsWith('/') || !full.StartsWith(RepositoryRoot.Path, StringComparison.Ordinal))
        {
            return "leads out of the project";
        }

        if (!File.Exists(full) && !Directory.Exists(full))
        {
            return "there is no such file";
        }

        if (hash < 0)
        {
            return null;
        }

        MarkdownFile? other = MarkdownFile.All.FirstOrDefault(f => f.Path == full);
        return other?.Anchors.Contains(target[(hash + 1)..]) == true ? null : "there is no such heading";
    }

    private static string OneLine(string text) =>
        Blanks().Replace(text, " ").Replace("( ", "(", StringComparison.Ordinal);

    private static string WithoutModifiers(string text) =>
        text.Replace("public readonly ", "public ", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
