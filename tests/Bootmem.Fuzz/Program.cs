using System;
using System.IO;
using SharpFuzz;

namespace Bootmem.Fuzz;

/// <summary>
/// <c>Bootmem.Fuzz TARGET</c> is started by AFL++ and takes inputs from it; <c>Bootmem.Fuzz TARGET FILE…</c> runs the
/// target on files.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 0 || !FuzzTargets.All.ContainsKey(args[0]))
        {
            Console.Error.WriteLine($"fuzz: expected a target: {string.Join(", ", FuzzTargets.All.Keys)}");
            return 2;
        }

        string target = args[0];
        if (args.Length > 1)
        {
            foreach (string path in args.AsSpan(1))
            {
                FuzzTargets.Run(target, File.ReadAllBytes(path));
            }

            return 0;
        }

        // Out of process: what ends the process (a bad pointer, a full stack) ends a child only.
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using MemoryStream input = new();
            stream.CopyTo(input);
            FuzzTargets.Run(target, input.ToArray());
        });
        return 0;
    }
}
