using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>What lookups need to know of a table's schema and options. Immutable; safe for several threads.</summary>
internal sealed class LookupShape
{
    private readonly BucketFunctionType _functionType;

    /// <summary>Reads a schema.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The schema that rows are given with.</param>
    /// <param name="columns">The columns wanted, null for all.</param>
    /// <exception cref="PaimonException">Invalid: the table has no primary key, or no such column.</exception>
    public LookupShape(Table table, TableSchema schema, IReadOnlyList<string>? columns)
    {
        if (schema.PrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid($"{table.Path} has no primary key, by which rows could be looked up; scan it with a condition.");
        }

        Table = table;
        Schema = schema;
        Options = table.OptionsOf(schema);
        Columns = columns is null ? [.. Enumerable.Range(0, schema.Fields.Count)] : schema.IndexesOf(columns);
        OutputType = schema.RowType.Project(Columns);
        KeyType = schema.PrimaryKeyType;
        StoredType = new RowType([.. schema.Fields.Where(field => !schema.PartitionKeys.Contains(field.Name))]);
        RowReader = new BinaryRowReader(StoredType);
        Plan = new KeyValueReadPlan(schema, Options, Columns);
        IsNewestTheResult = LevelZero.IsHidden(schema, Options)
            || (Options.GetName("merge-engine", "deduplicate") == "deduplicate"
                && Plan.SequenceOrder is null
                && !Merge.MergeEngine.IgnoresDelete(Options));
        IsPartitionInKey = schema.PartitionKeys.All(schema.PrimaryKeys.Contains);
        TrimmedKeyIndexes = [.. schema.TrimmedPrimaryKeys.Select(KeyType.IndexOf)];
        KeyPartitionType = new RowType([.. schema.PartitionType.Fields.Where(field => schema.PrimaryKeys.Contains(field.Name))]);
        PartitionKeyIndexes = [.. KeyPartitionType.Fields.Select(field => KeyType.IndexOf(field.Name))];
        BucketKeyIndexes = BucketModes.Of(schema, Options) == BucketMode.Fixed
            ? [.. schema.BucketKeys.Select(KeyType.IndexOf)]
            : [];
        _functionType = Options.GetEnum("bucket-function.type", BucketFunctionType.Default);
    }

    /// <summary>The table.</summary>
    public Table Table { get; }

    /// <summary>The schema that rows are given with.</summary>
    public TableSchema Schema { get; }

    /// <summary>The table's options under it.</summary>
    public TableOptions Options { get; }

    /// <summary>The positions of the columns wanted among the schema's.</summary>
    public int[] Columns { get; }

    /// <summary>The columns of the rows found.</summary>
    public RowType OutputType { get; }

    /// <summary>The primary key's columns, in its order.</summary>
    public RowType KeyType { get; }

    /// <summary>The columns of lookup files.</summary>
    public RowType StoredType { get; }

    /// <summary>Reads rows of lookup files.</summary>
    public BinaryRowReader RowReader { get; }

    /// <summary>How the versions of a key are merged.</summary>
    public KeyValueReadPlan Plan { get; }

    /// <summary>
    /// True when a key's newest version is its row: with merge engine deduplicate by sequence number, and where level 0 is
    /// hidden, as above it compactions have left one version.
    /// </summary>
    public bool IsNewestTheResult { get; }

    /// <summary>True when a key tells its partition.</summary>
    public bool IsPartitionInKey { get; }

    /// <summary>The positions of the trimmed primary key in <see cref="KeyType"/>.</summary>
    public int[] TrimmedKeyIndexes { get; }

    /// <summary>The partition columns that a key has: all of them, some or none.</summary>
    public RowType KeyPartitionType { get; }

    /// <summary>The positions of <see cref="KeyPartitionType"/> in <see cref="KeyType"/>.</summary>
    public int[] PartitionKeyIndexes { get; }

    /// <summary>The positions of the bucket key in <see cref="KeyType"/>; none where a key does not tell its bucket.</summary>
    public int[] BucketKeyIndexes { get; }

    /// <summary>The function that tells a key's bucket, for one thread; null where a key does not.</summary>
    public BucketFunction? CreateBucketFunction() =>
        BucketKeyIndexes.Length == 0 ? null : BucketFunction.Create(_functionType, Schema.BucketKeyType);
}
