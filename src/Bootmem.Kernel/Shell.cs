using System;

namespace Bootmem.Kernel;

/// <summary>The prompt on the serial line.</summary>
internal static unsafe class Shell
{
    private const int MaxLength = 128;

    private static Line s_line;

    /// <summary>Reads commands until the board goes off.</summary>
    public static void Run()
    {
        Printer.Plain.Text("\n"u8);
        while (true)
        {
            Printer.Plain.Text("bootmem / # "u8);
            fixed (byte* text = s_line.Text)
            {
                Do(new ReadOnlySpan<byte>(text, Read(text)));
            }
        }
    }

    private static void Do(ReadOnlySpan<byte> line)
    {
        int end = 0;
        while (end < line.Length && line[end] != ' ')
        {
            end++;
        }

        ReadOnlySpan<byte> command = line[0..end];
        while (end < line.Length && line[end] == ' ')
        {
            end++;
        }

        ReadOnlySpan<byte> argument = line[end..line.Length];
        if (!TryDo(command, argument))
        {
            Printer.Plain.Text("found '"u8).Text(command).Text("', expected one of the commands that help lists\n"u8);
        }
    }

    private static bool TryDo(ReadOnlySpan<byte> command, ReadOnlySpan<byte> argument)
    {
        if (command.Length == 0)
        {
            return true;
        }

        if (Ascii.Equal(command, "cat"u8))
        {
            if (!ProcFiles.TryPrint(argument))
            {
                Printer.Plain.Text("cat: found no file '"u8).Text(argument).Text("'; ls lists them\n"u8);
            }
        }
        else if (Ascii.Equal(command, "insmod"u8))
        {
            Modules.Insert(argument);
        }
        else if (Ascii.Equal(command, "crash"u8))
        {
            Crash(argument);
        }
        else
        {
            return TryDo(command);
        }

        return true;
    }

    private static bool TryDo(ReadOnlySpan<byte> command)
    {
        if (Ascii.Equal(command, "ls"u8))
        {
            ProcFiles.List();
        }
        else if (Ascii.Equal(command, "free"u8))
        {
            ProcFiles.PrintFree();
        }
        else if (Ascii.Equal(command, "dmesg"u8))
        {
            Printer.PrintKept();
        }
        else if (Ascii.Equal(command, "lsmod"u8))
        {
            Modules.List();
        }
        else if (Ascii.Equal(command, "test"u8))
        {
            SelfTest.Run();
        }
        else if (Ascii.Equal(command, "poweroff"u8))
        {
            Board.PowerOff();
        }
        else
        {
            return Ascii.Equal(command, "help"u8) && Help();
        }

        return true;
    }

    private static void Crash(ReadOnlySpan<byte> how)
    {
        const uint Nowhere = 0x8000_0000;
        if (Ascii.Equal(how, "write"u8))
        {
            *(byte*)Nowhere = 0;
        }
        else if (Ascii.Equal(how, "jump"u8))
        {
            Cpu.Jump(Nowhere);
        }
        else if (Ascii.Equal(how, "undefined"u8))
        {
            Cpu.Undefined();
        }
        else if (Ascii.Equal(how, "call"u8))
        {
            Cpu.Call();
        }
        else
        {
            Printer.Plain.Text("crash: found '"u8).Text(how).Text("', expected write, jump, undefined or call\n"u8);
        }
    }

    private static bool Help()
    {
        Printer.Plain.Text("cat FILE      show a file of /proc\nls            list them\n"u8)
            .Text("free          how much memory is free\ndmesg         what the kernel has printed\n"u8)
            .Text("lsmod         list the built-in tests\ninsmod NAME   run one\n"u8)
            .Text("test          run all of them, and check the memory\n"u8)
            .Text("crash HOW     an exception: write, jump, undefined, call\npoweroff      switch the board off\n"u8);
        return true;
    }

    // A line with echo; backspace takes back, what is too long is not taken.
    private static int Read(byte* text)
    {
        int length = 0;
        while (true)
        {
            byte character = Board.Receive();
            if (character is (byte)'\r' or (byte)'\n')
            {
                Board.Send((byte)'\n');
                return length;
            }

            if (character is 8 or 127)
            {
                if (length != 0)
                {
                    length--;
                    Printer.Plain.Text("\b \b"u8);
                }
            }
            else if (character >= ' ' && length < MaxLength)
            {
                text[length++] = character;
                Board.Send(character);
            }
        }
    }

    private struct Line
    {
        public fixed byte Text[MaxLength];
    }
}
