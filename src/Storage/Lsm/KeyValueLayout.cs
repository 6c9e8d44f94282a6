using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The columns of a primary-key table's data files (docs/format.md#data-files). Immutable.
/// <code>
/// _KEY_a, _KEY_b ...   the trimmed primary key again, ids shifted; absent in thin mode
/// _SEQUENCE_NUMBER     BIGINT NOT NULL
/// _VALUE_KIND          TINYINT NOT NULL
/// a, b, c ...          all columns of the schema
/// </code>
/// </summary>
internal sealed class KeyValueLayout
{
    /// <summary>The column of sequence numbers.</summary>
    public const string SequenceColumn = "_SEQUENCE_NUMBER";

    /// <summary>The column of row kinds.</summary>
    public const string KindColumn = "_VALUE_KIND";

    private const string KeyPrefix = "_KEY_";
    private const int KeyIdShift = int.MaxValue / 2;
    private const int SequenceId = int.MaxValue - 1;
    private const int KindId = int.MaxValue - 2;

    /// <summary>The layout of files that are written with a schema.</summary>
    /// <param name="schema">A primary-key table's schema.</param>
    /// <param name="isThin">Option <c>data-file.thin-mode</c>.</param>
    public KeyValueLayout(TableSchema schema, bool isThin)
    {
        Schema = schema;
        IsThin = isThin;
        KeyIndexes = schema.IndexesOf(schema.TrimmedPrimaryKeys);
        var keys = schema.TrimmedPrimaryKeyType.Fields;
        FileType = new RowType(
        [
            .. isThin ? [] : keys.Select(key => new DataField(key.Id + KeyIdShift, KeyPrefix + key.Name, key.Type)),
            SequenceField,
            KindField,
            .. schema.Fields,
        ]);
    }

    /// <summary>The field of sequence numbers.</summary>
    public static DataField SequenceField { get; } = new(SequenceId, SequenceColumn, DataTypes.BigInt.NotNull());

    /// <summary>The field of row kinds.</summary>
    public static DataField KindField { get; } = new(KindId, KindColumn, DataTypes.TinyInt.NotNull());

    /// <summary>The schema.</summary>
    public TableSchema Schema { get; }

    /// <summary>True when the key columns are not stored a second time.</summary>
    public bool IsThin { get; }

    /// <summary>The positions of the trimmed primary key's columns among the schema's.</summary>
    public int[] KeyIndexes { get; }

    /// <summary>All columns of a file.</summary>
    public RowType FileType { get; }

    /// <summary>The position of the first table column in <see cref="FileType"/>.</summary>
    public int FirstValue => FileType.Fields.Count - Schema.Fields.Count;
}
