namespace Bootmem.Kernel;

/// <summary>
/// The console: what the kernel prints goes down the serial line, without the levels at the lines' starts, and is kept
/// for <c>dmesg</c>.
/// </summary>
internal static unsafe class Printer
{
    private static byte* s_kept;
    private static int s_keptCapacity;
    private static int s_keptLength;

    // What was held back at a line's start since it may be a level: "<", then "<6".
    private static byte s_level;
    private static int s_column;

    /// <summary>The kernel's printk. What it prints is kept.</summary>
    public static Log Kernel => new() { Write = &WriteKept };

    /// <summary>Answers to the person at the prompt.</summary>
    public static Log Plain => new() { Write = &Write };

    /// <summary>Gives the console memory to keep the log in.</summary>
    public static void Keep(byte* memory, int capacity)
    {
        s_kept = memory;
        s_keptCapacity = capacity;
    }

    /// <summary>Prints what was kept.</summary>
    public static void PrintKept() => Write(null, s_kept, s_keptLength);

    private static void Write(void* context, byte* text, int length)
    {
        for (int i = 0; i < length; i++)
        {
            Board.Send(text[i]);
        }
    }

    private static void WriteKept(void* context, byte* text, int length)
    {
        for (int i = 0; i < length; i++)
        {
            Take(text[i]);
        }
    }

    private static void Take(byte character)
    {
        if (s_column == 0 && character == '<')
        {
            s_column = 1;
        }
        else if (s_column == 1 && s_level == 0 && character >= '0' && character <= '7')
        {
            s_level = character;
            s_column = 2;
        }
        else if (s_column == 2 && s_level != 0 && character == '>')
        {
            s_level = 0;
            s_column = 3;
        }
        else
        {
            LetGo();
            Emit(character);
            s_column = character == '\n' ? 0 : 3;
        }
    }

    // It was no level.
    private static void LetGo()
    {
        if (s_column is 1 or 2)
        {
            Emit((byte)'<');
        }

        if (s_column == 2)
        {
            Emit(s_level);
            s_level = 0;
        }
    }

    private static void Emit(byte character)
    {
        Board.Send(character);
        if (s_keptLength < s_keptCapacity)
        {
            s_kept[s_keptLength++] = character;
        }
    }
}
