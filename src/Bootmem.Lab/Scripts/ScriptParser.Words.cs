using System;
using System.Collections.Generic;
using System.Text;

namespace Bootmem.Lab.Scripts;

/// <content>Header lines and calls: a word, and values behind it.</content>
internal sealed partial class ScriptParser
{
    // A call has at most five numbers; one more is enough to know that there are too many.
    private const int MostWords = 7;

    private readonly (int Start, int End)[] _words = new (int Start, int End)[MostWords];
    private readonly HashSet<string> _headersSeen = new(StringComparer.Ordinal);
    private int _wordCount;

    private int KernelLine { get; set; }

    private bool ParseWords(int start, int end)
    {
        SplitWords(start, end);
        ReadOnlySpan<byte> first = Word(0);
        return HeaderName(first) is string header ? ParseHeader(header) : ParseCall(first, start, end);
    }

    private void SplitWords(int start, int end)
    {
        _wordCount = 0;
        int at = start;
        while (at < end && _wordCount < MostWords)
        {
            int wordEnd = at;
            while (wordEnd < end && !IsBlank(text[wordEnd]))
            {
                wordEnd++;
            }

            _words[_wordCount++] = (at, wordEnd);
            at = wordEnd;
            while (at < end && IsBlank(text[at]))
            {
                at++;
            }
        }
    }

    private ReadOnlySpan<byte> Word(int index) =>
        text.AsSpan(_words[index].Start, _words[index].End - _words[index].Start);

    private bool FailWord(int index, string what, string expected) =>
        Fail(_words[index].Start, what, ScriptError.Quote(Word(index)), expected);

    private static string? HeaderName(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("kernel"u8) ? "kernel"
        : word.SequenceEqual("bits"u8) ? "bits"
        : word.SequenceEqual("page"u8) ? "page"
        : word.SequenceEqual("cache_line"u8) ? "cache_line"
        : word.SequenceEqual("dma_goal"u8) ? "dma_goal"
        : word.SequenceEqual("search"u8) ? "search"
        : null;

    private bool ParseHeader(string header)
    {
        if (_steps.Count != 0)
        {
            return FailWord(0, "a header line behind the first call", $"it before line {_steps[0].Line}");
        }

        if (!_headersSeen.Add(header))
        {
            return FailWord(0, "the same header line twice", "it once");
        }

        if (_wordCount != 2)
        {
            return FailCount($"the header line {header}", 1, "its value");
        }

        switch (header)
        {
            case "kernel":
                KernelLine = _line;
                bool isKernel = KernelVersions.TryParse(Word(1), out KernelVersion version);
                _header = _header with { Version = version };
                return isKernel || FailWord(1, "no such kernel", "one of " + KernelNames());

            case "search":
                return ParseSearch();

            default:
                return TryNumber(1, out ulong number) && SetHeader(header, number);
        }
    }

    private bool SetHeader(string header, ulong number)
    {
        switch (header)
        {
            case "bits":
                _header = _header with { Bits = (int)Math.Min(number, 65) };
                return number is 32 or 64 || FailWord(1, "no such width", "32 or 64");

            case "page":
                int shift = Bootmem.Bits.Log2(number);
                _header = _header with { PageShift = shift };
                return (number == 1UL << shift && shift is >= KernelWord.MinPageShift and <= KernelWord.MaxPageShift)
                    || FailWord(1, "no such page size", "a power of two from 64 to 16777216 (16 MiB)");

            case "cache_line":
                _header = _header with { CacheLine = number };
                return true;

            default:
                _header = _header with { DmaGoal = number };
                return true;
        }
    }

    private bool ParseSearch()
    {
        ReadOnlySpan<byte> kind = Word(1);
        if (kind.SequenceEqual("generic"u8) || kind.SequenceEqual("x86"u8) || kind.SequenceEqual("arm"u8))
        {
            SearchKind search = kind[0] == 'g' ? SearchKind.Generic : kind[0] == 'x' ? SearchKind.X86 : SearchKind.Arm;
            _header = _header with { Search = search };
            return true;
        }

        return FailWord(1, "no such search", "generic, x86 or arm");
    }

    private static string KernelNames()
    {
        StringBuilder names = new();
        for (int i = 0; i < KernelVersions.Count; i++)
        {
            names.Append(i == 0 ? "" : ", ").Append(Encoding.ASCII.GetString(KernelVersions.Name((KernelVersion)i)));
        }

        return names.ToString();
    }

    private bool ParseCall(ReadOnlySpan<byte> first, int start, int end)
    {
        ScriptVerb? verb = ScriptVerbs.Find(first);
        if (verb == null)
        {
            return FailWord(0, "no such call", "a call of bootmem, state, handed or a header line");
        }

        if (_steps.Count == ScriptFile.MaxCalls)
        {
            return FailWord(0, "too many calls", $"at most {ScriptFile.MaxCalls:N0} in a script");
        }

        if (Calls.IsLimitCall(verb.Call) && !new Behaviour(_header.Version).HasLimit)
        {
            _error = ScriptFile.LimitError(name, _line, ColumnOf(start), first, _header.Version);
            return false;
        }

        if (_wordCount != verb.Arguments.Length + 1)
        {
            return FailCount(verb.Name, verb.Arguments.Length, string.Join(' ', verb.Arguments));
        }

        ScriptStep step = NewStep(verb);
        for (int i = 0; i < verb.Arguments.Length; i++)
        {
            if (!TryNumber(i + 1, out ulong number) || !TrySet(ref step, verb.Slots[i], i + 1, number))
            {
                return false;
            }
        }

        _steps.Add(step);
        _places.Add(new ScriptPlace { CallColumn = ColumnOf(start), CallStart = start, CallLength = end - start });
        return true;
    }

    private int ColumnOf(int at) => Encoding.UTF8.GetCharCount(text, _lineStart, at - _lineStart) + 1;

    // What the call's name implies: the node of calls without one, and alignment and goal of the short calls.
    private ScriptStep NewStep(ScriptVerb verb)
    {
        ScriptStep step = new() { Op = verb.Op, Call = verb.Call, Line = _line, Node = -1 };
        if (verb.Op is ScriptOp.Initialise or ScriptOp.Reserve or ScriptOp.Free or ScriptOp.HandOver)
        {
            step.Node = 0;
        }

        if (step.IsAllocation && !verb.HasAlignAndGoal)
        {
            KernelWord word = _header.Word;
            step.B = verb.IsPages ? word.PageSize : word.Wrap(_header.CacheLine);
            step.C = verb.IsLow ? 0 : word.Wrap(_header.DmaGoal);
        }

        return step;
    }

    private bool TrySet(ref ScriptStep step, char slot, int word, ulong number)
    {
        ulong wrapped = _header.Word.Wrap(number);
        switch (slot)
        {
            case 'n':
                step.Node = (int)Math.Min(number, BootMemory.MaxNodes);
                return number < BootMemory.MaxNodes
                    || FailWord(word, "no such node", $"a node number from 0 to {BootMemory.MaxNodes - 1}");

            case 'a':
                step.A = wrapped;
                return true;

            case 'b':
                step.B = wrapped;
                return true;

            case 'c':
                step.C = wrapped;
                return true;

            default:
                step.D = wrapped;
                return true;
        }
    }

    private bool FailCount(string what, int expected, string names)
    {
        int found = _wordCount - 1;
        string count = expected == 1 ? "1 value" : $"{Text(expected)} values";
        string more = found >= MostWords - 1 ? " or more" : "";
        return Fail(
            _words[Math.Min(expected + 1, _wordCount - 1)].Start,
            $"the wrong number of values for {what}", Text(found) + more,
            expected == 0 ? "none" : $"{count} ({names})");
    }

    private bool TryNumber(int word, out ulong number)
    {
        ReadOnlySpan<byte> digits = Word(word);
        bool isHex = digits.StartsWith("0x"u8) || digits.StartsWith("0X"u8);
        digits = isHex ? digits[2..] : digits;
        ulong radix = isHex ? 16u : 10u;
        number = 0;
        bool isTooLong = false;
        foreach (byte digit in digits)
        {
            ulong value = DigitOf(digit);
            if (value >= radix)
            {
                return FailWord(word, "this is no number", "a decimal or 0x-hex number");
            }

            UInt128 next = ((UInt128)number * radix) + value;
            isTooLong |= next > ulong.MaxValue;
            number = (ulong)next;
        }

        if (digits.IsEmpty)
        {
            return FailWord(word, "this is no number", "a decimal or 0x-hex number");
        }

        return !isTooLong || FailWord(word, "the number is too large", "a number of at most 64 bits");
    }

    private static ulong DigitOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => (ulong)digit - '0',
        >= (byte)'a' and <= (byte)'f' => (ulong)digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => (ulong)digit - 'A' + 10,
        _ => ulong.MaxValue,
    };
}
