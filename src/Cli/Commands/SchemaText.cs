using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Cli.Commands;

/// <summary>Columns and schema changes as they are written on the command line.</summary>
internal static class SchemaText
{
    /// <summary>The names of types, for those who read help and errors.</summary>
    public const string Types =
        "BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p, s), STRING, CHAR(n), VARCHAR(n), BYTES, BINARY(n), "
        + "VARBINARY(n), DATE, TIME(p), TIMESTAMP(p), TIMESTAMP_LTZ(p), ARRAY<t>, MULTISET<t>, MAP<k, v>, ROW<name t, ...>";

    private const string Expected = "Expected: name TYPE [NOT NULL] [DEFAULT value] [COMMENT 'text'].";

    /// <summary>The parts of <c>name TYPE [NOT NULL] [DEFAULT value] [COMMENT text]</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">The option that it stands behind.</param>
    public static (IReadOnlyList<string> Path, DataType Type, string? DefaultValue, string? Comment) Column(
        string text, string option)
    {
        var position = 0;
        var path = Path(text, ref position, option);
        try
        {
            var type = DataTypeText.Read(text, position, out position);
            var defaultValue = TryKeyword(text, ref position, "DEFAULT") ? Value(text, ref position, option) : null;
            var comment = TryKeyword(text, ref position, "COMMENT") ? Unquote(Value(text, ref position, option)) : null;
            if (position < text.Length)
            {
                PaimonException.ThrowInvalid($"{option} '{text}': '{text[position..]}' is not understood. {Expected}");
            }

            return (path, type, defaultValue, comment);
        }
        catch (CorruptDataException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"{option} '{text}': {e.Message} {Expected}", e);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Unsupported)
        {
            throw new PaimonException(ErrorKind.Unsupported, $"{option} '{text}': {e.Message} Types are {Types}.", e);
        }
    }

    /// <summary>A path and what it is set to: <c>path=value</c>.</summary>
    public static (IReadOnlyList<string> Path, string Value) Assignment(string text, string option)
    {
        var position = 0;
        var path = Path(text, ref position, option);
        if (position >= text.Length || text[position] != '=')
        {
            PaimonException.ThrowInvalid($"{option} '{text}': expected column=value.");
        }

        return (path, text[(position + 1)..].Trim());
    }

    /// <summary>A path: names divided by points, in backticks where they hold points, blanks or equals signs.</summary>
    public static IReadOnlyList<string> Path(string text, string option)
    {
        var position = 0;
        var path = Path(text, ref position, option);
        return position == text.Length ? path : throw Invalid(text, option);
    }

    /// <summary>A type alone.</summary>
    public static DataType Type(string text, string option)
    {
        try
        {
            var type = DataTypeText.Read(text, 0, out var end);
            return text[end..].Trim().Length == 0
                ? type
                : throw new PaimonException(ErrorKind.Invalid, $"{option}: '{text}' is no type: '{text[end..]}' is not understood.");
        }
        catch (CorruptDataException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"{option}: {e.Message}", e);
        }
    }

    private static List<string> Path(string text, ref int position, string option)
    {
        var path = new List<string>();
        do
        {
            position += path.Count == 0 ? 0 : 1;
            path.Add(Name(text, ref position, option));
        }
        while (position < text.Length && text[position] == '.');
        SkipBlanks(text, ref position);
        return path;
    }

    private static string Name(string text, ref int position, string option)
    {
        SkipBlanks(text, ref position);
        if (position < text.Length && text[position] == '`')
        {
            var close = text.IndexOf('`', position + 1);
            if (close <= position + 1)
            {
                throw Invalid(text, option);
            }

            var quoted = text[(position + 1)..close];
            position = close + 1;
            return quoted;
        }

        var start = position;
        while (position < text.Length && text[position] is not ('.' or '=' or ' ' or '\t' or '`'))
        {
            position++;
        }

        return position > start ? text[start..position] : throw Invalid(text, option);
    }

    private static bool TryKeyword(string text, ref int position, string keyword)
    {
        SkipBlanks(text, ref position);
        var end = position + keyword.Length;
        if (end >= text.Length || !char.IsWhiteSpace(text[end])
            || !text.AsSpan(position, keyword.Length).Equals(keyword, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        position = end;
        return true;
    }

    /// <summary>A value in single quotes (a quote inside is doubled), quotes kept, or one word.</summary>
    private static string Value(string text, ref int position, string option)
    {
        SkipBlanks(text, ref position);
        var start = position;
        if (start < text.Length && text[start] == '\'')
        {
            do
            {
                position = text.IndexOf('\'', position + 1);
                if (position < 0)
                {
                    PaimonException.ThrowInvalid($"{option} '{text}': a quote is not closed.");
                }

                position++;
            }
            while (position < text.Length && text[position] == '\'');
        }
        else
        {
            while (position < text.Length && !char.IsWhiteSpace(text[position]))
            {
                position++;
            }
        }

        var value = text[start..position];
        SkipBlanks(text, ref position);
        return value;
    }

    private static string Unquote(string value) =>
        value.Length > 1 && value[0] == '\'' ? value[1..^1].Replace("''", "'", StringComparison.Ordinal) : value;

    private static void SkipBlanks(string text, ref int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private static PaimonException Invalid(string text, string option) => new(
        ErrorKind.Invalid,
        $"{option} '{text}': expected the name of a column, or a path such as address.city or tags.element; a name with "
        + "points or blanks in it stands in backticks.");
}
