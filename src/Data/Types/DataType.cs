namespace PaimonSharp.Data.Types;

/// <summary>
/// A column's type: one of Paimon's families with its parameters and nullability. Immutable, compared by value.
/// The family is closed: <see cref="SimpleType"/>, <see cref="LengthType"/>, <see cref="DecimalType"/>,
/// <see cref="TemporalType"/>, <see cref="ArrayType"/>, <see cref="MapType"/>, <see cref="MultisetType"/>, <see cref="RowType"/>.
/// </summary>
/// <param name="Root">The family.</param>
public abstract record DataType(TypeRoot Root)
{
    /// <summary>True when the column may hold NULL (the default).</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>The same type that cannot hold NULL.</summary>
    public DataType NotNull() => IsNullable ? this with { IsNullable = false } : this;

    /// <summary>The same type that can hold NULL.</summary>
    public DataType Nullable() => IsNullable ? this : this with { IsNullable = true };

    /// <summary>True when both types differ at most in the nullability of the outermost level.</summary>
    /// <param name="other">The type to compare with.</param>
    public bool EqualsIgnoringNullability(DataType other) => Nullable().Equals(other.Nullable());

    /// <summary>The type as SQL, for example <c>DECIMAL(10, 2) NOT NULL</c>.</summary>
    public sealed override string ToString() => IsNullable ? ToSql() : ToSql() + " NOT NULL";

    private protected abstract string ToSql();
}

/// <summary>A type without parameters: BOOLEAN, the integers, FLOAT, DOUBLE, DATE, and the refused VARIANT and BLOB.</summary>
/// <param name="Root">The family.</param>
public sealed record SimpleType(TypeRoot Root) : DataType(Root)
{
    private protected override string ToSql() => Root switch
    {
        TypeRoot.Boolean => "BOOLEAN",
        TypeRoot.TinyInt => "TINYINT",
        TypeRoot.SmallInt => "SMALLINT",
        TypeRoot.Int => "INT",
        TypeRoot.BigInt => "BIGINT",
        TypeRoot.Float => "FLOAT",
        TypeRoot.Double => "DOUBLE",
        TypeRoot.Date => "DATE",
        TypeRoot.Variant => "VARIANT",
        TypeRoot.Blob => "BLOB",
        _ => throw new InvalidOperationException($"{Root} has parameters."),
    };
}

/// <summary>CHAR, VARCHAR, BINARY or VARBINARY with a length.</summary>
/// <param name="Root">The family.</param>
/// <param name="Length">Characters for CHAR and VARCHAR, bytes for BINARY and VARBINARY. Not enforced on write.</param>
public sealed record LengthType(TypeRoot Root, int Length) : DataType(Root)
{
    /// <summary>The length of STRING and BYTES.</summary>
    public const int MaxLength = int.MaxValue;

    private protected override string ToSql() => Root switch
    {
        TypeRoot.Char => $"CHAR({Length})",
        TypeRoot.VarChar => Length == MaxLength ? "STRING" : $"VARCHAR({Length})",
        TypeRoot.Binary => $"BINARY({Length})",
        TypeRoot.VarBinary => Length == MaxLength ? "BYTES" : $"VARBINARY({Length})",
        _ => throw new InvalidOperationException($"{Root} has no length."),
    };
}

/// <summary>DECIMAL(precision, scale).</summary>
/// <param name="Precision">Digits in all, 1 to 38.</param>
/// <param name="Scale">Digits after the point, 0 to <paramref name="Precision"/>.</param>
public sealed record DecimalType(int Precision, int Scale) : DataType(TypeRoot.Decimal)
{
    /// <summary>The largest precision.</summary>
    public const int MaxPrecision = 38;

    /// <summary>The largest precision whose unscaled value is kept in 64 bits.</summary>
    public const int MaxCompactPrecision = 18;

    /// <summary>True when the unscaled value is kept in 64 bits.</summary>
    public bool IsCompact => Precision <= MaxCompactPrecision;

    private protected override string ToSql() => $"DECIMAL({Precision}, {Scale})";
}

/// <summary>TIME, TIMESTAMP or TIMESTAMP WITH LOCAL TIME ZONE.</summary>
/// <param name="Root">The family.</param>
/// <param name="Precision">Digits of the fraction of a second, 0 to 9.</param>
public sealed record TemporalType(TypeRoot Root, int Precision) : DataType(Root)
{
    private protected override string ToSql() => Root switch
    {
        TypeRoot.Time => $"TIME({Precision})",
        TypeRoot.Timestamp => $"TIMESTAMP({Precision})",
        TypeRoot.TimestampLtz => $"TIMESTAMP({Precision}) WITH LOCAL TIME ZONE",
        _ => throw new InvalidOperationException($"{Root} is not a temporal type with a precision."),
    };
}

/// <summary>ARRAY&lt;element&gt;.</summary>
/// <param name="Element">The type of the elements.</param>
public sealed record ArrayType(DataType Element) : DataType(TypeRoot.Array)
{
    private protected override string ToSql() => $"ARRAY<{Element}>";
}

/// <summary>MULTISET&lt;element&gt;: elements with their counts.</summary>
/// <param name="Element">The type of the elements.</param>
public sealed record MultisetType(DataType Element) : DataType(TypeRoot.Multiset)
{
    private protected override string ToSql() => $"MULTISET<{Element}>";
}

/// <summary>MAP&lt;key, value&gt;.</summary>
/// <param name="Key">The type of the keys.</param>
/// <param name="Value">The type of the values.</param>
public sealed record MapType(DataType Key, DataType Value) : DataType(TypeRoot.Map)
{
    private protected override string ToSql() => $"MAP<{Key}, {Value}>";
}

/// <summary>VECTOR&lt;element, length&gt;: known by name, refused on reading.</summary>
/// <param name="Element">The type of the elements.</param>
/// <param name="Length">The number of elements.</param>
public sealed record VectorType(DataType Element, int Length) : DataType(TypeRoot.Vector)
{
    private protected override string ToSql() => $"VECTOR<{Element}, {Length}>";
}
