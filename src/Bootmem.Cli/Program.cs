using System;
using System.IO;
using System.Text;

namespace Bootmem.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
        using StreamWriter output = new(Console.OpenStandardOutput(), utf8, 1 << 14);
        using StreamWriter error = new(Console.OpenStandardError(), utf8) { AutoFlush = true };
        return CommandLine.Invoke(args, output, error);
    }
}
