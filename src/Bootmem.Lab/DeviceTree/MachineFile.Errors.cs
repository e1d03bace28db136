using System.Runtime.InteropServices;
using System.Text;
using Bootmem.Boot;

namespace Bootmem.Lab;

/// <content>Errors of the firmware's data as one line that names the file.</content>
public sealed unsafe partial class MachineFile
{
    private string Describe(in FirmwareError error, DtsTree? tree)
    {
        FirmwareError copy = error;
        return tree is null
            ? $"{Name}: {LogText.Of(log => copy.Describe(log))}"
            : $"{PlaceOf(copy, tree)}: {LogText.Of(log => copy.DescribeWhat(log))}";
    }

    // An offset in the compiled blob says nothing to someone who wrote the source.
    private string PlaceOf(FirmwareError error, DtsTree tree)
    {
        if (error.Node == 0)
        {
            return Name;
        }

        string path = LogText.Of(log => error.Blob.DescribePath(error.Node, log));
        DtsNode node = tree.Find(path, default);
        string property = Encoding.ASCII.GetString(FdtNames.Text(error.Name));
        DtsPlace place = node.FindProperty(property)?.Place ?? node.Place;
        return place.File is null ? Name : place.ToString();
    }
}

/// <summary>Catches what is written to a log as text.</summary>
internal static unsafe class LogText
{
    public delegate void Writer(Log log);

    public static string Of(Writer write)
    {
        StringBuilder text = new();
        GCHandle handle = GCHandle.Alloc(text);
        try
        {
            Log log = default;
            log.Context = (void*)GCHandle.ToIntPtr(handle);
            log.Write = &Append;
            write(log);
            return text.ToString();
        }
        finally
        {
            handle.Free();
        }
    }

    private static void Append(void* context, byte* bytes, int length) =>
        ((StringBuilder)GCHandle.FromIntPtr((nint)context).Target!)
            .Append(Encoding.UTF8.GetString(new System.ReadOnlySpan<byte>(bytes, length)));
}
