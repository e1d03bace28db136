using System;
using System.IO;
using Bootmem.Boot;
using Bootmem.Cli;
using Xunit;

namespace Bootmem.Tests.Modules;

/// <summary><c>bootmem boot --insmod</c>: exit codes and words.</summary>
public sealed class BootWithModules : IDisposable
{
    private readonly ModuleFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void BothModulesPass()
    {
        Assert.Equal(
            0, Boot(out string error, "--insmod", ModuleFiles.BootmemTests, "--insmod", ModuleFiles.BuddyTests));
        Assert.Equal("", error);
    }

    [Fact]
    public void AModuleThatRefusesIsExitCode1()
    {
        string path = _files.Make("r.dll", new MadeModule("r") { Result = 7, Stage = InitcallStage.Buddy });
        Assert.Equal(1, Boot(out string error, "--insmod", path));
        Assert.Equal($"bootmem: insmod: error inserting '{path}': init of r returned 7\n", error);
    }

    [Fact]
    public void AModuleWhoseStageIsNotReachedIsExitCode1()
    {
        Assert.Equal(1, Boot(out string error, "--stop-at", "bootmem", "--insmod", ModuleFiles.BuddyTests));
        Assert.Equal("bootmem: insmod: buddy_tests was not called: the boot stopped before its stage, buddy\n", error);
    }

    [Fact]
    public void AFileThatIsNoModuleIsBadInput()
    {
        Assert.Equal(2, Boot(out string error, "--insmod", "/nowhere/a.dll"));
        Assert.Equal("bootmem: insmod: error inserting '/nowhere/a.dll': found no such file, expected one\n", error);
    }

    private static int Boot(out string error, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int code = Cli.CommandLine.Invoke(["boot", "--quiet", .. args], output, errors);
        error = errors.ToString();
        return code;
    }
}
