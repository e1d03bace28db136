using System;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Bootmem.Bench;

/// <summary>A bitmap's operations, with an index and without, beside <see cref="Span{T}.Fill"/> over as many bytes.</summary>
[ShortRunJob]
public unsafe class MapBenchmarks
{
    private byte* _bytes;
    private byte* _index;
    private Bitmap _map;

    /// <summary>RAM that the bitmap stands for, in GiB of pages of 4 KiB: a bitmap of 32 KiB a GiB.</summary>
    [Params(1, 64, 1024)]
    public int Gigabytes { get; set; }

    [Params(false, true)]
    public bool IsIndexed { get; set; }

    private ulong ByteCount => (ulong)Gigabytes << 15;

    [GlobalSetup]
    public void SetUp()
    {
        _bytes = (byte*)NativeMemory.AllocZeroed((nuint)ByteCount);
        _index = IsIndexed ? (byte*)NativeMemory.AllocZeroed((nuint)Bitmap.IndexSize(ByteCount)) : null;
        _map = new Bitmap(_bytes, ByteCount, _index);
        _map.SetAll();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_index);
    }

    [Benchmark(Baseline = true)]
    public void SpanFill() => new Span<byte>(_bytes, (int)ByteCount).Fill(0xff);

    [Benchmark]
    public void Fill() => _map.SetAll();

    [Benchmark]
    public void SetAndClear()
    {
        _map.Clear(3, _map.BitCount - 6);
        _map.Set(3, _map.BitCount - 6);
    }

    [Benchmark]
    public ulong ScanOfFullMap() => _map.FindClear(0, _map.BitCount);

    // What the hand-over does: each run of free pages is found; here there is but one.
    [Benchmark]
    public ulong HandOver()
    {
        _map.Clear(0, _map.BitCount);
        ulong run = _map.FindClear(0, _map.BitCount);
        ulong end = _map.FindSet(run, _map.BitCount);
        _map.SetAll();
        return end;
    }
}
