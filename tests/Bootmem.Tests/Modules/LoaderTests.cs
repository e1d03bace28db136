using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Bootmem.Boot;
using Bootmem.Lab;
using Xunit;

namespace Bootmem.Tests.Modules;

/// <summary>insmod, rmmod and lsmod: what is loaded when, and what is refused with which words.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly ModuleFiles _files = new();
    private readonly MachineHost _host = ModuleFiles.NewHost();
    private readonly ModuleLoader _loader;

    public LoaderTests() => _loader = new ModuleLoader(_host);

    public void Dispose()
    {
        _loader.Dispose();
        _host.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void AModuleIsLiveAtOnceWhereItsStageIsReached()
    {
        _host.RunUntil(BootStep.Done);
        string path = _files.Make("a.dll", new MadeModule("a"));
        LoadedModule module = _loader.Insert(path);
        Assert.Equal(("a", ModuleState.Live, InitcallStage.Login), (module.Name, module.State, module.Stage));
        Assert.Equal(new FileInfo(path).Length, module.FileSize);
        Assert.Same(module, Assert.Single(_loader.Modules));
    }

    [Theory]
    [InlineData(InitcallStage.Bootmem, BootStep.BootmemInitcalls)]
    [InlineData(InitcallStage.Percpu, BootStep.PercpuInitcalls)]
    [InlineData(InitcallStage.Buddy, BootStep.BuddyInitcalls)]
    [InlineData(InitcallStage.Pcp, BootStep.LateInitcalls)]
    [InlineData(InitcallStage.Fixmap, BootStep.LateInitcalls)]
    [InlineData(InitcallStage.Login, BootStep.LoginInitcalls)]
    public void AModuleWaitsForItsStage(InitcallStage stage, BootStep step)
    {
        LoadedModule module = _loader.Insert(_files.Make("a.dll", new MadeModule("a") { Stage = stage }));
        _host.RunUntil(step);
        Assert.Equal(ModuleState.Waiting, module.State);
        _host.Step();
        Assert.Equal(ModuleState.Live, module.State);
    }

    [Theory]
    [InlineData(InitcallStage.Bootmem, "bootmem")]
    [InlineData(InitcallStage.Percpu, "percpu")]
    public void AStageThatWantsBootmemIsOverBehindTheHandOver(InitcallStage stage, string name)
    {
        string path = _files.Make("a.dll", new MadeModule("a") { Stage = stage });
        _host.RunUntil(BootStep.BuddyInitcalls);
        Refuses(path, $"the stage of module a, {name}, is over: bootmem has handed over to the page allocator");
    }

    [Fact]
    public void WhatIsNoModuleIsRefused()
    {
        Refuses(Path.Combine(_files.Folder, "none.dll"), "found no such file, expected one");
        Refuses(_files.Folder, "found a directory, expected a file");
        string text = Path.Combine(_files.Folder, "text.dll");
        File.WriteAllText(text, "no assembly");
        Refuses(text, "found 11 bytes that are no .NET assembly, expected a module's .dll");
        File.WriteAllText(text, "");
        Refuses(text, "found 0 bytes that are no .NET assembly, expected a module's .dll");
        const string None = "no module is in it: expected one public class that derives from BootmemModule";
        Refuses(_files.Make("n.dll"), None);
        Refuses(_files.Make("h.dll", new MadeModule("h") { IsHidden = true }), None);
        Refuses(typeof(MachineHost).Assembly.Location, None);
    }

    [Fact]
    public void AModuleMustBeOneWithANameAndAStage()
    {
        Refuses(
            _files.Make("two.dll", new MadeModule("a"), new MadeModule("b")),
            "found 2 modules (Made0, Made1), expected one in an assembly");
        Refuses(
            _files.Make("arg.dll", new MadeModule("a") { HasArgument = true }),
            "found the class Made0 without a public constructor that takes no arguments, expected one");
        const string NameExpected = "expected 1 to 64 letters, digits, _ or -";
        Refuses(_files.Make("e.dll", new MadeModule("")), $"found the module name '', {NameExpected}");
        Refuses(_files.Make("c.dll", new MadeModule("a\u001bb")), $"found the module name 'a?b', {NameExpected}");
        Refuses(_files.Make("s.dll", new MadeModule("a") { Stage = (InitcallStage)10 }),
            "found the stage 10, expected 0 .. 9");
        Refuses(
            _files.Make("t.dll", new MadeModule("a") { NameThrows = true }),
            "its name or stage threw InvalidOperationException: no name");
    }

    [Fact]
    public void OneNameIsLoadedOnce()
    {
        _loader.Insert(_files.Make("a.dll", new MadeModule("a")));
        Refuses(_files.Make("b.dll", new MadeModule("a")), "module a is loaded already");
        Assert.Single(_loader.Modules);
    }

    [Fact]
    public void AnInitThatRefusesLeavesNothing()
    {
        _host.RunUntil(BootStep.Done);
        Refuses(_files.Make("r.dll", new MadeModule("r") { Result = -3 }), "init of r returned -3");
        Refuses(
            _files.Make("t.dll", new MadeModule("t") { InitThrows = "one\ntwo" }),
            "init of t threw InvalidOperationException: one two");
        Assert.Empty(_loader.Modules);
        _loader.Insert(_files.Make("r2.dll", new MadeModule("r")));
    }

    [Fact]
    public void AnInitThatRefusesDuringTheBootDoesNotStopIt()
    {
        string? told = null;
        _loader.Refused = line => told = line;
        string path = _files.Make("r.dll", new MadeModule("r") { Result = 1, Stage = InitcallStage.Bootmem });
        _loader.Insert(path);
        LoadedModule other =
            _loader.Insert(_files.Make("g.dll", new MadeModule("g") { Stage = InitcallStage.Bootmem }));
        _host.RunUntil(BootStep.Done);
        Assert.Equal($"insmod: error inserting '{path}': init of r returned 1", told);
        Assert.Equal(1, _loader.RefusedCount);
        Assert.Same(other, Assert.Single(_loader.Modules));
    }

    [Fact]
    public void RmmodUnloadsWhateverExitDoes()
    {
        _host.RunUntil(BootStep.Done);
        Assert.Equal(
            "rmmod: found no module 'a', expected one, but none is loaded",
            Assert.Throws<ModuleException>(() => _loader.Remove("a")).Message);
        _loader.Insert(_files.Make("a.dll", new MadeModule("a") { ExitThrows = "no" }));
        _loader.Insert(_files.Make("b.dll", new MadeModule("b")));
        Assert.Equal(
            "rmmod: exit of a threw InvalidOperationException: no; the module is unloaded all the same",
            Assert.Throws<ModuleException>(() => _loader.Remove("a")).Message);
        _loader.Remove("b");
        Assert.Empty(_loader.Modules);
    }

    [Fact]
    public void AWaitingModuleIsUnloadedWithoutACall()
    {
        _loader.Insert(_files.Make("a.dll", new MadeModule("a") { ExitThrows = "never called" }));
        _loader.Remove("a");
        _host.RunUntil(BootStep.Done);
        Assert.Empty(_loader.Modules);
    }

    [Fact]
    public void TheFileCanBeBuiltAgainWhileItsModuleIsLoaded()
    {
        string path = _files.Make("a.dll", new MadeModule("a"));
        _loader.Insert(path);
        _files.Make("a.dll", new MadeModule("b"));
        Assert.Equal("b", _loader.Insert(path).Name);
    }

    [Fact]
    public void WhatIsUnloadedGoes()
    {
        WeakReference context = InsertAndRemove();
        for (int i = 0; context.IsAlive && i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference InsertAndRemove()
    {
        _host.RunUntil(BootStep.Done);
        _loader.Insert(_files.Make("a.dll", new MadeModule("goes")));
        WeakReference context = new(System.Runtime.Loader.AssemblyLoadContext.All.Single(
            known => known.Name == "a" && known.Assemblies.Any(assembly => assembly.GetType("Made0") is not null)));
        _loader.Remove("goes");
        return context;
    }

    private void Refuses(string path, string why)
    {
        int before = _loader.Modules.Count;
        ModuleException refused = Assert.Throws<ModuleException>(() => _loader.Insert(path));
        Assert.Equal($"insmod: error inserting '{path}': {why}", refused.Message);
        Assert.Equal(before, _loader.Modules.Count);
    }
}
