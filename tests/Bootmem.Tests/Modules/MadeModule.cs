using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using Bootmem.Boot;
using Bootmem.Lab;

namespace Bootmem.Tests.Modules;

/// <summary>What a class of a made assembly does.</summary>
/// <param name="Name">What the module says its name is.</param>
internal sealed record MadeModule(string Name)
{
    public InitcallStage Stage { get; init; } = InitcallStage.Login;

    public int Result { get; init; }

    public string? InitThrows { get; init; }

    public string? ExitThrows { get; init; }

    public bool NameThrows { get; init; }

    public bool IsHidden { get; init; }

    public bool HasArgument { get; init; }

    /// <summary>Writes an assembly with classes that are modules, and one that is none.</summary>
    public static void Write(string path, params IEnumerable<MadeModule> modules)
    {
        PersistedAssemblyBuilder assembly = new(
            new AssemblyName("Made" + Guid.NewGuid().ToString("N")), typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule("made");
        module.DefineType("NoModule", TypeAttributes.Public).CreateType();
        int number = 0;
        foreach (MadeModule made in modules)
        {
            made.Define(module, $"Made{number++}");
        }

        assembly.Save(path);
    }

    private void Define(ModuleBuilder module, string className)
    {
        TypeBuilder type = module.DefineType(
            className, IsHidden ? TypeAttributes.NotPublic : TypeAttributes.Public, typeof(BootmemModule));
        ConstructorBuilder constructor = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, HasArgument ? [typeof(int)] : []);
        ILGenerator code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(
            OpCodes.Call,
            typeof(BootmemModule).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        code.Emit(OpCodes.Ret);

        Method(type, "get_Name", typeof(string), [], NameThrows ? "no name" : null, il => il.Emit(OpCodes.Ldstr, Name));
        Method(type, "get_Stage", typeof(InitcallStage), [], null, il => il.Emit(OpCodes.Ldc_I4, (int)Stage));
        Method(type, "Init", typeof(int), [typeof(MachineHost)], InitThrows, il => il.Emit(OpCodes.Ldc_I4, Result));
        Method(type, "Exit", typeof(void), [typeof(MachineHost)], ExitThrows, _ => { });
        type.CreateType();
    }

    private static void Method(
        TypeBuilder type, string name, Type result, Type[] arguments, string? thrown, Action<ILGenerator> push)
    {
        MethodBuilder method = type.DefineMethod(
            name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, result, arguments);
        ILGenerator code = method.GetILGenerator();
        if (thrown is not null)
        {
            code.Emit(OpCodes.Ldstr, thrown);
            code.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([typeof(string)])!);
            code.Emit(OpCodes.Throw);
            return;
        }

        push(code);
        code.Emit(OpCodes.Ret);
    }
}
