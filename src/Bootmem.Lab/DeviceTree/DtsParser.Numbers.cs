using System.Globalization;

namespace Bootmem.Lab;

/// <content>Numbers: literals, characters, and expressions in parentheses, all of 64 bits and without a sign.</content>
internal sealed partial class DtsParser
{
    // The operators of C, the longer ones before those that they begin with; a higher level binds tighter.
    private static readonly (string Text, int Level)[] Operators =
    [
        ("||", 1), ("&&", 2), ("==", 6), ("!=", 6), ("<<", 8), (">>", 8), ("<=", 7), (">=", 7),
        ("|", 3), ("^", 4), ("&", 5), ("<", 7), (">", 7), ("+", 9), ("-", 9), ("*", 10), ("/", 10), ("%", 10),
    ];

    private int _depth;

    private ulong ParseNumber(string what)
    {
        _source.SkipBlanks();
        return _source.Peek() switch
        {
            '(' => ParseParentheses(),
            '\'' => DtsStrings.ReadCharacter(_source),
            >= '0' and <= '9' => ParseLiteral(),
            _ => throw _source.Error(what, "a number, a character or '('"),
        };
    }

    private ulong ParseLiteral()
    {
        DtsPlace place = _source.Here;
        string word = _source.TakeWord(DtsNames.IsLabelPart);
        string digits = word.TrimEnd('u', 'U', 'l', 'L');
        bool isSuffix = word[digits.Length..] is "" or "U" or "L" or "UL" or "LL" or "ULL";
        bool isHex = digits.StartsWith("0x", System.StringComparison.OrdinalIgnoreCase);
        bool isOctal = !isHex && digits.Length > 1 && digits[0] == '0';
        ulong number = 0;
        bool isNumber = isSuffix && (isHex
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : isOctal
                ? TryParseOctal(digits, out number)
                : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number));
        return isNumber
            ? number
            : throw place.Error("number", DtsSource.Shown(word), "a decimal, 0x hex or 0 octal number of 64 bits");
    }

    private static bool TryParseOctal(string digits, out ulong number)
    {
        number = 0;
        foreach (char c in digits)
        {
            if (c is < '0' or > '7' || number >> 61 != 0)
            {
                return false;
            }

            number = (number << 3) | (uint)(c - '0');
        }

        return true;
    }

    private ulong ParseParentheses()
    {
        _source.Take("(", "expression");
        Deepen();
        ulong value = ParseChoice();
        _depth--;
        _source.Take(")", "expression");
        return value;
    }

    private ulong ParseChoice()
    {
        Deepen();
        ulong value = ParseBinary(1);
        if (_source.TryTake("?"))
        {
            ulong yes = ParseChoice();
            _source.Take(":", "expression");
            ulong no = ParseChoice();
            value = value != 0 ? yes : no;
        }

        _depth--;
        return value;
    }

    private ulong ParseBinary(int least)
    {
        Deepen();
        ulong left = ParseUnary();
        while (true)
        {
            _source.SkipBlanks();
            DtsPlace place = _source.Here;
            (string text, int level) = NextOperator();
            if (level < least)
            {
                _depth--;
                return left;
            }

            _source.Advance(text.Length);
            left = Compute(text, left, ParseBinary(level + 1), place);
        }
    }

    private (string Text, int Level) NextOperator()
    {
        foreach ((string text, int level) in Operators)
        {
            if (_source.Peek() == text[0] && (text.Length == 1 || _source.Peek(1) == text[1]))
            {
                return (text, level);
            }
        }

        return ("", 0);
    }

    private ulong ParseUnary()
    {
        _source.SkipBlanks();
        int c = _source.Peek();
        if (c is not ('-' or '~' or '!'))
        {
            return ParseNumber("expression");
        }

        Deepen();
        _source.Advance();
        ulong value = ParseUnary();
        _depth--;
        return c switch
        {
            '-' => 0 - value,
            '~' => ~value,
            _ => value == 0 ? 1UL : 0,
        };
    }

    private static ulong Compute(string text, ulong a, ulong b, DtsPlace place)
    {
        if (text is "/" or "%" && b == 0)
        {
            throw place.Error("expression", $"'{text}' by 0", "a divisor other than 0");
        }

        return text switch
        {
            "||" => a != 0 || b != 0 ? 1UL : 0,
            "&&" => a != 0 && b != 0 ? 1UL : 0,
            "==" => a == b ? 1UL : 0,
            "!=" => a != b ? 1UL : 0,
            "<=" => a <= b ? 1UL : 0,
            ">=" => a >= b ? 1UL : 0,
            "<" => a < b ? 1UL : 0,
            ">" => a > b ? 1UL : 0,
            "<<" => b < 64 ? a << (int)b : 0,
            ">>" => b < 64 ? a >> (int)b : 0,
            "|" => a | b,
            "^" => a ^ b,
            "&" => a & b,
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            _ => a % b,
        };
    }

    private void Deepen()
    {
        if (++_depth > DtsLimits.ExpressionDepth)
        {
            throw _source.Error("expression", $"at most {DtsLimits.ExpressionDepth} levels");
        }
    }
}
