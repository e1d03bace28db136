using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Bootmem.Tests.Docs;

/// <summary>A block of code in a Markdown file.</summary>
/// <param name="Language">What stands behind the fence.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Text">What stands between the fences.</param>
internal sealed record CodeBlock(string Language, int Line, string Text);

/// <summary>A link in a Markdown file.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Target">Where it leads.</param>
internal sealed record DocumentLink(int Line, string Target);

/// <summary>A Markdown file of the project, as far as the tests look at it.</summary>
internal sealed partial class MarkdownFile
{
    private readonly List<string> _headings = [];

    private MarkdownFile(string path)
    {
        Path = path;
        Name = System.IO.Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/');
        Read(File.ReadAllLines(path));
    }

    public string Path { get; }

    /// <summary>The path from the project's root.</summary>
    public string Name { get; }

    public List<CodeBlock> Blocks { get; } = [];

    public List<DocumentLink> Links { get; } = [];

    /// <summary>The anchors of the headings, as code hosts make them.</summary>
    public HashSet<string> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Every file in docs, and the README files of the root.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Path, "README*.md")
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(path => new MarkdownFile(path)),
    ];

    public static MarkdownFile Open(params string[] parts)
    {
        string path = RepositoryRoot.Combine(parts);
        return All.First(file => file.Path == path);
    }

    private void Read(string[] lines)
    {
        int fence = -1;
        string language = "";
        StringBuilder block = new();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (fence >= 0)
                {
                    Blocks.Add(new CodeBlock(language, fence + 1, block.ToString()));
                    fence = -1;
                    continue;
                }

                fence = i;
                language = line[3..].Trim();
                block.Clear();
            }
            else if (fence >= 0)
            {
                block.Append(line).Append('\n');
            }
            else
            {
                ReadText(line, i + 1);
            }
        }

        if (fence >= 0)
        {
            throw new InvalidDataException($"{Name}:{fence + 1}: the block of code has no end");
        }
    }

    private void ReadText(string line, int number)
    {
        if (Heading().Match(line) is { Success: true } heading)
        {
            string slug = Slug(heading.Groups[1].Value);
            int same = _headings.Count(other => other == slug);
            _headings.Add(slug);
            Anchors.Add(same == 0 ? slug : $"{slug}-{same}");
        }

        foreach (Match link in Link().Matches(InlineCode().Replace(line, "`code`")))
        {
            Links.Add(new DocumentLink(number, link.Groups[1].Value));
        }
    }

    // Lower case; letters, digits, underscores and hyphens stay; a blank becomes a hyphen; all else goes.
    private static string Slug(string heading)
    {
        string text = LinkText().Replace(heading, "$1");
        StringBuilder slug = new();
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c) || c is '_' or '-')
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (c == ' ')
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }

    [GeneratedRegex(@"^#{1,6}\s+(.*?)\s*#*$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex InlineCode();
}
