using System.Globalization;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Types;

/// <summary>
/// Reads the SQL text of a type. Keywords in any case, any white space, the synonyms and default parameters of
/// docs/format.md#schema. <see cref="DataType.ToString"/> is the inverse.
/// </summary>
public static class DataTypeText
{
    private const int MaxNesting = 32;

    /// <summary>Reads a scalar type.</summary>
    /// <param name="text">For example <c>DECIMAL(10, 2) NOT NULL</c>.</param>
    /// <exception cref="PaimonException">Corrupt: no type. Unsupported: a type of another name than those known.</exception>
    public static DataType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new Parser(text, 0, maxDepth: 0);
        var type = parser.Type();
        parser.End();
        return type;
    }

    /// <summary>
    /// Reads a type, perhaps a nested one, that stands at the beginning of a longer text: <c>ARRAY&lt;INT&gt;</c>,
    /// <c>MAP&lt;STRING, INT&gt;</c>, <c>ROW&lt;a INT, b STRING&gt;</c>. The ids of fields are 0.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the type begins.</param>
    /// <param name="end">Where what follows it begins.</param>
    /// <exception cref="PaimonException">Corrupt: no type. Unsupported: a type of another name than those known.</exception>
    public static DataType Read(string text, int start, out int end)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new Parser(text, start, MaxNesting);
        var type = parser.Type();
        end = parser.Position;
        return type;
    }

    private ref struct Parser(string text, int start, int maxDepth)
    {
        private readonly string _text = text;
        private readonly int _maxDepth = maxDepth;
        private int _position = start;
        private int _depth = 0;

        public readonly int Position => _position;

        public DataType Type()
        {
            var keyword = Word() ?? throw Error("a type's name");
            var type = keyword.ToUpperInvariant() switch
            {
                "BOOLEAN" => DataTypes.Boolean,
                "TINYINT" => DataTypes.TinyInt,
                "SMALLINT" => DataTypes.SmallInt,
                "INT" or "INTEGER" => DataTypes.Int,
                "BIGINT" => DataTypes.BigInt,
                "FLOAT" => DataTypes.Float,
                "DOUBLE" => Double(),
                "DATE" => DataTypes.Date,
                "STRING" => DataTypes.String,
                "BYTES" => DataTypes.Bytes,
                "CHAR" => new LengthType(TypeRoot.Char, Length()),
                "VARCHAR" => new LengthType(TypeRoot.VarChar, Length()),
                "BINARY" => new LengthType(TypeRoot.Binary, Length()),
                "VARBINARY" => new LengthType(TypeRoot.VarBinary, Length()),
                "DECIMAL" or "DEC" or "NUMERIC" => Decimal(),
                "TIME" => Time(),
                "TIMESTAMP" => Timestamp(),
                "TIMESTAMP_LTZ" => new TemporalType(TypeRoot.TimestampLtz, Precision(6)),
                "VARIANT" => new SimpleType(TypeRoot.Variant),
                "BLOB" => new SimpleType(TypeRoot.Blob),
                "ARRAY" when Enter() => Leave(new ArrayType(Type())),
                "MULTISET" when Enter() => Leave(new MultisetType(Type())),
                "MAP" when Enter() => Leave(Map()),
                "ROW" when Enter() => Leave(Row()),
                "GEOMETRY" or "GEOGRAPHY" => throw new PaimonException(
                    ErrorKind.Unsupported, $"The type '{_text}' is not supported."),
                "" => throw new CorruptDataException($"'{_text}' is no type: it has no name."),
                _ => throw new PaimonException(
                    ErrorKind.Unsupported, $"The type '{_text}' is not supported: '{keyword}' is no name of a type that this release knows."),
            };
            return Nullability(type);
        }

        public void End()
        {
            SkipSpace();
            if (_position < _text.Length)
            {
                throw Error("the end");
            }
        }

        private DataType Nullability(DataType type)
        {
            if (TryWord("NULL"))
            {
                return type;
            }

            if (!TryWord("NOT"))
            {
                return type;
            }

            return TryWord("NULL") ? type.NotNull() : throw Error("NULL after NOT");
        }

        private bool Enter()
        {
            if (_maxDepth == 0 || !TryChar('<'))
            {
                return false;
            }

            return ++_depth <= _maxDepth ? true : throw Error($"a type nested at most {_maxDepth} levels deep");
        }

        private DataType Leave(DataType type)
        {
            Expect('>');
            _depth--;
            return type;
        }

        private MapType Map()
        {
            var key = Type();
            Expect(',');
            return new MapType(key, Type());
        }

        private RowType Row()
        {
            var fields = new List<DataField>();
            do
            {
                var name = Name();
                if (fields.Exists(field => field.Name == name))
                {
                    throw Error("another name for a field");
                }

                fields.Add(new DataField(0, name, Type()));
            }
            while (TryChar(','));
            return new RowType(fields);
        }

        private string Name()
        {
            if (!TryChar('`'))
            {
                return Word() ?? throw Error("a field's name");
            }

            var end = _text.IndexOf('`', _position);
            if (end <= _position)
            {
                throw Error("a name in backticks");
            }

            var name = _text[_position..end];
            _position = end + 1;
            return name;
        }

        private DataType Double()
        {
            TryWord("PRECISION");
            return DataTypes.Double;
        }

        private DecimalType Decimal()
        {
            var precision = 10;
            var scale = 0;
            if (TryChar('('))
            {
                precision = Number(1, DecimalType.MaxPrecision);
                if (TryChar(','))
                {
                    scale = Number(0, precision);
                }

                Expect(')');
            }

            return new DecimalType(precision, scale);
        }

        private TemporalType Time()
        {
            var precision = Precision(0);
            if (TryWord("WITHOUT"))
            {
                TimeZone();
            }

            return new TemporalType(TypeRoot.Time, precision);
        }

        private TemporalType Timestamp()
        {
            var precision = Precision(6);
            if (TryWord("WITHOUT"))
            {
                TimeZone();
            }
            else if (TryWord("WITH"))
            {
                Require("LOCAL");
                TimeZone();
                return new TemporalType(TypeRoot.TimestampLtz, precision);
            }

            return new TemporalType(TypeRoot.Timestamp, precision);
        }

        private void TimeZone()
        {
            Require("TIME");
            Require("ZONE");
        }

        private int Precision(int absent) => Parameter(absent, 0, 9);

        private int Length() => Parameter(1, 1, LengthType.MaxLength);

        private int Parameter(int absent, int min, int max)
        {
            if (!TryChar('('))
            {
                return absent;
            }

            var value = Number(min, max);
            Expect(')');
            return value;
        }

        private int Number(int min, int max)
        {
            SkipSpace();
            var start = _position;
            while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
            {
                _position++;
            }

            var digits = _text.AsSpan(start, _position - start);
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || value < min || value > max)
            {
                _position = start;
                throw Error($"a number from {min} to {max}");
            }

            return value;
        }

        private string? Word()
        {
            SkipSpace();
            var start = _position;
            while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
            {
                _position++;
            }

            return _position > start ? _text[start.._position] : null;
        }

        private bool TryWord(string word)
        {
            var start = _position;
            if (string.Equals(Word(), word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            _position = start;
            return false;
        }

        private void Require(string word)
        {
            if (!TryWord(word))
            {
                throw Error(word);
            }
        }

        private bool TryChar(char c)
        {
            SkipSpace();
            if (_position < _text.Length && _text[_position] == c)
            {
                _position++;
                return true;
            }

            return false;
        }

        private void Expect(char c)
        {
            if (!TryChar(c))
            {
                throw Error($"'{c}'");
            }
        }

        private void SkipSpace()
        {
            while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            {
                _position++;
            }
        }

        private readonly CorruptDataException Error(string expected) =>
            new($"'{_text}' is no type: expected {expected} at position {_position}.");
    }
}
