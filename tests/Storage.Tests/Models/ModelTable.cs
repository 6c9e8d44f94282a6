using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Between the values of a model and those of a table.</summary>
internal sealed class ModelTable(ModelShape shape)
{
    private readonly ModelMerge _merge = new(shape);

    /// <summary>What decides about rows.</summary>
    public ModelRows Rows { get; } = new(shape, new ModelMerge(shape));

    /// <summary>Appends a row.</summary>
    public void Append(ColumnBatch batch, TableSchema schema, int key, ModelVersion version, IReadOnlyList<ModelField> fields)
    {
        var keys = Rows.KeyValues(key);
        for (var i = 0; i < schema.Fields.Count; i++)
        {
            var name = schema.Fields[i].Name;
            var value = name == "p" ? ModelValues.Key(shape.PartitionType!, version.Partition)
                : name[0] == 'k' ? keys[name[1] - '0']
                : version.Values.GetValueOrDefault(fields.First(field => field.Name == name).Id);
            ValueAppender.Append(batch.Columns[i], value);
        }

        batch.Kinds?.Append(version.Kind);
        batch.EndRows(1);
    }

    /// <summary>The rows of a state as texts, sorted.</summary>
    public List<string> Texts(TableSchema schema, ModelState state)
    {
        var batch = new ColumnBatch(schema.RowType);
        foreach (var (key, versions) in state.Keys)
        {
            if (_merge.Merge(versions, state.Fields) is { } row)
            {
                Append(batch, schema, key, row, state.Fields);
            }
        }

        return [.. Enumerable.Range(0, batch.RowCount).Select(row => TableKit.Text(batch, row)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The rows of a snapshot as looked up key by key, with keys among them that never were; sorted.</summary>
    public async Task<List<string>> LookUpAsync(TableLookup lookup, ModelState state)
    {
        var rows = new List<string>();
        foreach (var key in state.Keys.Keys.Append(170))
        {
            object[] values = shape.HasPartitionInKey
                ? [ModelValues.Key(shape.PartitionType!, key % 3), .. Rows.KeyValues(key)]
                : Rows.KeyValues(key);
            if (await lookup.GetAsync(values, CancellationToken.None) is { } row)
            {
                rows.Add(TableKit.Text(row.Batch, row.Index));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
