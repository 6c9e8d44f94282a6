using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The columns that tables with <c>row-tracking.enabled</c> have beside their own (docs/format.md#row-tracking).</summary>
internal static class RowTracking
{
    /// <summary>The column of row ids.</summary>
    public const string RowIdColumn = "_ROW_ID";

    private const int RowIdFieldId = int.MaxValue - 5;

    /// <summary>The field of row ids: NULL in a file stands for the file's first row id plus the row's position.</summary>
    public static DataField RowIdField { get; } = new(RowIdFieldId, RowIdColumn, DataTypes.BigInt);

    /// <summary>The field of sequence numbers: NULL in a file stands for the largest one of the file.</summary>
    public static DataField SequenceField { get; } = KeyValueLayout.SequenceField with { Type = DataTypes.BigInt };

    /// <summary>A schema with both columns after its own, which is what a read with row ids gives.</summary>
    /// <param name="schema">The table's schema.</param>
    public static TableSchema Extend(TableSchema schema) => new(
        schema.Id,
        [.. schema.Fields, RowIdField, SequenceField],
        schema.HighestFieldId,
        schema.PartitionKeys,
        schema.PrimaryKeys,
        schema.Options,
        schema.Comment,
        schema.TimeMillis)
    {
        Version = schema.Version,
    };

    /// <summary>The columns of a file: those that it was written with, and the two where they were written, too.</summary>
    /// <param name="schema">The columns of the schema that the file was written with.</param>
    /// <param name="writeColumns">The columns that it holds, null for all.</param>
    /// <param name="names">The names of the columns that are in the file.</param>
    public static RowType FileColumns(RowType schema, IReadOnlyList<string>? writeColumns, IReadOnlyList<string> names)
    {
        var isTracked = names.Contains(RowIdColumn);
        if (writeColumns is null && !isTracked)
        {
            return schema;
        }

        var tracked = isTracked ? new[] { RowIdField, SequenceField }.Where(field => names.Contains(field.Name)) : [];
        return new RowType([.. schema.Fields.Where(field => writeColumns?.Contains(field.Name) ?? true), .. tracked]);
    }

    /// <summary>True for the two columns.</summary>
    public static bool IsTracked(DataField field) => field.Id == RowIdFieldId || field.Id == KeyValueLayout.SequenceField.Id;

    /// <summary>True for the column of row ids.</summary>
    public static bool IsRowId(DataField field) => field.Id == RowIdFieldId;
}
