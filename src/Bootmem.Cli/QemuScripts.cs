using System;
using System.Collections.Generic;
using System.IO;
using Bootmem.Lab;
using Bootmem.Lab.Scripts;

namespace Bootmem.Cli;

/// <summary>Scripts on bare metal: a kernel of nothing but the allocator runs them and compares each outcome.</summary>
internal static class QemuScripts
{
    // Bitmaps of some MiB, and as much for the scripts themselves.
    private const string Memory = "64M";

    /// <summary>The scripts with the kernels' own outcomes; null where this program is not in its repository.</summary>
    public static string? Conformance
    {
        get
        {
            string folder = Path.Combine(QemuBoard.Repository, "tests", "conformance");
            return Directory.Exists(folder) ? folder : null;
        }
    }

    /// <summary>Runs scripts.</summary>
    /// <param name="path">A script, or a folder of them.</param>
    /// <param name="memory">The board's RAM; null: enough.</param>
    /// <param name="output">Where what the board says goes.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="MachineException">A script is bad input.</exception>
    public static int Run(string path, string? memory, TextWriter output)
    {
        byte[] book = ScriptBook.Write(Read(path));
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, book);
            using QemuBoard board = new(default) { InitrdPath = file, Flags = KernelImageFlags.Test };
            board.SetMachine(null, memory ?? Memory);
            board.Insert(KernelImageFile.Load(QemuBoard.BuildImage("scripts")));
            string printed = board.RunToEnd(line => output.WriteLine(Terminal.Clean(line)));
            return printed.EndsWith(" calls, 0 differ\n", StringComparison.Ordinal)
                ? CommandLine.Success : CommandLine.Differs;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<ScriptFile> Read(string path)
    {
        List<ScriptFile> scripts = [];
        foreach (ScriptSource source in ScriptSource.Find(path))
        {
            if (!source.TryLoad(out ScriptFile? script, out ScriptError? error))
            {
                throw new MachineException(error.ToString());
            }

            scripts.Add(script);
        }

        return scripts;
    }
}
