using System;
using Bootmem.Tests.Reference;

namespace Bootmem.Tests.Allocator;

/// <summary>Makes a call of <see cref="KernelApi"/>.</summary>
internal static class KernelCalls
{
    public static ulong Run(ref BootMemory mem, in BootCall call, in PageSink sink)
    {
        int node = call.Node;
        ulong first = call.First;
        ulong second = call.Second;
        switch (call.Call)
        {
            case Call.bootmem_bootmap_pages:
                return KernelApi.bootmem_bootmap_pages(ref mem, first);
            case Call.init_bootmem:
                return KernelApi.init_bootmem(ref mem, first, second);
            case Call.init_bootmem_node:
                return KernelApi.init_bootmem_node(ref mem, node, first, second, call.Third);
            case Call.reserve_bootmem:
                KernelApi.reserve_bootmem(ref mem, first, second);
                return 0;
            case Call.reserve_bootmem_node:
                KernelApi.reserve_bootmem_node(ref mem, node, first, second);
                return 0;
            case Call.free_bootmem:
                KernelApi.free_bootmem(ref mem, first, second);
                return 0;
            case Call.free_bootmem_node:
                KernelApi.free_bootmem_node(ref mem, node, first, second);
                return 0;
            case Call.free_all_bootmem:
                return KernelApi.free_all_bootmem(ref mem, sink);
            case Call.free_all_bootmem_node:
                return KernelApi.free_all_bootmem_node(ref mem, node, sink);
            default:
                return Allocate(ref mem, call);
        }
    }

    private static ulong Allocate(ref BootMemory mem, in BootCall call)
    {
        int node = call.Node;
        ulong size = call.First;
        ulong align = call.Second;
        ulong goal = call.Third;
        ulong limit = call.Limit;
        return call.Call switch
        {
            Call.__alloc_bootmem => KernelApi.__alloc_bootmem(ref mem, size, align, goal),
            Call.__alloc_bootmem_node => KernelApi.__alloc_bootmem_node(ref mem, node, size, align, goal),
            Call.__alloc_bootmem_limit => KernelApi.__alloc_bootmem_limit(ref mem, size, align, goal, limit),
            Call.__alloc_bootmem_node_limit =>
                KernelApi.__alloc_bootmem_node_limit(ref mem, node, size, align, goal, limit),
            Call.alloc_bootmem => KernelApi.alloc_bootmem(ref mem, size),
            Call.alloc_bootmem_low => KernelApi.alloc_bootmem_low(ref mem, size),
            Call.alloc_bootmem_pages => KernelApi.alloc_bootmem_pages(ref mem, size),
            Call.alloc_bootmem_low_pages => KernelApi.alloc_bootmem_low_pages(ref mem, size),
            Call.alloc_bootmem_node => KernelApi.alloc_bootmem_node(ref mem, node, size),
            Call.alloc_bootmem_pages_node => KernelApi.alloc_bootmem_pages_node(ref mem, node, size),
            Call.alloc_bootmem_low_pages_node => KernelApi.alloc_bootmem_low_pages_node(ref mem, node, size),
            Call.alloc_bootmem_limit => KernelApi.alloc_bootmem_limit(ref mem, size, limit),
            Call.alloc_bootmem_low_limit => KernelApi.alloc_bootmem_low_limit(ref mem, size, limit),
            Call.alloc_bootmem_pages_limit => KernelApi.alloc_bootmem_pages_limit(ref mem, size, limit),
            Call.alloc_bootmem_low_pages_limit => KernelApi.alloc_bootmem_low_pages_limit(ref mem, size, limit),
            Call.alloc_bootmem_node_limit => KernelApi.alloc_bootmem_node_limit(ref mem, node, size, limit),
            Call.alloc_bootmem_pages_node_limit =>
                KernelApi.alloc_bootmem_pages_node_limit(ref mem, node, size, limit),
            Call.alloc_bootmem_low_pages_node_limit =>
                KernelApi.alloc_bootmem_low_pages_node_limit(ref mem, node, size, limit),
            _ => throw new ArgumentException($"{call.Call} is no allocation call"),
        };
    }
}
