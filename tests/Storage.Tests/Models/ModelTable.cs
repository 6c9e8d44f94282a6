using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Between the values of a model and those of a table.</summary>
internal sealed class ModelTable(ModelShape shape)
{
    private readonly ModelMerge _merge = new(shape);

    /// <summary>What decides about rows.</summary>
    public ModelRows Rules { get; } = new(shape, new ModelMerge(shape));

    /// <summary>Appends a row.</summary>
    public void Append(ColumnBatch batch, TableSchema schema, int key, ModelVersion version, IReadOnlyList<ModelField> fields)
    {
        var keys = Rules.KeyValues(key);
        for (var i = 0; i < schema.Fields.Count; i++)
        {
            var name = schema.Fields[i].Name;
            var value = name == "p" ? ModelValues.Partition(shape.PartitionType!, version.Partition)
                : name[0] == 'k' ? keys[name[1] - '0']
                : version.Values.GetValueOrDefault(fields.First(field => field.Name == name).Id);
            ValueAppender.Append(batch.Columns[i], value);
        }

        batch.Kinds?.Append(version.Kind);
        batch.EndRows(1);
    }

    /// <summary>The rows of a state.</summary>
    public ColumnBatch Rows(TableSchema schema, ModelState state)
    {
        var batch = new ColumnBatch(schema.RowType);
        foreach (var (key, versions) in state.Keys)
        {
            if (_merge.Merge(versions, state.Fields) is { } row)
            {
                Append(batch, schema, key, row, state.Fields);
            }
        }

        return batch;
    }

    /// <summary>Rows as texts, sorted.</summary>
    public static List<string> Texts(ColumnBatch rows) =>
        [.. Enumerable.Range(0, rows.RowCount).Select(row => TableKit.Text(rows, row)).Order(StringComparer.Ordinal)];
}
