using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Bootmem.Lab;

/// <summary>
/// The text of a device tree source with its includes, as one run of bytes. A device tree's words depend on where they
/// stand (<c>4,5</c> can be a name), so there are no tokens: the parser asks for what it wants next.
/// </summary>
internal sealed class DtsSource
{
    private readonly Stack<DtsFile> _files = new();
    private int _includes;
    private int _textBytes;
    private int _binaryBytes;
    private long _taken;
    private long _runEnd;
    private bool _isRunLabelled;

    public DtsSource(string name, string fullPath, byte[] text)
    {
        _textBytes = text.Length;
        _files.Push(new DtsFile(name, fullPath, text));
    }

    public DtsPlace Here => _files.Peek().Place;

    /// <summary>The next byte of the open file, or -1 at its end.</summary>
    public int Peek(int ahead = 0) => _files.Peek().Peek(ahead);

    public void Advance(int count = 1)
    {
        _taken += count;
        _files.Peek().Advance(count);
    }

    /// <summary>
    /// Whether a label and its colon come next. How far the letters and digits go is remembered: in a long run of hex
    /// digits this is asked at each byte.
    /// </summary>
    public bool IsAtLabel()
    {
        int c = Peek();
        if (!DtsNames.IsLabelPart(c) || c is >= '0' and <= '9')
        {
            return false;
        }

        if (_taken >= _runEnd)
        {
            int length = 1;
            while (DtsNames.IsLabelPart(Peek(length)))
            {
                length++;
            }

            _runEnd = _taken + length;
            _isRunLabelled = Peek(length) == ':';
        }

        return _isRunLabelled;
    }

    /// <summary>Takes a text if it comes next, after blanks.</summary>
    public bool TryTake(string text)
    {
        SkipBlanks();
        bool comes = _files.Peek().StartsWith(text);
        if (comes)
        {
            Advance(text.Length);
        }

        return comes;
    }

    public void Take(string text, string what)
    {
        if (!TryTake(text))
        {
            throw Error(what, $"'{text}'");
        }
    }

    /// <summary>Takes the bytes that are part of a word; perhaps none.</summary>
    public string TakeWord(Func<int, bool> isPart)
    {
        StringBuilder word = new();
        while (isPart(Peek()))
        {
            if (word.Length == DtsLimits.WordBytes)
            {
                throw Here.Error("word", "one byte more", $"at most {DtsLimits.WordBytes} bytes");
            }

            word.Append((char)Peek());
            Advance();
        }

        return word.ToString();
    }

    public MachineFileException Error(string what, string expected) => Here.Error(what, DescribeNext(), expected);

    /// <summary>Goes over blanks, comments, line markers, includes, and the ends of included files.</summary>
    public void SkipBlanks()
    {
        while (true)
        {
            DtsFile file = _files.Peek();
            int c = file.Peek();
            if (c == -1 && _files.Count > 1)
            {
                _files.Pop();
            }
            else if (c is ' ' or '\t' or '\r' or '\n' or '\f' or '\v')
            {
                file.Advance();
            }
            else if (c == '/' && file.Peek(1) is '/' or '*')
            {
                SkipComment(file);
            }
            else if (c == '/' && file.StartsWith("/include/"))
            {
                Include(file);
            }
            else if (c != '#' || !TrySkipDirective(file))
            {
                return;
            }
        }
    }

    /// <summary>Reads a binary file that the source names, relative to the source.</summary>
    public byte[] ReadBinary(string path, DtsPlace place, string what)
    {
        byte[] bytes = ReadNamed(path, place, what, DtsLimits.OutputBytes - _binaryBytes);
        _binaryBytes += bytes.Length;
        return bytes;
    }

    private byte[] ReadNamed(string path, DtsPlace place, string what, int most)
    {
        string fullPath = Resolve(path, place, what);
        try
        {
            return BoundedFile.Read(fullPath, most);
        }
        catch (MachineFileException e)
        {
            throw new MachineFileException($"{place}: {what}: {Shown(path)}: {e.Message}", e);
        }
    }

    private static void SkipComment(DtsFile file)
    {
        DtsPlace place = file.Place;
        bool isLine = file.Peek(1) == '/';
        file.Advance(2);
        while (isLine ? file.Peek() is not ('\n' or -1) : !file.StartsWith("*/"))
        {
            if (file.Peek() == -1)
            {
                throw place.Error("comment", "the end of the file", "'*/'");
            }

            file.Advance();
        }

        file.Advance(isLine ? 0 : 2);
    }

    private void Include(DtsFile file)
    {
        DtsPlace place = file.Place;
        file.Advance("/include/".Length);
        while (file.Peek() is ' ' or '\t')
        {
            file.Advance();
        }

        string path = DtsStrings.Read(this, "/include/");
        string fullPath = Resolve(path, place, "/include/");
        foreach (DtsFile open in _files)
        {
            if (open.FullPath == fullPath)
            {
                throw place.Error("/include/", $"{Shown(path)} within itself", "files that do not include each other");
            }
        }

        if (_files.Count == DtsLimits.IncludeDepth || ++_includes > DtsLimits.Includes)
        {
            throw place.Error(
                "/include/",
                _files.Count == DtsLimits.IncludeDepth ? "one level more" : "one include more",
                $"at most {DtsLimits.IncludeDepth} levels and {DtsLimits.Includes} includes");
        }

        byte[] text = ReadNamed(path, place, "/include/", DtsLimits.SourceBytes - _textBytes);
        _textBytes += text.Length;
        string name = Path.IsPathRooted(path) ? path : Path.Join(Path.GetDirectoryName(file.Name), path);
        _files.Push(new DtsFile(name, fullPath, text));
    }

    // "# 1 "file"" is what a C preprocessor leaves; "#include" is what it would have taken away.
    private bool TrySkipDirective(DtsFile file)
    {
        int at = file.StartsWith("#line") ? 5 : 1;
        if (file.IsAtLineStart && file.Peek(at) is ' ' or '\t')
        {
            int digit = at;
            while (file.Peek(digit) is ' ' or '\t')
            {
                digit++;
            }

            if (file.Peek(digit) is >= '0' and <= '9')
            {
                TakeMarker(file, digit);
                return true;
            }
        }

        foreach (string word in (ReadOnlySpan<string>)["include", "define", "undef", "ifdef", "ifndef", "if", "endif"])
        {
            int next = word.Length + 1;
            if (!file.StartsWith("#" + word) || file.Peek(next) is not (' ' or '\t' or '<' or '"' or '\n' or '\r'))
            {
                continue;
            }

            // A property may have such a name.
            while (file.Peek(next) is ' ' or '\t')
            {
                next++;
            }

            if (file.Peek(next) is not ('=' or ';' or '{'))
            {
                throw file.Place.Error(
                    "C preprocessor", "#" + word, "plain source: use /include/, or run cpp -nostdinc -undef -P first");
            }
        }

        return false;
    }

    private void TakeMarker(DtsFile file, int digit)
    {
        DtsPlace place = file.Place;
        file.Advance(digit);
        string number = TakeWord(static c => c is >= '0' and <= '9');
        while (file.Peek() is ' ' or '\t')
        {
            file.Advance();
        }

        string name = file.Peek() == '"' ? DtsStrings.Read(this, "line marker") : file.Name;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            || line > DtsLimits.Lines)
        {
            throw place.Error("line marker", number, $"a line number of at most {DtsLimits.Lines}");
        }

        while (file.Peek() is not ('\n' or -1))
        {
            file.Advance();
        }

        file.Advance(file.Peek() == '\n' ? 1 : 0);
        file.MoveTo(name.Length == 0 ? file.Name : name, line);
    }

    private string Resolve(string path, DtsPlace place, string what)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw place.Error(what, "no file name", "the name of a file");
        }

        return _files.Peek().Resolve(path);
    }

    private string DescribeNext()
    {
        SkipBlanks();
        int c = Peek();
        if (c == -1)
        {
            return "the end of the file";
        }

        if (c is < ' ' or > '~')
        {
            return string.Create(CultureInfo.InvariantCulture, $"the byte 0x{c:x2}");
        }

        StringBuilder word = new();
        for (int i = 0; i < 32 && DtsNames.IsPart(Peek(i)); i++)
        {
            word.Append((char)Peek(i));
        }

        return word.Length > 1 ? $"'{word}'" : $"'{(char)c}'";
    }

    /// <summary>A text from the source as errors show it: in one line, without control characters.</summary>
    public static string Shown(string text)
    {
        StringBuilder shown = new("\"");
        foreach (char c in text.Length > 200 ? text[..200] : text)
        {
            shown.Append(char.IsControl(c) ? '?' : c);
        }

        return shown.Append('"').ToString();
    }
}
