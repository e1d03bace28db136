#pragma warning disable
namespace Bootmem;
public struct RemapArea { public ulong Start, End, Next; }
public static class StructSizes { public static ulong Page(KernelWord w)=>32; public static ulong WaitQueueHead(KernelWord w,bool s)=>12; }
public static class ZoneBatch { public static ulong Compute(in Behaviour b, KernelWord w, ulong p)=>1; }
public static class WaitTable { public static ulong Entries(ulong p)=>4; }
