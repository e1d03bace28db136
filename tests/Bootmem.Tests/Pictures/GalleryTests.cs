using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Bootmem.Tests.Recordings;
using Xunit;

namespace Bootmem.Tests.Pictures;

/// <summary>The pictures of docs/gallery are those that ./gallery makes.</summary>
public sealed class GalleryTests
{
    [Fact]
    public void EveryPictureIsWhatItsCommandMakes()
    {
        string directory = Directory.CreateTempSubdirectory("bootmem-gallery-").FullName;
        HashSet<string> made = ["README.md"];
        foreach (string line in File.ReadLines(RepositoryRoot.Combine("gallery")).Where(
            l => l.StartsWith("draw ", StringComparison.Ordinal)))
        {
            string[] words = line.Split(' ');
            string[] args = ["map", RepositoryRoot.Combine(words[2]), .. words[3..]];
            foreach (string file in new[] { words[1] + ".svg", words[1] + ".txt" })
            {
                string path = Path.Combine(directory, file);
                string[] text = file.EndsWith(".txt", StringComparison.Ordinal) ? ["--text"] : [];
                Assert.Equal((0, "", ""), RecordingFileTests.Run([.. args, .. text, "-o", path]));
                Assert.Equal(File.ReadAllText(RepositoryRoot.Combine("docs", "gallery", file)), File.ReadAllText(path));
                made.Add(file);
            }

            Assert.Equal("svg", XDocument.Load(Path.Combine(directory, words[1] + ".svg")).Root!.Name.LocalName);
        }

        Assert.Equal(made.Order(),
            Directory.GetFiles(RepositoryRoot.Combine("docs", "gallery")).Select(f => Path.GetFileName(f)).Order());
        Directory.Delete(directory, recursive: true);
    }
}
