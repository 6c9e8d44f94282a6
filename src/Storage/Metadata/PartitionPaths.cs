using System.Globalization;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The directories of partitions, <c>key=value/key=value/</c> (docs/format.md#partition-directories). A directory follows from
/// the values in the manifest and is never parsed. Safe for several threads.
/// </summary>
internal sealed class PartitionPaths
{
    /// <summary>The value of NULL and blank partition values, unless an option says otherwise.</summary>
    public const string DefaultName = "__DEFAULT_PARTITION__";

    private const long MillisPerDay = 24 * 60 * 60 * 1000;

    // 0001-01-01 and 9999-12-31T23:59:59.999: how other years are spelled differs between the options' styles.
    private const long MinMillis = -62_135_596_800_000;
    private const long MaxMillis = 253_402_300_799_999;

    private readonly RowType _type;
    private readonly string _defaultName;
    private readonly bool _legacyNames;
    private readonly TimeZoneInfo _zone;
    private readonly BinaryRowReader _reader;

    /// <summary>Makes the directories of a table.</summary>
    /// <param name="partitionType">The partition columns.</param>
    /// <param name="defaultName">Option <c>partition.default-name</c>.</param>
    /// <param name="legacyNames">Option <c>partition.legacy-name</c>: dates as day numbers, times as Java prints them.</param>
    /// <param name="zone">The zone in which new-style names show instants; UTC by default.</param>
    public PartitionPaths(
        RowType partitionType, string defaultName = DefaultName, bool legacyNames = true, TimeZoneInfo? zone = null)
    {
        _type = partitionType;
        _defaultName = defaultName;
        _legacyNames = legacyNames;
        _zone = zone ?? TimeZoneInfo.Utc;
        _reader = new BinaryRowReader(partitionType);
    }

    /// <summary>The directories of a partition, each with a '/' at its end; empty when the table has no partitions.</summary>
    public string Path(BinaryRowBytes partition)
    {
        var path = new StringBuilder();
        foreach (var (key, value) in Spec(partition))
        {
            Escape(path, key);
            path.Append('=');
            Escape(path, value);
            path.Append('/');
        }

        return path.ToString();
    }

    /// <summary>The names and values of a partition as its directories show them, before they are escaped.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Spec(BinaryRowBytes partition)
    {
        if (_type.Fields.Count == 0)
        {
            return [];
        }

        return
        [
            .. Texts(partition).Select((text, i) => new KeyValuePair<string, string>(
                _type.Fields[i].Name, string.IsNullOrWhiteSpace(text) ? _defaultName : text)),
        ];
    }

    /// <summary>The values of a row as texts, null for NULL: with legacy names as Java prints them, else as a cast to STRING.</summary>
    public IReadOnlyList<string?> Texts(BinaryRowBytes row)
    {
        if (_type.Fields.Count == 0)
        {
            return [];
        }

        var columns = _type.Fields.Select(field => ColumnVector.Create(field.Type.Nullable())).ToArray();
        _reader.ReadSerialized(row.Serialized, columns);
        return [.. columns.Select(column => column.IsNull(0) ? null : Text(column))];
    }

    private string Text(ColumnVector column) => column switch
    {
        BooleanVector booleans => booleans[0] ? "true" : "false",
        FixedVector<sbyte> bytes => bytes.Values[0].ToString(CultureInfo.InvariantCulture),
        FixedVector<short> shorts => shorts.Values[0].ToString(CultureInfo.InvariantCulture),
        FixedVector<float> floats => FloatingText.Format(floats.Values[0]),
        FixedVector<double> doubles => FloatingText.Format(doubles.Values[0]),
        FixedVector<int> ints => IntText(ints.Type, ints.Values[0]),
        FixedVector<Int128> { Type: DecimalType type } decimals => DecimalText.Format(decimals.Values[0], type.Scale),
        FixedVector<long> { Type: DecimalType type } decimals => DecimalText.Format(decimals.Values[0], type.Scale),
        FixedVector<long> { Type: TemporalType type } times => TimestampText(type, FromUnits(type, times.Values[0])),
        FixedVector<long> longs => longs.Values[0].ToString(CultureInfo.InvariantCulture),
        FixedVector<NanoTimestamp> times => TimestampText((TemporalType)times.Type, times.Values[0]),
        BinaryVector bytes => BinaryText(bytes),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"A partition column of type {column.Type} is not supported."),
    };

    private string BinaryText(BinaryVector column) =>
        column.Type.Root is TypeRoot.Binary or TypeRoot.VarBinary && _legacyNames
            ? throw new PaimonException(
                ErrorKind.Unsupported,
                $"A partition column of type {column.Type} needs the option 'partition.legacy-name' = 'false'.")
            : Encoding.UTF8.GetString(column[0]);

    private string IntText(DataType type, int value)
    {
        if (_legacyNames || type.Root is not (TypeRoot.Date or TypeRoot.Time))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        return type.Root == TypeRoot.Date
            ? ToTime(type, value * MillisPerDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : TimeText(((TemporalType)type).Precision, TimeSpan.FromMilliseconds(value));
    }

    /// <summary>A fraction loses its zeros at the end, save the first digit.</summary>
    private static string TimeText(int precision, TimeSpan time)
    {
        var seconds = time.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);
        if (precision == 0)
        {
            return seconds;
        }

        var fraction = time.Milliseconds.ToString("D3", CultureInfo.InvariantCulture)[..Math.Min(precision, 3)];
        return $"{seconds}.{fraction[0]}{fraction[1..].TrimEnd('0')}";
    }

    private static NanoTimestamp FromUnits(TemporalType type, long value)
    {
        if (type.Precision <= 3)
        {
            return new NanoTimestamp(value, 0);
        }

        var millis = Math.DivRem(value, 1000, out var micros);
        return micros < 0 ? new NanoTimestamp(millis - 1, ((int)micros + 1000) * 1000) : new NanoTimestamp(millis, (int)micros * 1000);
    }

    private static DateTime ToTime(DataType type, long epochMillis) => epochMillis is >= MinMillis and <= MaxMillis
        ? DateTime.UnixEpoch.AddMilliseconds(epochMillis)
        : throw new PaimonException(
            ErrorKind.Unsupported,
            $"A partition value of type {type} lies {epochMillis} milliseconds from 1970-01-01; directories are named for the"
            + " years 1 to 9999 only.");

    private string TimestampText(TemporalType type, NanoTimestamp value)
    {
        var time = ToTime(type, value.EpochMillis);
        if (!_legacyNames && type.Root == TypeRoot.TimestampLtz)
        {
            time = TimeZoneInfo.ConvertTimeFromUtc(time, _zone);
        }

        var nanos = (time.Millisecond * 1_000_000) + value.NanoOfMilli;
        var fraction = nanos.ToString("D9", CultureInfo.InvariantCulture);
        if (!_legacyNames)
        {
            var seconds = time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            return type.Precision == 0 ? seconds : $"{seconds}.{fraction[..type.Precision]}";
        }

        var minutes = time.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        return (time.Second, nanos) switch
        {
            (0, 0) => minutes,
            (_, 0) => $"{minutes}:{time.Second:D2}",
            _ when nanos % 1_000_000 == 0 => $"{minutes}:{time.Second:D2}.{fraction[..3]}",
            _ when nanos % 1_000 == 0 => $"{minutes}:{time.Second:D2}.{fraction[..6]}",
            _ => $"{minutes}:{time.Second:D2}.{fraction}",
        };
    }

    private static void Escape(StringBuilder path, string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or '\x7F' or '"' or '#' or '%' or '\'' or '*' or '/' or ':' or '=' or '?' or '\\' or '{' or '}' or '['
                or ']' or '^')
            {
                path.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                path.Append(c);
            }
        }
    }
}
