using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>How the values of one column stand in row images (section TABLE_MAP of docs/cdc.md).</summary>
/// <param name="Code">The type's number; ENUM and SET instead of the STRING that carries them.</param>
/// <param name="Metadata">The type's metadata; for STRING, ENUM and SET the bytes of the longest value.</param>
/// <param name="Metadata2">DECIMAL's scale.</param>
internal readonly record struct WireColumn(ColumnCode Code, int Metadata, int Metadata2)
{
    private static ReadOnlySpan<byte> DigitBytes => [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

    /// <summary>True when TLV 1 has a bit for the column.</summary>
    public bool IsNumeric => Code is ColumnCode.Tiny or ColumnCode.Short or ColumnCode.Int24 or ColumnCode.Long
        or ColumnCode.LongLong or ColumnCode.Float or ColumnCode.Double or ColumnCode.NewDecimal or ColumnCode.Decimal
        or ColumnCode.Year;

    /// <summary>True for BLOB, TEXT, VARCHAR, CHAR and their like.</summary>
    public bool IsCharacter(bool isMariaDb) => Code switch
    {
        ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.String or ColumnCode.Blob or ColumnCode.Vector => true,
        ColumnCode.Geometry or ColumnCode.BlobCompressed or ColumnCode.VarCharCompressed => isMariaDb,
        _ => false,
    };

    /// <summary>The bytes of every value, or minus the bytes of the length that precedes a value.</summary>
    /// <exception cref="PaimonException">The type is not supported in row images.</exception>
    public int Width => Code switch
    {
        ColumnCode.Tiny or ColumnCode.Year => 1,
        ColumnCode.Short => 2,
        ColumnCode.Int24 or ColumnCode.Date or ColumnCode.NewDate or ColumnCode.Time => 3,
        ColumnCode.Long or ColumnCode.Float or ColumnCode.Timestamp => 4,
        ColumnCode.LongLong or ColumnCode.Double or ColumnCode.DateTime => 8,
        ColumnCode.Timestamp2 => 4 + FractionBytes,
        ColumnCode.DateTime2 => 5 + FractionBytes,
        ColumnCode.Time2 => 3 + FractionBytes,
        ColumnCode.NewDecimal => DecimalBytes(Metadata, Metadata2),
        ColumnCode.Bit => ((Metadata >> 8) * 8 + (Metadata & 0xFF) + 7) / 8,
        ColumnCode.Enum or ColumnCode.Set => Metadata,
        ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.VarCharCompressed or ColumnCode.String => Metadata < 256 ? -1 : -2,
        ColumnCode.Blob or ColumnCode.Geometry or ColumnCode.Json or ColumnCode.Vector or ColumnCode.BlobCompressed => -Metadata,
        ColumnCode.Null => 0,
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Binlog column type {Code} is not supported in row images."),
    };

    /// <summary>The bits of BIT.</summary>
    public int Bits => ((Metadata >> 8) * 8) + (Metadata & 0xFF);

    private int FractionBytes => (Metadata + 1) / 2;

    /// <summary>The bytes of a DECIMAL: groups of nine digits in four bytes, the odd digits in fewer.</summary>
    public static int DecimalBytes(int precision, int scale)
    {
        var whole = precision - scale;
        return (whole / 9 * 4) + DigitBytes[whole % 9] + (scale / 9 * 4) + DigitBytes[scale % 9];
    }

    /// <summary>Reads a column's metadata and checks that a value's size follows from it.</summary>
    public static WireColumn Read(byte code, ref ByteReader metadata)
    {
        var column = ReadMetadata((ColumnCode)code, ref metadata);
        var isSane = column.Code switch
        {
            ColumnCode.Timestamp2 or ColumnCode.DateTime2 or ColumnCode.Time2 => column.Metadata <= 6,
            ColumnCode.NewDecimal => column.Metadata is >= 1 and <= 65 && column.Metadata2 <= Math.Min(38, column.Metadata),
            ColumnCode.Bit => column.Bits is >= 1 and <= 64,
            ColumnCode.Enum => column.Metadata is 1 or 2,
            ColumnCode.Set => column.Metadata is >= 1 and <= 8,
            ColumnCode.Blob or ColumnCode.Geometry or ColumnCode.Json or ColumnCode.Vector or ColumnCode.BlobCompressed =>
                column.Metadata is >= 1 and <= 4,
            _ => true,
        };
        if (!isSane)
        {
            CorruptDataException.Throw(
                $"A table map gives column type {column.Code} the impossible metadata {column.Metadata}, {column.Metadata2}.");
        }

        return column;
    }

    private static WireColumn ReadMetadata(ColumnCode code, ref ByteReader metadata)
    {
        switch (code)
        {
            case ColumnCode.Float or ColumnCode.Double or ColumnCode.Timestamp2 or ColumnCode.DateTime2 or ColumnCode.Time2
                or ColumnCode.Blob or ColumnCode.Geometry or ColumnCode.Json or ColumnCode.Vector or ColumnCode.BlobCompressed:
                return new WireColumn(code, metadata.Byte(), 0);
            case ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.VarCharCompressed or ColumnCode.Bit:
                return new WireColumn(code, metadata.UInt16(), 0);
            case ColumnCode.NewDecimal:
                var precision = metadata.Byte();
                return new WireColumn(code, precision, metadata.Byte());
            case ColumnCode.String or ColumnCode.Enum or ColumnCode.Set:
                int real = metadata.Byte();
                int length = metadata.Byte();
                return (real & 0x30) == 0x30
                    ? new WireColumn((ColumnCode)real, length, 0)
                    : new WireColumn((ColumnCode)(real | 0x30), length | (((real & 0x30) ^ 0x30) << 4), 0);
            case ColumnCode.TypedArray:
                // Its metadata is that of its element, in a form that differed between releases: only the last columns have it.
                metadata.Take(Math.Min(metadata.Remaining, 1));
                return new WireColumn(code, 0, 0);
            default:
                return new WireColumn(code, 0, 0);
        }
    }
}
