using System.Globalization;

namespace PaimonSharp.Cdc.Types;

/// <summary>
/// The type of a column of MySQL or MariaDB, as far as its values need it. Made from <c>information_schema</c> by
/// <see cref="Parse"/> or from the metadata of a TABLE_MAP event. Immutable.
/// </summary>
/// <param name="Kind">The type's family.</param>
public sealed record MySqlColumnType(MySqlTypeKind Kind)
{
    /// <summary>The collation id of <c>binary</c>.</summary>
    public const int BinaryCollation = 63;

    /// <summary>The collation id of <c>utf8mb4_general_ci</c>, used where nothing else is known.</summary>
    public const int Utf8Collation = 45;

    /// <summary>True for UNSIGNED numbers.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>
    /// Characters of CHAR and VARCHAR, bytes of BINARY and VARBINARY, bits of BIT, the display width of TINYINT where the
    /// schema shows one; 0 where unknown.
    /// </summary>
    public int Length { get; init; }

    /// <summary>Digits of DECIMAL in all.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of DECIMAL after the point, or of the fraction of a second.</summary>
    public int Scale { get; init; }

    /// <summary>The collation id of a text column, which names its character set.</summary>
    public int CollationId { get; init; } = Utf8Collation;

    /// <summary>The labels of ENUM and SET in order, empty where unknown.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>True for BOOLEAN's other name, TINYINT(1), which the schema tells and the binlog does not.</summary>
    public bool IsTinyInt1 => Kind == MySqlTypeKind.TinyInt && Length == 1 && !IsUnsigned;

    /// <summary>Reads a column type.</summary>
    /// <param name="columnType"><c>COLUMN_TYPE</c> of <c>information_schema.COLUMNS</c>, for example <c>int(10) unsigned</c>.</param>
    /// <param name="characterSet"><c>CHARACTER_SET_NAME</c>; null for types without one.</param>
    /// <exception cref="Data.Errors.PaimonException">The type or the character set is not known.</exception>
    public static MySqlColumnType Parse(string columnType, string? characterSet = null) =>
        ColumnTypeParser.Parse(columnType, characterSet);

    /// <summary>The type in MySQL's words.</summary>
    public override string ToString()
    {
        var text = Kind switch
        {
            MySqlTypeKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})"),
            MySqlTypeKind.Time or MySqlTypeKind.DateTime or MySqlTypeKind.Timestamp when Scale > 0 =>
                string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}({Scale})"),
            MySqlTypeKind.Enum or MySqlTypeKind.Set =>
                $"{Kind.ToString().ToLowerInvariant()}({string.Join(",", Labels.Select(label => $"'{label}'"))})",
            _ when Length > 0 => string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}({Length})"),
            _ => Kind.ToString().ToLowerInvariant(),
        };
        return IsUnsigned ? text + " unsigned" : text;
    }

    /// <inheritdoc/>
    public bool Equals(MySqlColumnType? other) =>
        other is not null && Kind == other.Kind && IsUnsigned == other.IsUnsigned && Length == other.Length
        && Precision == other.Precision && Scale == other.Scale && CollationId == other.CollationId
        && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, IsUnsigned, Length, Precision, Scale, CollationId);
}
