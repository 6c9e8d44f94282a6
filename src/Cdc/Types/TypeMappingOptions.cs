namespace PaimonSharp.Cdc.Types;

/// <summary>The switches of the mapping from MySQL's types to Paimon's (<c>type-mapping</c>, docs/cdc.md).</summary>
public sealed record TypeMappingOptions
{
    /// <summary>No switch set.</summary>
    public static TypeMappingOptions Default { get; } = new();

    /// <summary><c>to-string</c>: every column becomes STRING in the server's own text.</summary>
    public bool ToText { get; init; }

    /// <summary><c>tinyint1-not-bool</c>: TINYINT(1) stays a TINYINT.</summary>
    public bool TinyInt1NotBool { get; init; }

    /// <summary><c>to-nullable</c>: NOT NULL of columns outside the primary key is dropped.</summary>
    public bool ToNullable { get; init; }

    /// <summary><c>char-to-string</c>: CHAR and VARCHAR become STRING.</summary>
    public bool CharToString { get; init; }

    /// <summary><c>longtext-to-bytes</c>: LONGTEXT becomes BYTES.</summary>
    public bool LongTextToBytes { get; init; }

    /// <summary><c>bigint-unsigned-to-bigint</c>: BIGINT UNSIGNED becomes BIGINT; larger values are an error.</summary>
    public bool BigIntUnsignedToBigInt { get; init; }

    /// <summary><c>time-to-string</c>: TIME becomes STRING whatever its precision.</summary>
    public bool TimeToString { get; init; }

    /// <summary><c>zero-date</c>: what becomes of zero and invalid dates.</summary>
    public ZeroDatePolicy ZeroDate { get; init; }

    /// <summary>The zone whose wall clock TIMESTAMP values show; the tool has no switch for it.</summary>
    public TimeZoneInfo ServerTimeZone { get; init; } = TimeZoneInfo.Utc;
}
