using System;
using System.IO;
using Bootmem.Lab.Recordings;
using Xunit;

namespace Bootmem.Tests.Recordings;

public sealed class DiffTests
{
    [Theory]
    [InlineData("full-node-2.6.14.bm", "2.6.15", "part at call", "looks at one bit too many")]
    [InlineData(
        "history/full-node-2.6.14.bm", "2.6.15", "  2.6.14  => bug\n  2.6.15  => 0x2000\n", "docs/history.md, 2.6.15")]
    [InlineData(
        "history/full-limit-2.6.14.bm", "2.6.15", "  2.6.14  => bug\n  2.6.15  => panic\n", "docs/history.md, 2.6.15")]
    public void TheOneChangeOfOutcomeIsNamed(string script, string other, string shown, string cause)
    {
        (int code, string output, string error) = Diff(script, $"2.6.14,{other}");
        Assert.Equal((1, ""), (code, error));
        Assert.Contains(shown, output, StringComparison.Ordinal);
        Assert.Contains(cause, output, StringComparison.Ordinal);
        Assert.Contains("The memory before it, the same in both:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("merge.bm", "2.6.12,2.6.15")]
    [InlineData("history/align-2.6.12.bm", "2.6.12,2.6.13")]
    [InlineData("history/handover-2.6.14.bm", "2.6.14,2.6.15")]
    [InlineData("history/limit-units-2.6.14.bm", "2.6.14,2.6.15")]
    [InlineData("history/node-order-2.6.13.bm", "2.6.13,2.6.14")]
    public void ChangesWithoutAnEffectHaveNone(string script, string kernels)
    {
        (int code, string output, _) = Diff(script, kernels);
        Assert.Equal(0, code);
        Assert.Contains("do the same", output, StringComparison.Ordinal);
    }

    [Fact]
    public void RemapAreasAreNamed()
    {
        (int code, string output, _) = RecordingFileTests.Run(
            "diff", RepositoryRoot.Combine("machines", "numa4-8g.dts"), "--layout-only", "--kernels", "2.6.12,2.6.13",
            "--config", "HAVE_ARCH_ALLOC_REMAP=y");
        Assert.Equal(1, code);
        Assert.Contains("docs/history.md, 2.6.13", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AChangedPageIsADifferenceToo()
    {
        Recording left = ScriptRecorder.Record(RecordingTests.LoadScript("merge.bm"));
        RecordedStep[] steps = [.. left.Steps];
        steps[4] = steps[4] with { Changes = [steps[4].Changes[0] with { EndPfn = 9 }] };
        Assert.Equal(4, RecordingDifference.Find(left, left with { Steps = steps })!.Index);
        Assert.Equal(4, RecordingDifference.Find(left, left with { Steps = steps[..4] })!.Index);
        Assert.Null(RecordingDifference.Find(left, left));
    }

    [Theory]
    [InlineData("2.6.14")]
    [InlineData("2.6.14,2.6.15,2.6.13")]
    [InlineData("2.6.14,2.4.0")]
    public void TwoKernelsAreExpected(string kernels)
    {
        (int code, string output, string error) = Diff("full-node-2.6.14.bm", kernels);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("expected", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingHasOneKernel()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, RecordingFile.Write(new Recording()));
        Assert.Equal(2, RecordingFileTests.Run("diff", path, "--kernels", "2.6.14,2.6.15").Code);
        File.Delete(path);
    }

    private static (int Code, string Output, string Error) Diff(string script, string kernels) =>
        RecordingFileTests.Run("diff", RepositoryRoot.Combine("scripts", script), "--kernels", kernels);
}
