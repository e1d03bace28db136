using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bootmem.Boot;
using Bootmem.Cli;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Modules;

/// <summary><c>bootmem new module</c>: what it makes builds, and loads.</summary>
public sealed class NewModuleTests : IDisposable
{
    private readonly ModuleFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task AMadeProjectBuildsAndLoads()
    {
        string folder = Path.Combine(_files.Folder, "a & b", "hello");
        Assert.Equal(0, Invoke(out _, "new", "module", "hello", "-o", folder));
        Assert.Equal(
            ["README.md", "hello.cs", "hello.csproj"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(
                StringComparer.Ordinal));

        (int code, string output) = await Build(folder);
        Assert.True(code == 0, output);

        using MachineHost host = ModuleFiles.NewHost();
        using ModuleLoader loader = new(host);
        loader.Insert(Path.Combine(folder, "bin", "Debug", "net10.0", "hello.dll"));
        host.RunUntil(BootStep.PagingInit);
        Assert.Contains(host.Log.Lines, line => line.Text == "hello: a page at 0x90000000");
        Assert.StartsWith("Hello from hello", System.Text.Encoding.ASCII.GetString(host.Bytes(0x7000_0000, 32)),
            StringComparison.Ordinal);
        loader.Remove("hello");
        Assert.Equal("hello: gone", host.Log.Lines[^1].Text);
        Assert.Equal(PageUse.Free, host.Ledger.At(0x70000).Use);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("a/../b")]
    [InlineData("caf\u00e9")]
    [InlineData("Bootmem")]
    [InlineData("SYSTEM")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void ANameThatIsNoneMakesNothing(string name)
    {
        string folder = Path.Combine(_files.Folder, "made");
        Assert.Equal(2, Invoke(out string error, "new", "module", name, "-o", folder));
        Assert.StartsWith("bootmem: found the name \"", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void AFolderInUseStaysAsItIs()
    {
        string file = Path.Combine(_files.Folder, "mine");
        File.WriteAllText(file, "mine");
        Assert.Equal(2, Invoke(out string error, "new", "module", "a", "-o", _files.Folder));
        Assert.Equal($"bootmem: {_files.Folder}: found something there, expected no folder or an empty one\n", error);
        Assert.Equal(2, Invoke(out _, "new", "module", "a", "-o", file));
        Assert.Equal([file], Directory.GetFileSystemEntries(_files.Folder));
    }

    private static int Invoke(out string error, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int code = Cli.CommandLine.Invoke(args, output, errors);
        error = errors.ToString();
        return code;
    }

    private static async Task<(int Code, string Output)> Build(string folder)
    {
        ProcessStartInfo start = new("dotnet", ["build", "--nologo", "-v", "quiet", "-nodeReuse:false", "-warnaserror"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };

        // The runner may itself be run by dotnet, whose paths are not ours.
        foreach (string name in start.Environment.Keys.Where(
            name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
