namespace PaimonSharp.Data.Types;

/// <summary>The families of Paimon's data types, each without its parameters.</summary>
public enum TypeRoot : byte
{
    /// <summary>BOOLEAN</summary>
    Boolean,

    /// <summary>TINYINT: 8-bit signed integer.</summary>
    TinyInt,

    /// <summary>SMALLINT: 16-bit signed integer.</summary>
    SmallInt,

    /// <summary>INT: 32-bit signed integer.</summary>
    Int,

    /// <summary>BIGINT: 64-bit signed integer.</summary>
    BigInt,

    /// <summary>FLOAT: IEEE single.</summary>
    Float,

    /// <summary>DOUBLE: IEEE double.</summary>
    Double,

    /// <summary>DECIMAL(p, s), p 1 to 38.</summary>
    Decimal,

    /// <summary>CHAR(n)</summary>
    Char,

    /// <summary>VARCHAR(n); STRING is the largest.</summary>
    VarChar,

    /// <summary>BINARY(n)</summary>
    Binary,

    /// <summary>VARBINARY(n); BYTES is the largest.</summary>
    VarBinary,

    /// <summary>DATE: days since 1970-01-01.</summary>
    Date,

    /// <summary>TIME(p): milliseconds of the day.</summary>
    Time,

    /// <summary>TIMESTAMP(p): a wall clock's date and time, p 0 to 9.</summary>
    Timestamp,

    /// <summary>TIMESTAMP(p) WITH LOCAL TIME ZONE: an instant.</summary>
    TimestampLtz,

    /// <summary>ARRAY of an element type.</summary>
    Array,

    /// <summary>MAP from keys to values.</summary>
    Map,

    /// <summary>MULTISET: elements with their counts.</summary>
    Multiset,

    /// <summary>ROW of named fields.</summary>
    Row,

    /// <summary>VARIANT: known by name, refused on reading.</summary>
    Variant,

    /// <summary>BLOB: known by name, refused on reading.</summary>
    Blob,

    /// <summary>VECTOR: known by name, refused on reading.</summary>
    Vector,
}
