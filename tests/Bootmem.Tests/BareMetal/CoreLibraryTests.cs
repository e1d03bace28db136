using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace Bootmem.Tests.BareMetal;

/// <summary>What a kernel that takes the allocator must bring is what docs/bare-metal.md says.</summary>
public sealed class CoreLibraryTests
{
    [Fact]
    public void EveryMemberThatTheAllocatorWantsIsDocumented()
    {
        string[] rows = [.. File.ReadAllLines(RepositoryRoot.Combine("docs", "bare-metal.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        string[] wanted = [.. Wanted().Order(StringComparer.Ordinal)];
        Assert.Contains("Span.Fill", wanted);
        string[] missing = [.. wanted.Where(member => !rows.Any(row => Names(row, member)))];
        Assert.Empty(missing);
    }

    private static bool Names(string row, string member)
    {
        string[] parts = member.Split('.');
        return row.Contains("`" + parts[0], StringComparison.Ordinal)
            && row.Contains(parts[1], StringComparison.Ordinal);
    }

    // Type and member, of attributes the type alone. Attributes that Core/ does not have are written by the C# compiler
    // where it finds them, and not missed where it does not.
    private static HashSet<string> Wanted()
    {
        string attributes = File.ReadAllText(RepositoryRoot.Combine("src", "Bootmem.Kernel", "Core", "Attributes.cs"));
        using PEReader file = new(File.OpenRead(typeof(BootMemory).Assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        HashSet<string> wanted = [];
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            string? type = TypeName(reader, member.Parent);
            bool isAttribute = type is not null && type.EndsWith("Attribute", StringComparison.Ordinal);
            if (type is null || (isAttribute && !attributes.Contains($"class {type} ", StringComparison.Ordinal)))
            {
                continue;
            }

            string name = reader.GetString(member.Name).Replace("get_Item", "indexer", StringComparison.Ordinal)
                .Replace("get_", "", StringComparison.Ordinal);
            wanted.Add($"{type}.{(isAttribute ? type : name == ".ctor" ? "constructor" : name)}");
        }

        return wanted;
    }

    // Another assembly's type, without the mark of a generic one; null for one of the allocator's, and for vectors: the
    // file that wants them is another one on bare metal.
    private static string? TypeName(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            // A generic type: two bytes say so, then which.
            TypeSpecification generic = reader.GetTypeSpecification((TypeSpecificationHandle)handle);
            BlobReader blob = reader.GetBlobReader(generic.Signature);
            blob.ReadUInt16();
            handle = blob.ReadTypeHandle();
        }

        if (handle.Kind != HandleKind.TypeReference)
        {
            return null;
        }

        TypeReference type = reader.GetTypeReference((TypeReferenceHandle)handle);
        string space = reader.GetString(type.Namespace);
        bool isVector = space.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal);
        return isVector ? null : reader.GetString(type.Name).Split('`')[0];
    }
}
