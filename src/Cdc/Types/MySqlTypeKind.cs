namespace PaimonSharp.Cdc.Types;

/// <summary>The column types of MySQL and MariaDB, by the words of <c>information_schema.COLUMNS.COLUMN_TYPE</c>.</summary>
public enum MySqlTypeKind : byte
{
    /// <summary>TINYINT: 1 byte.</summary>
    TinyInt,

    /// <summary>SMALLINT: 2 bytes.</summary>
    SmallInt,

    /// <summary>MEDIUMINT: 3 bytes.</summary>
    MediumInt,

    /// <summary>INT: 4 bytes.</summary>
    Int,

    /// <summary>BIGINT: 8 bytes.</summary>
    BigInt,

    /// <summary>FLOAT: IEEE single.</summary>
    Float,

    /// <summary>DOUBLE: IEEE double.</summary>
    Double,

    /// <summary>DECIMAL(p, s), p up to 65.</summary>
    Decimal,

    /// <summary>BIT(n), n up to 64.</summary>
    Bit,

    /// <summary>YEAR: 0 or 1901 to 2155.</summary>
    Year,

    /// <summary>DATE: also zero and partial dates.</summary>
    Date,

    /// <summary>TIME(fsp): -838:59:59 to 838:59:59.</summary>
    Time,

    /// <summary>DATETIME(fsp): a wall clock's date and time.</summary>
    DateTime,

    /// <summary>TIMESTAMP(fsp): an instant.</summary>
    Timestamp,

    /// <summary>CHAR(n)</summary>
    Char,

    /// <summary>VARCHAR(n)</summary>
    VarChar,

    /// <summary>BINARY(n)</summary>
    Binary,

    /// <summary>VARBINARY(n)</summary>
    VarBinary,

    /// <summary>TINYTEXT, TEXT and MEDIUMTEXT.</summary>
    Text,

    /// <summary>LONGTEXT; MariaDB's JSON too.</summary>
    LongText,

    /// <summary>TINYBLOB, BLOB, MEDIUMBLOB and LONGBLOB.</summary>
    Blob,

    /// <summary>ENUM of labels.</summary>
    Enum,

    /// <summary>SET of labels.</summary>
    Set,

    /// <summary>MySQL's binary JSON.</summary>
    Json,

    /// <summary>GEOMETRY and its subtypes.</summary>
    Geometry,

    /// <summary>VECTOR(n) of IEEE singles.</summary>
    Vector,

    /// <summary>MariaDB's UUID.</summary>
    Uuid,

    /// <summary>MariaDB's INET4.</summary>
    Inet4,

    /// <summary>MariaDB's INET6.</summary>
    Inet6,
}
