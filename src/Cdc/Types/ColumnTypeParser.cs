using System.Globalization;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Types;

/// <summary>Reads <c>COLUMN_TYPE</c> texts: a word, arguments in parentheses, attributes.</summary>
internal static class ColumnTypeParser
{
    public static MySqlColumnType Parse(string columnType, string? characterSet)
    {
        ArgumentNullException.ThrowIfNull(columnType);
        var text = columnType.Trim();
        var wordEnd = 0;
        while (wordEnd < text.Length && (char.IsAsciiLetterOrDigit(text[wordEnd]) || text[wordEnd] == '_'))
        {
            wordEnd++;
        }

        var word = text[..wordEnd].ToLowerInvariant();
        var arguments = ReadArguments(text, wordEnd, out var rest);
        var attributes = text[rest..].ToLowerInvariant();
        if (word == "double" && attributes.StartsWith("precision", StringComparison.Ordinal))
        {
            attributes = attributes["precision".Length..];
        }

        var kind = KindOf(word)
            ?? throw new PaimonException(ErrorKind.Unsupported, $"The column type '{columnType}' is not supported.");
        var type = new MySqlColumnType(kind)
        {
            IsUnsigned = attributes.Contains("unsigned", StringComparison.Ordinal) || word == "serial"
                || attributes.Contains("zerofill", StringComparison.Ordinal),
        };
        return WithArguments(type, word, arguments, characterSet, columnType);
    }

    private static MySqlColumnType WithArguments(
        MySqlColumnType type, string word, List<string> arguments, string? characterSet, string columnType)
    {
        var collation = characterSet is null ? MySqlColumnType.BinaryCollation : MySqlCharset.DefaultCollation(characterSet);
        switch (type.Kind)
        {
            case MySqlTypeKind.Enum or MySqlTypeKind.Set:
                return type with { Labels = arguments, CollationId = characterSet is null ? MySqlColumnType.Utf8Collation : collation };
            case MySqlTypeKind.Decimal:
                var precision = Number(arguments, 0, 10, columnType);
                return type with { Precision = precision, Scale = Number(arguments, 1, 0, columnType) };
            case MySqlTypeKind.Time or MySqlTypeKind.DateTime or MySqlTypeKind.Timestamp:
                return type with { Scale = Number(arguments, 0, 0, columnType) };
            case MySqlTypeKind.Float when Number(arguments, 0, 0, columnType) > 24 && arguments.Count == 1:
                return type with { Kind = MySqlTypeKind.Double };
            case MySqlTypeKind.Float or MySqlTypeKind.Double:
                return type;
            case MySqlTypeKind.Char or MySqlTypeKind.VarChar or MySqlTypeKind.Text or MySqlTypeKind.LongText:
                return type with
                {
                    Length = Number(arguments, 0, type.Kind == MySqlTypeKind.Char ? 1 : 0, columnType),
                    CollationId = characterSet is null ? MySqlColumnType.Utf8Collation : collation,
                };
            case MySqlTypeKind.Bit or MySqlTypeKind.Binary:
                return type with { Length = Number(arguments, 0, 1, columnType), CollationId = MySqlColumnType.BinaryCollation };
            case MySqlTypeKind.TinyInt when word is "bool" or "boolean":
                return type with { Length = 1 };
            default:
                return type with { Length = Number(arguments, 0, 0, columnType) };
        }
    }

    private static MySqlTypeKind? KindOf(string word) => word switch
    {
        "tinyint" or "bool" or "boolean" or "int1" => MySqlTypeKind.TinyInt,
        "smallint" or "int2" => MySqlTypeKind.SmallInt,
        "mediumint" or "int3" or "middleint" => MySqlTypeKind.MediumInt,
        "int" or "integer" or "int4" => MySqlTypeKind.Int,
        "bigint" or "int8" or "serial" => MySqlTypeKind.BigInt,
        "float" or "float4" => MySqlTypeKind.Float,
        "double" or "real" or "float8" => MySqlTypeKind.Double,
        "decimal" or "numeric" or "fixed" or "dec" => MySqlTypeKind.Decimal,
        "bit" => MySqlTypeKind.Bit,
        "year" => MySqlTypeKind.Year,
        "date" => MySqlTypeKind.Date,
        "time" => MySqlTypeKind.Time,
        "datetime" => MySqlTypeKind.DateTime,
        "timestamp" => MySqlTypeKind.Timestamp,
        "char" or "character" or "nchar" => MySqlTypeKind.Char,
        "varchar" or "nvarchar" => MySqlTypeKind.VarChar,
        "binary" => MySqlTypeKind.Binary,
        "varbinary" => MySqlTypeKind.VarBinary,
        "tinytext" or "text" or "mediumtext" => MySqlTypeKind.Text,
        "longtext" => MySqlTypeKind.LongText,
        "tinyblob" or "blob" or "mediumblob" or "longblob" => MySqlTypeKind.Blob,
        "enum" => MySqlTypeKind.Enum,
        "set" => MySqlTypeKind.Set,
        "json" => MySqlTypeKind.Json,
        "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon"
            or "geometrycollection" or "geomcollection" => MySqlTypeKind.Geometry,
        "vector" => MySqlTypeKind.Vector,
        "uuid" => MySqlTypeKind.Uuid,
        "inet4" => MySqlTypeKind.Inet4,
        "inet6" => MySqlTypeKind.Inet6,
        _ => null,
    };

    private static int Number(List<string> arguments, int index, int missing, string columnType)
    {
        if (index >= arguments.Count)
        {
            return missing;
        }

        return int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new PaimonException(
                ErrorKind.Unsupported, $"The column type '{columnType}' has '{arguments[index]}' where a number belongs.");
    }

    private static List<string> ReadArguments(string text, int at, out int rest)
    {
        var arguments = new List<string>();
        rest = at;
        while (rest < text.Length && text[rest] == ' ')
        {
            rest++;
        }

        if (rest >= text.Length || text[rest] != '(')
        {
            return arguments;
        }

        var current = new StringBuilder();
        for (rest++; rest < text.Length && text[rest] != ')'; rest++)
        {
            switch (text[rest])
            {
                case '\'':
                    rest = ReadQuoted(text, rest + 1, current);
                    break;
                case ',':
                    arguments.Add(current.ToString());
                    current.Clear();
                    break;
                case ' ':
                    break;
                default:
                    current.Append(text[rest]);
                    break;
            }
        }

        arguments.Add(current.ToString());
        rest = Math.Min(rest + 1, text.Length);
        return arguments;
    }

    /// <summary>Reads up to the closing quote and answers its index; a quote inside is doubled.</summary>
    private static int ReadQuoted(string text, int at, StringBuilder into)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                into.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                into.Append('\'');
                at++;
            }
            else
            {
                return at;
            }
        }

        return at;
    }
}
