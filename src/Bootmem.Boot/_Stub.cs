#pragma warning disable
namespace Bootmem.Boot;
internal static unsafe class BootHashes { public static void AllocatePidHash(Machine* m){} public static void AllocateEarly(Machine* m){} }
internal static unsafe class RemapAreas { public static void Take(Machine* m){} }
