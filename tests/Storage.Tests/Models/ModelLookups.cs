using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Looks keys up, those of a state and others, one by one and together; also with a lookup that is kept open.</summary>
internal sealed class ModelLookups(ModelShape shape, ModelRows rows, Random random) : IAsyncDisposable
{
    private const int KeysOfNobody = 28;

    private TableLookup? _open;
    private IReadOnlyList<ModelField>? _fields;

    /// <summary>Compares the newest snapshot's rows, with a lookup that is taken from snapshot to snapshot.</summary>
    public async Task CheckLatestAsync(Table table, ModelState state, IReadOnlyList<string> expected)
    {
        if (_open is null || !ReferenceEquals(_fields, state.Fields))
        {
            await DisposeAsync();
            (_open, _fields) = (await table.OpenLookupAsync(), state.Fields);
        }

        await _open.RefreshAsync();
        await CheckAsync(_open, state, expected);
        for (var call = 0; call < 2; call++)
        {
            // The first call of a table is a scan, the second one a lookup.
            var values = ValuesOf(state.Keys.Count == 0 ? 0 : state.Keys.ElementAt(random.Next(state.Keys.Count)).Key);
            var (own, theirs) = (await table.GetAsync(values, CancellationToken.None), await _open.GetAsync(values, CancellationToken.None));
            Assert.Equal(theirs is { } row ? TableKit.Text(row.Batch, row.Index) : null, own is { } other ? TableKit.Text(other.Batch, other.Index) : null);
        }
    }

    /// <summary>Compares the rows of a snapshot or a tag.</summary>
    public async Task CheckAsync(Table table, TableLookupOptions options, ModelState state, IReadOnlyList<string> expected)
    {
        await using var lookup = await table.OpenLookupAsync(options);
        await CheckAsync(lookup, state, expected);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _open?.DisposeAsync() ?? ValueTask.CompletedTask;

    private object[] ValuesOf(int key) => shape.HasPartitionInKey
        ? [ModelValues.Key(shape.PartitionType!, key % ModelRows.KeySpace), .. rows.KeyValues(key)]
        : rows.KeyValues(key);

    private async Task CheckAsync(TableLookup lookup, ModelState state, IReadOnlyList<string> expected)
    {
        var batch = new ColumnBatch(lookup.KeyType);
        var found = new List<string>();
        foreach (var key in state.Keys.Keys.Concat(Enumerable.Range(0, KeysOfNobody).Where(rows.IsKey)).Append(170).Distinct())
        {
            var values = ValuesOf(key);
            if (await lookup.GetAsync(values, CancellationToken.None) is { } row)
            {
                found.Add(TableKit.Text(row.Batch, row.Index));
            }

            for (var i = 0; i < values.Length; i++)
            {
                ValueAppender.Append(batch.Columns[i], values[i]);
            }

            batch.EndRows(1);
        }

        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
        var many = new ColumnBatch(lookup.RowType);
        var positions = new int[batch.RowCount];
        Assert.Equal(found.Count, await lookup.GetManyAsync(batch, many, positions));
        Assert.Equal(found, positions.Where(position => position >= 0).Select(position => TableKit.Text(many, position)));
    }
}
