using BenchmarkDotNet.Attributes;
using Bootmem.Lab.Scripts;

namespace Bootmem.Bench;

/// <summary>What a script's <c>state</c> costs: the CRC-32 of a bitmap and how many of its bits are set.</summary>
[ShortRunJob]
public class StateBenchmarks
{
    private readonly ScriptOutcome[] _outcomes = new ScriptOutcome[1];
    private ScriptMachine _machine = null!;
    private ScriptStep _state;

    /// <summary>RAM in GiB: one node that is free but for its first page.</summary>
    [Params(1, 64, 1024)]
    public int Gigabytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        ulong bytes = (ulong)Gigabytes << 30;
        string text = $"""
            kernel 2.6.15
            bits 64
            init_bootmem_node 0 0x100 0 0x{bytes / BenchNode.Page:x}
            free_bootmem_node 0 0 0x{bytes:x}
            reserve_bootmem_node 0 0 4096
            state 0

            """;
        ScriptFile script = ScriptFile.Parse("state", text);
        _machine = new ScriptMachine(script.Header, script.NodeCount);
        _machine.Run(script.Steps, default);
        _state = script.Steps[^1];
    }

    [GlobalCleanup]
    public void CleanUp() => _machine.Dispose();

    [Benchmark]
    public bool State()
    {
        _outcomes[0] = _machine.Execute(_state);
        return _outcomes[0].IsEnd;
    }
}
