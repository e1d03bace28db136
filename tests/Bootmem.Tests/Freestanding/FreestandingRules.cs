using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Bootmem.Tests.Freestanding;

/// <summary>
/// What code must not do that runs without a runtime: no heap, no exceptions, no strings, no division routine,
/// nothing of the class library but a short list.
/// </summary>
/// <remarks>Bodies come from the metadata; reflection says what a token in them stands for. Each finding is a line of
/// type, method, opcode and reason.</remarks>
internal static class FreestandingRules
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // All of the class library that freestanding code may name: what the project's own core library has on bare metal.
    private static readonly FrozenSet<string> Allowed = new[]
    {
        "System.Span`1..ctor",
        "System.Span`1.get_Item",
        "System.Span`1.get_Length",
        "System.Span`1.get_IsEmpty",
        "System.Span`1.Slice",
        "System.Span`1.Fill",
        "System.Span`1.Clear",
        "System.Span`1.CopyTo",
        "System.Span`1.GetPinnableReference",
        "System.Span`1.op_Implicit",
        "System.ReadOnlySpan`1..ctor",
        "System.ReadOnlySpan`1.get_Item",
        "System.ReadOnlySpan`1.get_Length",
        "System.ReadOnlySpan`1.get_IsEmpty",
        "System.ReadOnlySpan`1.Slice",
        "System.ReadOnlySpan`1.CopyTo",
        "System.ReadOnlySpan`1.GetPinnableReference",
        "System.Numerics.BitOperations.LeadingZeroCount",
        "System.Numerics.BitOperations.TrailingZeroCount",
        "System.Numerics.BitOperations.PopCount",
        "System.Runtime.CompilerServices.Unsafe.AsPointer",
        "System.Runtime.CompilerServices.Unsafe.SkipInit",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<short, string> Forbidden = new Dictionary<short, string>
    {
        [OpCodes.Newarr.Value] = "an array lives on the heap",
        [OpCodes.Box.Value] = "a box lives on the heap",
        [OpCodes.Unbox.Value] = "there are no boxes",
        [OpCodes.Unbox_Any.Value] = "there are no boxes",
        [OpCodes.Ldstr.Value] = "a string lives on the heap",
        [OpCodes.Throw.Value] = "there are no exceptions",
        [OpCodes.Rethrow.Value] = "there are no exceptions",
        [OpCodes.Div.Value] = "bare metal may have no division",
        [OpCodes.Div_Un.Value] = "bare metal may have no division",
        [OpCodes.Rem.Value] = "bare metal may have no division",
        [OpCodes.Rem_Un.Value] = "bare metal may have no division",
        [OpCodes.Callvirt.Value] = "there are no objects",
        [OpCodes.Ldvirtftn.Value] = "there are no objects",
        [OpCodes.Castclass.Value] = "there are no objects",
        [OpCodes.Isinst.Value] = "there are no objects",
        [OpCodes.Ldtoken.Value] = "there is no reflection",
        [OpCodes.Localloc.Value] = "frames are of a fixed size",
    }.ToFrozenDictionary();

    /// <summary>Everything in an assembly that breaks a rule.</summary>
    /// <param name="assembly">The assembly, loaded from a file.</param>
    /// <param name="isChecked">Which types; the rest is passed over.</param>
    public static IReadOnlyList<string> Violations(Assembly assembly, Func<Type, bool> isChecked)
    {
        using PEReader file = new(System.IO.File.OpenRead(assembly.Location));
        List<string> found = [];

        // Attributes are data: nothing makes one of them at run time.
        foreach (Type type in assembly.GetTypes().Where(type => isChecked(type) && type.BaseType != typeof(Attribute)))
        {
            CheckType(type, found);
            foreach (MethodBase method in type.GetMembers(Declared).OfType<MethodBase>())
            {
                CheckMethod(file, type, method, found);
            }
        }

        return found;
    }

    private static void CheckType(Type type, List<string> found)
    {
        bool isStatic = type.IsAbstract && type.IsSealed;
        if (!type.IsValueType && !isStatic && !IsMadeByCompiler(type))
        {
            found.Add($"{type}: a class of which there can be instances");
        }

        if (type.TypeInitializer is not null)
        {
            found.Add($"{type}..cctor: nobody runs static initialisers");
        }

        foreach (FieldInfo field in type.GetFields(Declared).Where(x => !x.IsLiteral && IsReference(x.FieldType)))
        {
            found.Add($"{type}.{field.Name}: a field of type {field.FieldType}");
        }
    }

    private static void CheckMethod(PEReader file, Type type, MethodBase method, List<string> found)
    {
        string name = $"{type}.{method.Name}";
        foreach (ParameterInfo parameter in method.GetParameters().Where(x => IsReference(x.ParameterType)))
        {
            found.Add($"{name}: parameter {parameter.Name} is of type {parameter.ParameterType}");
        }

        if (method is MethodInfo { ReturnType: { } returned } && IsReference(returned))
        {
            found.Add($"{name}: returns {returned}");
        }

        MetadataReader metadata = file.GetMetadataReader();
        int address = metadata.GetMethodDefinition(MetadataTokens.MethodDefinitionHandle(method.MetadataToken))
            .RelativeVirtualAddress;
        if (address == 0)
        {
            return;
        }

        MethodBodyBlock body = file.GetMethodBody(address);
        if (body.ExceptionRegions.Length != 0)
        {
            found.Add($"{name}: an exception region");
        }

        foreach (LocalVariableInfo local in method.GetMethodBody()!.LocalVariables.Where(x => IsReference(x.LocalType)))
        {
            found.Add($"{name}: a local variable of type {local.LocalType}");
        }

        foreach (Instruction instruction in IlReader.Read(body.GetILReader()))
        {
            if (Reason(type, method, instruction) is { } reason)
            {
                found.Add($"{name}: {instruction.OpCode.Name}: {reason}");
            }
        }
    }

    private static string? Reason(Type type, MethodBase method, Instruction instruction)
    {
        if (Forbidden.TryGetValue(instruction.OpCode.Value, out string? reason))
        {
            return reason;
        }

        if (instruction.Token == 0)
        {
            return null;
        }

        Type[]? typeArguments = type.IsGenericType ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        MemberInfo member = type.Module.ResolveMember(instruction.Token, typeArguments, methodArguments)!;
        Type? owner = member.DeclaringType;
        if (instruction.OpCode == OpCodes.Newobj && owner is { IsValueType: false })
        {
            return $"an instance of {owner} lives on the heap";
        }

        // Opcodes that name a type (sizeof, initobj, ldobj) handle values of it; locals and fields say which there are.
        return member is Type || owner is null || IsOurs(owner) || IsAllowed(owner, member)
            ? null
            : $"{owner}.{member.Name} is not on the list of what bare metal has";
    }

    private static bool IsAllowed(Type owner, MemberInfo member)
    {
        string name = owner.IsGenericType ? owner.GetGenericTypeDefinition().FullName! : owner.FullName!;
        return Allowed.Contains($"{name}.{member.Name}");
    }

    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Bootmem", StringComparison.Ordinal);

    // <Module>, and <PrivateImplementationDetails>, which holds the bytes of u8 literals.
    private static bool IsMadeByCompiler(Type type) =>
        type.Name[0] == '<' && type.GetConstructors(Declared).Length == 0;

    private static bool IsReference(Type type)
    {
        while (type.IsPointer || type.IsByRef)
        {
            type = type.GetElementType()!;
        }

        return !type.IsFunctionPointer && !type.IsValueType && !type.IsGenericParameter && type != typeof(void);
    }
}
