using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>Single rows of CLR values into a batch, and the checks of batches.</summary>
internal static class RowAppender
{
    /// <summary>Appends a +I row.</summary>
    /// <exception cref="PaimonException">Invalid: too few or many values, or one does not suit its column.</exception>
    public static void Upsert(ColumnBatch rows, ReadOnlySpan<object?> values) => Append(rows, values, RowKind.Insert);

    /// <summary>Appends a -D row of a whole row or of a key; the other columns of a key are NULL or zero.</summary>
    /// <exception cref="PaimonException">Invalid: too few or many values, or one does not suit its column.</exception>
    public static void Delete(ColumnBatch rows, TableSchema schema, ReadOnlySpan<object?> values)
    {
        if (values.Length == schema.Fields.Count)
        {
            Append(rows, values, RowKind.Delete);
            return;
        }

        if (values.Length != schema.PrimaryKeys.Count)
        {
            PaimonException.ThrowInvalid(
                $"A delete takes {schema.Fields.Count} values, or {schema.PrimaryKeys.Count} for the key; {values.Length} are given.");
        }

        if (!schema.PartitionKeys.All(schema.PrimaryKeys.Contains)
            && BucketModes.Of(schema, new TableOptions(schema.Options)) != BucketMode.CrossPartition)
        {
            PaimonException.ThrowInvalid(
                "The primary key does not tell the partition of the row to delete: give the values of the whole row.");
        }

        try
        {
            var keys = schema.IndexesOf(schema.PrimaryKeys);
            for (var i = 0; i < schema.Fields.Count; i++)
            {
                var key = Array.IndexOf(keys, i);
                if (key >= 0)
                {
                    ValueAppender.Append(rows.Columns[i], values[key]);
                }
                else
                {
                    AppendDefault(rows.Columns[i]);
                }
            }
        }
        catch (PaimonException)
        {
            rows.Truncate(rows.RowCount);
            throw;
        }

        rows.Kinds!.Append(RowKind.Delete);
        rows.EndRows(1);
    }

    /// <summary>Checks that a batch suits a schema.</summary>
    /// <exception cref="PaimonException">Invalid: other columns, or NULL in a NOT NULL column.</exception>
    public static void CheckBatch(ColumnBatch batch, TableSchema schema)
    {
        if (batch.Columns.Count != schema.Fields.Count)
        {
            PaimonException.ThrowInvalid($"The batch has {batch.Columns.Count} columns, the table {schema.Fields.Count}.");
        }

        for (var i = 0; i < batch.Columns.Count; i++)
        {
            var field = schema.Fields[i];
            var column = batch.Columns[i];
            if (!IsSameStorage(column.Type, field.Type))
            {
                PaimonException.ThrowInvalid($"Column '{field.Name}' is {field.Type}; the batch has {column.Type}.");
            }

            if (!field.Type.IsNullable && column.NullCount > 0)
            {
                PaimonException.ThrowInvalid($"Column '{field.Name}' is {field.Type}; the batch has NULL in it.");
            }
        }
    }

    private static bool IsSameStorage(DataType left, DataType right) =>
        left.EqualsIgnoringNullability(right)
        || (left.Root == right.Root && left is LengthType or ArrayType or MapType or MultisetType or RowType);

    private static void Append(ColumnBatch rows, ReadOnlySpan<object?> values, RowKind kind)
    {
        if (values.Length != rows.Columns.Count)
        {
            PaimonException.ThrowInvalid($"A row takes {rows.Columns.Count} values; {values.Length} are given.");
        }

        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                AppendValue(rows, i, values[i]);
            }
        }
        catch (PaimonException)
        {
            rows.Truncate(rows.RowCount);
            throw;
        }

        rows.Kinds!.Append(kind);
        rows.EndRows(1);
    }

    private static void AppendValue(ColumnBatch rows, int column, object? value)
    {
        try
        {
            ValueAppender.Append(rows.Columns[column], value);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
        {
            throw new PaimonException(e.Kind, $"Column '{rows.RowType.Fields[column].Name}': {e.Message}", e);
        }
    }

    private static void AppendDefault(ColumnVector column)
    {
        if (column.Type.IsNullable)
        {
            column.AppendNull();
            return;
        }

        switch (column)
        {
            case BooleanVector vector: vector.Append(false); break;
            case BinaryVector vector: vector.Append(ReadOnlySpan<byte>.Empty); break;
            case FixedVector<sbyte> vector: vector.Append(0); break;
            case FixedVector<short> vector: vector.Append(0); break;
            case FixedVector<int> vector: vector.Append(0); break;
            case FixedVector<long> vector: vector.Append(0); break;
            case FixedVector<float> vector: vector.Append(0); break;
            case FixedVector<double> vector: vector.Append(0); break;
            case FixedVector<Int128> vector: vector.Append(0); break;
            case FixedVector<NanoTimestamp> vector: vector.Append(default); break;
            case ListVector vector: vector.EndRow(); break;
            case MapVector vector: vector.EndRow(); break;
            default:
                throw new PaimonException(
                    ErrorKind.Invalid, $"A delete by key needs a value for the NOT NULL column of type {column.Type}.");
        }
    }
}
