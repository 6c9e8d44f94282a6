using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Types;

/// <summary>
/// Appends values of the text protocol, as a snapshot's SELECT gives them, to the column that the binlog fills too: the same
/// row leads to the same value by either way. The session's character set is utf8mb4 and its time zone UTC; the expressions
/// are those of <see cref="TypeMapping.SnapshotExpression"/>. Immutable but for its buffer: one thread at a time.
/// </summary>
public sealed class TextValueDecoder
{
    private readonly MySqlColumn _column;
    private readonly TypeMappingOptions _options;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Makes a decoder.</summary>
    /// <param name="column">The source's column.</param>
    /// <param name="options">The switches of the type mapping.</param>
    public TextValueDecoder(MySqlColumn column, TypeMappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(options);
        _column = column;
        _options = options;
    }

    /// <summary>Appends a value.</summary>
    /// <param name="value">The bytes of the result set's column.</param>
    /// <param name="isNull">True when it is NULL.</param>
    /// <param name="target">The table's column.</param>
    /// <exception cref="PaimonException">The value cannot be had in the column.</exception>
    public void Append(ReadOnlySpan<byte> value, bool isNull, ColumnVector target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (isNull)
        {
            AppendNull(target);
            return;
        }

        switch (target)
        {
            case BinaryVector bytes:
                AppendBytes(value, bytes);
                break;
            case BooleanVector boolean:
                boolean.Append(_column.Type.Kind == MySqlTypeKind.Bit ? value.ContainsAnyExcept((byte)0) : Integer(value) != 0);
                break;
            case ListVector list:
                AppendSet(value, list);
                break;
            case FixedVector<Int128> wide:
                wide.Append(Unscaled(value, ((DecimalType)target.Type).Scale));
                break;
            default:
                AppendFixed(value, target);
                break;
        }
    }

    private void AppendFixed(ReadOnlySpan<byte> value, ColumnVector target)
    {
        switch (target.Type.Root)
        {
            case TypeRoot.TinyInt:
                ((FixedVector<sbyte>)target).Append(sbyte.CreateChecked(Integer(value)));
                break;
            case TypeRoot.SmallInt:
                ((FixedVector<short>)target).Append(short.CreateChecked(Integer(value)));
                break;
            case TypeRoot.Int:
                ((FixedVector<int>)target).Append(int.CreateChecked(Integer(value)));
                break;
            case TypeRoot.BigInt:
                ((FixedVector<long>)target).Append(Integer(value));
                break;
            case TypeRoot.Float:
                ((FixedVector<float>)target).Append((float)Double(value));
                break;
            case TypeRoot.Double:
                ((FixedVector<double>)target).Append(Double(value));
                break;
            case TypeRoot.Decimal:
                ((FixedVector<long>)target).Append((long)Unscaled(value, ((DecimalType)target.Type).Scale));
                break;
            default:
                AppendTemporal(value, target);
                break;
        }
    }

    private void AppendTemporal(ReadOnlySpan<byte> value, ColumnVector target)
    {
        if (target is FixedVector<int> && target.Type.Root == TypeRoot.Time)
        {
            ((FixedVector<int>)target).Append(CivilTime.MillisOfDay(TimeMicros(value)));
            return;
        }

        var (year, month, day) = (Part(value, 0, 4), Part(value, 5, 2), Part(value, 8, 2));
        var isDate = CivilTime.IsDate(year, month, day);
        if (!isDate && !CivilTime.IsEpochInsteadOf(_options.ZeroDate, target.Type.IsNullable, year, month, day))
        {
            target.AppendNull();
            return;
        }

        var days = isDate ? CivilTime.DaysOf(year, month, day) : 0;
        if (target.Type.Root == TypeRoot.Date)
        {
            ((FixedVector<int>)target).Append(days);
            return;
        }

        var micros = isDate ? (days * CivilTime.MicrosPerDay) + TimeMicros(value[11..]) : 0;
        micros = isDate && _column.Type.Kind == MySqlTypeKind.Timestamp ? CivilTime.ToZone(micros, _options.ServerTimeZone) : micros;
        var isMillis = ((TemporalType)target.Type).Precision <= 3;
        ((FixedVector<long>)target).Append(isMillis ? Binlog.Decoders.Fraction.Down(micros, 1000) : micros);
    }

    private void AppendBytes(ReadOnlySpan<byte> value, BinaryVector target)
    {
        var isText = target.Type.Root is TypeRoot.Char or TypeRoot.VarChar;
        switch (_column.Type.Kind)
        {
            case MySqlTypeKind.Geometry when isText:
                _buffer.ResetWrittenCount();
                GeometryText.Write(value, _buffer);
                target.Append(_buffer.WrittenSpan);
                break;
            case MySqlTypeKind.Binary or MySqlTypeKind.VarBinary or MySqlTypeKind.Blob or MySqlTypeKind.Bit or MySqlTypeKind.Vector
                when isText:
                target.Append(Convert.ToHexString(value));
                break;
            case MySqlTypeKind.Float when isText:
                target.Append(ServerNumber.Double((float)Double(value)));
                break;
            case MySqlTypeKind.Double when isText:
                target.Append(ServerNumber.Double(Double(value)));
                break;
            case MySqlTypeKind.TinyInt or MySqlTypeKind.SmallInt or MySqlTypeKind.MediumInt or MySqlTypeKind.Int
                or MySqlTypeKind.BigInt or MySqlTypeKind.Decimal:
                // ZEROFILL pads in the result set only.
                target.Append(WithoutPadding(value));
                break;
            default:
                if (isText)
                {
                    MySqlCharset.ForName("utf8mb4").Append(value, target);
                }
                else
                {
                    target.Append(value);
                }

                break;
        }
    }

    private static void AppendSet(ReadOnlySpan<byte> value, ListVector target)
    {
        var elements = (BinaryVector)target.Elements;
        while (!value.IsEmpty)
        {
            var comma = value.IndexOf((byte)',');
            elements.Append(comma < 0 ? value : value[..comma]);
            value = comma < 0 ? default : value[(comma + 1)..];
        }

        target.EndRow();
    }

    private void AppendNull(ColumnVector target)
    {
        if (!target.Type.IsNullable)
        {
            throw new PaimonException(
                ErrorKind.Invalid, $"Column {_column.Name}: the value is NULL, but the table's column is {target.Type}.");
        }

        target.AppendNull();
    }

    private static ReadOnlySpan<byte> WithoutPadding(ReadOnlySpan<byte> value)
    {
        while (value.Length > 1 && value[0] == (byte)'0' && char.IsAsciiDigit((char)value[1]))
        {
            value = value[1..];
        }

        return value;
    }

    private long Integer(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length ? number : throw NotA("integer of 64 bits", value);

    private double Double(ReadOnlySpan<byte> value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw NotA("number", value);

    private Int128 Unscaled(ReadOnlySpan<byte> value, int scale)
    {
        Int128 unscaled = 0;
        var digitsAfter = -1;
        var isNegative = !value.IsEmpty && value[0] == (byte)'-';
        foreach (var character in isNegative ? value[1..] : value)
        {
            if (character == (byte)'.' && digitsAfter < 0)
            {
                digitsAfter = 0;
            }
            else if (character is >= (byte)'0' and <= (byte)'9')
            {
                unscaled = checked((unscaled * 10) + (character - '0'));
                digitsAfter += digitsAfter >= 0 ? 1 : 0;
            }
            else
            {
                throw NotA("decimal", value);
            }
        }

        for (var i = Math.Max(0, digitsAfter); i < scale; i++)
        {
            unscaled = checked(unscaled * 10);
        }

        return digitsAfter > scale ? throw NotA($"decimal of {scale} digits after the point", value) : isNegative ? -unscaled : unscaled;
    }

    /// <summary>[-]hh:mm:ss[.fraction], hours of two digits or more.</summary>
    private long TimeMicros(ReadOnlySpan<byte> value)
    {
        var isNegative = !value.IsEmpty && value[0] == (byte)'-';
        var rest = isNegative ? value[1..] : value;
        var hourDigits = rest.IndexOf((byte)':');
        if (hourDigits < 1)
        {
            throw NotA("time", value);
        }

        var seconds = (Part(rest, 0, hourDigits) * 3600L) + (Part(rest, hourDigits + 1, 2) * 60) + Part(rest, hourDigits + 4, 2);
        var micros = seconds * CivilTime.MicrosPerSecond;
        var unit = 100_000;
        foreach (var digit in rest.Length > hourDigits + 7 ? rest[(hourDigits + 7)..] : default)
        {
            micros += (digit - '0') * unit;
            unit /= 10;
        }

        return isNegative ? -micros : micros;
    }

    private int Part(ReadOnlySpan<byte> value, int start, int length) =>
        start + length <= value.Length && Utf8Parser.TryParse(value.Slice(start, length), out int number, out var used) && used == length
            ? number
            : throw NotA("date or time", value);

    private CorruptDataException NotA(string what, ReadOnlySpan<byte> value) => new(
        $"Column {_column.Name} ({_column.Type}): '{Encoding.UTF8.GetString(value[..Math.Min(value.Length, 64)])}' is not a {what}.");
}
