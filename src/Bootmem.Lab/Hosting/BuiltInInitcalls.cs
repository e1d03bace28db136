using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <summary>An initcall that is built in, and can be switched on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Stage">When it is called.</param>
/// <param name="Method">The function.</param>
public sealed record BuiltInInitcall(string Name, InitcallStage Stage, MethodInfo Method);

/// <summary>The initcalls that are built in: the functions of the boot path that bear <see cref="InitcallAttribute"/>.</summary>
public static unsafe class BuiltInInitcalls
{
    /// <summary>All of them, by stage and name.</summary>
    public static IReadOnlyList<BuiltInInitcall> All { get; } = Find(typeof(Machine).Assembly);

    /// <summary>The functions of an assembly that bear <see cref="InitcallAttribute"/>.</summary>
    /// <param name="assembly">Any assembly.</param>
    public static IReadOnlyList<BuiltInInitcall> Find(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return [.. assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Statics))
            .Select(method => (Method: method, Attribute: method.GetCustomAttribute<InitcallAttribute>()))
            .Where(found => found.Attribute is not null)
            .Select(found => new BuiltInInitcall(found.Attribute!.Name, found.Attribute.Stage, found.Method))
            .OrderBy(initcall => initcall.Stage).ThenBy(initcall => initcall.Method.MetadataToken)];
    }

    /// <summary>Hands a machine the initcalls that are switched on.</summary>
    internal static void Register(Machine* machine, NativeArena arena, ISet<string> names)
    {
        BuiltInInitcall[] chosen = [.. names.Count == 0 ? [] : All.Where(initcall => names.Contains(initcall.Name))];
        machine->Initcalls = arena.Take<Initcall>(Math.Max(chosen.Length, 1));
        machine->InitcallCount = chosen.Length;
        for (int i = 0; i < chosen.Length; i++)
        {
            byte[] name = Encoding.ASCII.GetBytes(chosen[i].Name);
            machine->Initcalls[i] = new Initcall
            {
                Stage = chosen[i].Stage,
                Function = (delegate*<Machine*, int>)chosen[i].Method.MethodHandle.GetFunctionPointer(),
                Name = arena.Copy(name),
                NameLength = name.Length,
            };
        }
    }
}
