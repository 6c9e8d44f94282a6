using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Schemas;

/// <summary>
/// A version of a table's schema, as one file of its <c>schema</c> folder holds it (docs/format.md#schema). Immutable,
/// compared by value; the order of options does not count.
/// </summary>
public sealed record TableSchema
{
    /// <summary>The version of the schema file's layout that is written.</summary>
    public const int CurrentVersion = 3;

    /// <summary>Makes a schema.</summary>
    /// <param name="id">The schema's number, equal to its file's suffix; the first is 0.</param>
    /// <param name="fields">The columns, in order.</param>
    /// <param name="highestFieldId">The highest field id ever used, nested and dropped fields included.</param>
    /// <param name="partitionKeys">The partition columns, in the order of the folders.</param>
    /// <param name="primaryKeys">The primary key's columns, partition columns included; empty for an append table.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="comment">The table's comment, if any.</param>
    /// <param name="timeMillis">When the schema was made, milliseconds since 1970.</param>
    /// <exception cref="PaimonException">Invalid: two columns share a name, or a key names no column.</exception>
    public TableSchema(
        long id,
        IReadOnlyList<DataField> fields,
        int highestFieldId,
        IReadOnlyList<string> partitionKeys,
        IReadOnlyList<string> primaryKeys,
        IReadOnlyDictionary<string, string> options,
        string? comment,
        long timeMillis)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(partitionKeys);
        ArgumentNullException.ThrowIfNull(primaryKeys);
        ArgumentNullException.ThrowIfNull(options);
        Id = id;
        RowType = MakeRowType(fields);
        HighestFieldId = highestFieldId;
        PartitionKeys = [.. partitionKeys];
        PrimaryKeys = [.. primaryKeys];
        TrimmedPrimaryKeys = [.. primaryKeys.Where(key => !partitionKeys.Contains(key))];
        Options = options;
        Comment = comment;
        TimeMillis = timeMillis;
        PartitionType = Select(PartitionKeys, "partition key");
        PrimaryKeyType = Select(PrimaryKeys, "primary key");
        TrimmedPrimaryKeyType = Select(TrimmedPrimaryKeys, "primary key");
    }

    /// <summary>The version of the file's layout; 3 is written, older ones may be read.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The schema's number, equal to its file's suffix.</summary>
    public long Id { get; init; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<DataField> Fields => RowType.Fields;

    /// <summary>The highest field id ever used, nested and dropped fields included.</summary>
    public int HighestFieldId { get; }

    /// <summary>The partition columns, in the order of the folders.</summary>
    public IReadOnlyList<string> PartitionKeys { get; }

    /// <summary>The primary key's columns; empty for an append table.</summary>
    public IReadOnlyList<string> PrimaryKeys { get; }

    /// <summary>The primary key without the partition columns: what tells rows of one partition apart.</summary>
    public IReadOnlyList<string> TrimmedPrimaryKeys { get; }

    /// <summary>The table's options; unknown ones are kept.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The table's comment, if any.</summary>
    public string? Comment { get; init; }

    /// <summary>When the schema was made, milliseconds since 1970.</summary>
    public long TimeMillis { get; init; }

    /// <summary>The columns as a row type.</summary>
    public RowType RowType { get; }

    /// <summary>The partition columns as a row type, in the order of <see cref="PartitionKeys"/>.</summary>
    public RowType PartitionType { get; }

    /// <summary>The primary key's columns as a row type.</summary>
    public RowType PrimaryKeyType { get; }

    /// <summary>The columns of <see cref="TrimmedPrimaryKeys"/> as a row type.</summary>
    public RowType TrimmedPrimaryKeyType { get; }

    /// <summary>
    /// The columns whose values choose a row's bucket: option <c>bucket-key</c> (comma separated, not trimmed), else the
    /// trimmed primary key.
    /// </summary>
    /// <exception cref="PaimonException">Invalid: the option names no column.</exception>
    public IReadOnlyList<string> BucketKeys
    {
        get
        {
            if (!Options.TryGetValue("bucket-key", out var text) || text.Length == 0)
            {
                return TrimmedPrimaryKeys;
            }

            var keys = text.Split(',');
            IndexesOf(keys, "option bucket-key");
            return keys;
        }
    }

    /// <summary>The columns of <see cref="BucketKeys"/> as a row type.</summary>
    public RowType BucketKeyType => Select(BucketKeys, "bucket key");

    /// <summary>The positions of columns in <see cref="Fields"/>.</summary>
    /// <param name="columns">Names of columns.</param>
    /// <exception cref="PaimonException">Invalid: a name is no column's.</exception>
    public int[] IndexesOf(IReadOnlyList<string> columns) => IndexesOf(columns, "column");

    /// <inheritdoc/>
    public bool Equals(TableSchema? other) =>
        other is not null
        && Version == other.Version
        && Id == other.Id
        && HighestFieldId == other.HighestFieldId
        && Comment == other.Comment
        && TimeMillis == other.TimeMillis
        && RowType.Equals(other.RowType)
        && PartitionKeys.SequenceEqual(other.PartitionKeys)
        && PrimaryKeys.SequenceEqual(other.PrimaryKeys)
        && Options.Count == other.Options.Count
        && Options.All(option => other.Options.TryGetValue(option.Key, out var value) && value == option.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, HighestFieldId, TimeMillis, RowType);

    private static RowType MakeRowType(IReadOnlyList<DataField> fields)
    {
        try
        {
            return new RowType(fields) { IsNullable = false };
        }
        catch (ArgumentException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"The schema's columns are not valid: {e.Message}", e);
        }
    }

    private RowType Select(IReadOnlyList<string> columns, string role) => new([.. IndexesOf(columns, role).Select(i => Fields[i])])
    {
        IsNullable = false,
    };

    private int[] IndexesOf(IReadOnlyList<string> columns, string role)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var indexes = new int[columns.Count];
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = RowType.IndexOf(columns[i]);
            if (indexes[i] < 0 || indexes.AsSpan(0, i).Contains(indexes[i]))
            {
                PaimonException.ThrowInvalid(
                    $"The {role} '{columns[i]}' is {(indexes[i] < 0 ? "no column" : "named twice")}; the columns are "
                    + $"{string.Join(", ", Fields.Select(field => field.Name))}.");
            }
        }

        return indexes;
    }
}
