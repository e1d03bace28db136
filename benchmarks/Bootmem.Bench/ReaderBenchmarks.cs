using System.IO;
using System.Linq;
using System.Text;
using BenchmarkDotNet.Attributes;
using Bootmem.Boot;
using Bootmem.Lab;
using Bootmem.Lab.Logs;

namespace Bootmem.Bench;

/// <summary>Readers of what a machine or a user gives: a blob, its source, a boot log; and a whole boot.</summary>
[ShortRunJob]
public class ReaderBenchmarks
{
    private byte[] _source = null!;
    private byte[] _blob = null!;
    private byte[] _log = null!;

    [GlobalSetup]
    public void SetUp()
    {
        string tree = Repository.Combine("machines", "vexpress-a9.dts");
        _source = File.ReadAllBytes(tree);
        using MachineFile file = MachineFile.Read(_source, tree, tree);
        _blob = file.Data.ToArray();
        using MachineHost host = MachineHost.Load(Repository.Combine("machines", "pc-512m.e820"), new MachineOptions());
        host.RunUntil(BootStep.Done);
        _log = Encoding.ASCII.GetBytes(string.Join('\n', host.Log.Lines.Select(line => line.Text)));
    }

    [Benchmark]
    public int DeviceTreeBlob() => Read(_blob);

    [Benchmark]
    public int DeviceTreeSource() => Read(_source);

    [Benchmark]
    public int BootLog() => BootLogReader.Read(_log, "log").Map.Count;

    [Benchmark]
    public ulong BootOfTheArticlesMachine()
    {
        using MachineHost host =
            MachineHost.Load(Repository.Combine("machines", "biscuitos.dts"), new MachineOptions());
        host.RunUntil(BootStep.Done);
        return PageApi.nr_free_pages(ref host.Pages);
    }

    private static int Read(byte[] bytes)
    {
        using MachineFile file = MachineFile.Read(bytes, "machine");
        return file.Data.Length;
    }
}
