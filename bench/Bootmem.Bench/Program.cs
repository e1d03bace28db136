using BenchmarkDotNet.Running;

namespace Bootmem.Bench;

/// <summary>The parts of the allocator, each by itself: <c>dotnet run -c Release --project bench/Bootmem.Bench</c>.</summary>
internal static class Program
{
    private static void Main(string[] args) =>
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
}
