using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Rows;

/// <summary>How a value stands in its slot of a row or array (docs/format.md#binary-row).</summary>
internal enum SlotKind : byte
{
    Boolean,
    Int8,
    Int16,
    Int32,
    Int64,
    Single,
    Double,
    Bytes,
    WideDecimal,
    MicrosTimestamp,
    NanosTimestamp,
    Array,
    Map,
    Row,
}

/// <summary>Sizes and slots of rows and arrays (docs/format.md#binary-row).</summary>
internal static class BinaryRowLayout
{
    public const int SlotBytes = 8;
    public const int HeaderBits = 8;
    public const int MaxInlineBytes = 7;
    public const int WideDecimalBytes = 16;

    /// <summary>The mark of a text or binary of up to 7 bytes inside its slot: 0x80 and the length.</summary>
    public const byte InlineMark = 0x80;

    public static int NullBytes(int arity) => (arity + 63 + HeaderBits) / 64 * 8;

    public static int ArrayHeaderBytes(int size) => 4 + (int)((((long)size + 31) / 32) * 4);

    public static int RoundUp(int bytes) => checked(bytes + 7) & ~7;

    public static SlotKind KindOf(DataType type) => type switch
    {
        DecimalType { IsCompact: true } => SlotKind.Int64,
        DecimalType => SlotKind.WideDecimal,
        TemporalType { Root: TypeRoot.Time } => SlotKind.Int32,
        TemporalType { Precision: <= 3 } => SlotKind.Int64,
        TemporalType { Precision: <= 6 } => SlotKind.MicrosTimestamp,
        TemporalType => SlotKind.NanosTimestamp,
        _ => type.Root switch
        {
            TypeRoot.Boolean => SlotKind.Boolean,
            TypeRoot.TinyInt => SlotKind.Int8,
            TypeRoot.SmallInt => SlotKind.Int16,
            TypeRoot.Int or TypeRoot.Date => SlotKind.Int32,
            TypeRoot.BigInt => SlotKind.Int64,
            TypeRoot.Float => SlotKind.Single,
            TypeRoot.Double => SlotKind.Double,
            TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary => SlotKind.Bytes,
            TypeRoot.Array => SlotKind.Array,
            TypeRoot.Map or TypeRoot.Multiset => SlotKind.Map,
            TypeRoot.Row => SlotKind.Row,
            _ => throw new PaimonException(ErrorKind.Unsupported, $"Rows cannot hold the type {type}."),
        },
    };

    /// <summary>The width of an array's element.</summary>
    public static int ElementBytes(SlotKind kind) => kind switch
    {
        SlotKind.Boolean or SlotKind.Int8 => 1,
        SlotKind.Int16 => 2,
        SlotKind.Int32 or SlotKind.Single => 4,
        _ => SlotBytes,
    };
}
