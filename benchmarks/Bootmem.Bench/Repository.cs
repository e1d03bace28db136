using System;
using System.IO;

namespace Bootmem.Bench;

/// <summary>The project's own files: BenchmarkDotNet runs its copies of this program in folders further down.</summary>
internal static class Repository
{
    /// <summary>A file or folder of the project.</summary>
    /// <param name="parts">Its path from the root.</param>
    public static string Combine(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bootmem.slnx")))
            {
                return Path.Combine([folder.FullName, .. parts]);
            }
        }

        throw new DirectoryNotFoundException("found no Bootmem.slnx above the program, expected the repository");
    }
}
