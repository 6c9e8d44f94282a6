using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Casts;

/// <summary>Which class does which cast.</summary>
internal static class CastFactory
{
    public static ColumnCast? Find(DataType source, DataType target, LocalZone zone) => target switch
    {
        LengthType { Root: TypeRoot.Char or TypeRoot.VarChar } text => ToText(source, text, zone),
        LengthType bytes => source is LengthType ? new ToBytesCast(bytes) : null,
        DecimalType number => ToDecimal(source, number),
        TemporalType { Root: TypeRoot.Time } => ToTime(source, target, zone),
        TemporalType timestamp => ToTimestamp(source, timestamp, zone),
        ArrayType or MapType or RowType when IsText(source) => TextToNested.Find(target, zone),
        SimpleType => ToSimple(source, target, zone),
        _ => null,
    };

    public static ColumnCast BetweenSchemas(DataType source, DataType target, LocalZone zone)
    {
        if (IsSameLayout(source, target))
        {
            return SameLayoutCast.Instance;
        }

        return (source, target) switch
        {
            (RowType from, RowType to) => new RowByIdCast(from, to, zone),
            (ArrayType from, ArrayType to) => new ListCast(BetweenSchemas(from.Element, to.Element, zone)),
            (MapType from, MapType to) when IsSameLayout(from.Key, to.Key) => new MapCast(
                BetweenSchemas(from.Key, to.Key, zone), BetweenSchemas(from.Value, to.Value, zone)),
            _ => Find(source, target, zone) ?? throw new PaimonException(
                ErrorKind.Unsupported, $"No cast leads from {source} to {target}."),
        };
    }

    public static bool IsSameLayout(DataType source, DataType target) => (source, target) switch
    {
        (LengthType { Root: TypeRoot.Char or TypeRoot.VarChar }, LengthType { Root: TypeRoot.VarChar, Length: LengthType.MaxLength })
            or (LengthType { Root: TypeRoot.Binary or TypeRoot.VarBinary },
                LengthType { Root: TypeRoot.VarBinary, Length: LengthType.MaxLength }) => true,
        (TemporalType { Root: TypeRoot.Time }, TemporalType { Root: TypeRoot.Time }) => true,
        (ArrayType from, ArrayType to) => IsSameLayout(from.Element, to.Element),
        (MultisetType from, MultisetType to) => IsSameLayout(from.Element, to.Element),
        (MapType from, MapType to) => IsSameLayout(from.Key, to.Key) && IsSameLayout(from.Value, to.Value),
        (RowType from, RowType to) => from.Fields.Count == to.Fields.Count
            && from.Fields.Zip(to.Fields).All(pair =>
                pair.First.Id == pair.Second.Id && IsSameLayout(pair.First.Type, pair.Second.Type)),
        _ => source.EqualsIgnoringNullability(target),
    };

    public static bool IsText(DataType type) => type.Root is TypeRoot.Char or TypeRoot.VarChar;

    public static bool IsInteger(DataType type) =>
        type.Root is TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int or TypeRoot.BigInt;

    public static bool IsTimestamp(DataType type) => type.Root is TypeRoot.Timestamp or TypeRoot.TimestampLtz;

    private static ColumnCast? ToText(DataType source, LengthType target, LocalZone zone)
    {
        if (source is LengthType from)
        {
            return IsText(from) ? new TextLengthCast(target) : SameLayoutCast.Instance;
        }

        // Dates and times become texts of any length only.
        if (source is TemporalType || source.Root == TypeRoot.Date)
        {
            return target is { Root: TypeRoot.VarChar, Length: LengthType.MaxLength } ? new TimeToTextCast(source, zone) : null;
        }

        return source switch
        {
            ArrayType or MapType or RowType => NestedToText.Find(source, zone),
            SimpleType { Root: TypeRoot.Variant or TypeRoot.Blob } => null,
            SimpleType or DecimalType => new NumberToTextCast(target),
            _ => null,
        };
    }

    private static ColumnCast? ToDecimal(DataType source, DecimalType target) => source.Root switch
    {
        TypeRoot.Char or TypeRoot.VarChar => new TextToDecimalCast(target),
        TypeRoot.Decimal => new DecimalToDecimalCast((DecimalType)source, target),
        TypeRoot.Float or TypeRoot.Double => new FloatingToDecimalCast(target),
        TypeRoot.Boolean => new BooleanToNumberCast(target),
        _ when IsInteger(source) => new IntegerToDecimalCast(target),
        _ => null,
    };

    private static ColumnCast? ToTime(DataType source, DataType target, LocalZone zone) => source.Root switch
    {
        TypeRoot.Char or TypeRoot.VarChar => new TextToCalendarCast(target, TextParser.TryTime),
        TypeRoot.Timestamp or TypeRoot.TimestampLtz => new TimestampToTimeCast(source, zone),
        _ => null,
    };

    private static ColumnCast? ToTimestamp(DataType source, TemporalType target, LocalZone zone) => source.Root switch
    {
        TypeRoot.Char or TypeRoot.VarChar => new TextToTimestampCast(target, zone),
        TypeRoot.Timestamp or TypeRoot.TimestampLtz => new TimestampToTimestampCast((TemporalType)source, target, zone),
        TypeRoot.Date or TypeRoot.Time => new DayOrTimeToTimestampCast(source, target, zone),
        TypeRoot.Int or TypeRoot.BigInt => new SecondsToTimestampCast(target, zone),
        _ => null,
    };

    private static ColumnCast? ToSimple(DataType source, DataType target, LocalZone zone) => target.Root switch
    {
        TypeRoot.Boolean when IsInteger(source) => new IntegerToBooleanCast(),
        TypeRoot.Boolean when IsText(source) => new TextToBooleanCast(target),
        TypeRoot.Date when IsTimestamp(source) => new TimestampToDateCast(source, zone),
        TypeRoot.Date when IsText(source) => new TextToCalendarCast(target, TextParser.TryDate),
        TypeRoot.Boolean or TypeRoot.Date or TypeRoot.Variant or TypeRoot.Blob => null,
        TypeRoot.Int or TypeRoot.BigInt when IsTimestamp(source) => new TimestampToSecondsCast(),
        _ => ToNumber(source, target),
    };

    private static ColumnCast? ToNumber(DataType source, DataType target) => source.Root switch
    {
        TypeRoot.Boolean => new BooleanToNumberCast(target),
        TypeRoot.Char or TypeRoot.VarChar => new TextToNumberCast(target),
        TypeRoot.Decimal => new DecimalToNumberCast((DecimalType)source),
        _ => NumberCasts.Find(source.Root, target.Root),
    };
}
