using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;
using SchemaChange = PaimonSharp.Storage.Tables.SchemaChange;

namespace PaimonSharp.Storage.Tests.Histories;

/// <summary>
/// A table on a disk that lives through random operations, and a model of every state that it should still show. All
/// randomness comes from one seed.
/// </summary>
internal sealed class TableHistory : IAsyncDisposable
{
    private const string Job = "history";

    private static readonly Identifier Name = new("db", "t");
    private static readonly DataType[] Types =
        [DataTypes.Int, DataTypes.BigInt, DataTypes.String, DataTypes.Boolean, DataTypes.Decimal(9, 2), DataTypes.Date];

    private readonly Random _random;
    private readonly int _seed;
    private readonly bool _hasKey;
    private readonly TempDirectory _folder = new("history");
    private readonly SortedDictionary<long, ModelState> _snapshots = [];
    private readonly SortedDictionary<string, (long Snapshot, ModelState State)> _tags = new(StringComparer.Ordinal);
    private readonly List<string> _operations = [];
    private Catalog? _catalog;
    private Table? _table;
    private TableWriter? _writer;
    private IReadOnlyList<ModelColumn> _writerColumns = [];
    private ModelState _now = new();
    private int _nextColumn;
    private int _nextTag;

    /// <summary>Makes nothing yet.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="hasKey">True for a primary key, false for a table that rows are only added to.</param>
    public TableHistory(int seed, bool hasKey)
    {
        _seed = seed;
        _random = new Random(seed);
        _hasKey = hasKey;
    }

    /// <summary>What was done, for the message of a failure.</summary>
    public string Operations => string.Join(", ", _operations);

    private Table Table => _table!;

    private bool IsPartitioned => Table.Schema.PartitionKeys.Count > 0;

    /// <summary>Makes the table.</summary>
    public async Task StartAsync()
    {
        _catalog = await Catalog.OpenAsync(_folder.Path, new StorageEnvironment(new LocalFileIO()) { Ids = new SeededIds(_seed) });
        var columns = new List<ModelColumn> { NewColumn("k", DataTypes.Int.NotNull()) with { IsFixed = true } };
        if (_random.Next(2) == 0)
        {
            columns.Add(NewColumn("p", DataTypes.Boolean.NotNull()) with { IsFixed = true });
        }

        for (var i = 1 + _random.Next(3); i > 0; i--)
        {
            columns.Add(NewColumn());
        }

        var definition = new TableDefinition
        {
            Columns = [.. columns.Select(column => new ColumnDefinition(column.Name, column.Type))],
            PartitionKeys = columns[1].IsFixed ? ["p"] : [],
            PrimaryKeys = !_hasKey ? [] : columns[1].IsFixed ? ["k", "p"] : ["k"],
        };
        await _catalog.CreateTableAsync(Name, WithOptions(definition));
        _now.Columns = columns;
        await OpenAsync();
    }

    /// <summary>Does one thing.</summary>
    public async Task StepAsync()
    {
        switch (_random.Next(24))
        {
            case < 8: await DoAsync("write", WriteAsync); break;
            case < 13: await DoAsync("commit", CommitAsync); break;
            case < 15: await DoAsync("compact", CompactAsync); break;
            case < 17: await DoAsync("alter", AlterAsync); break;
            case 17: await DoAsync("tag", TagAsync); break;
            case 18: await DoAsync("delete tag", DeleteTagAsync); break;
            case 19: await DoAsync("restart", RestartAsync); break;
            case 20: await DoAsync("expire", ExpireAsync); break;
            case 21: await DoAsync("roll back", RollBackAsync); break;
            case 22: await DoAsync("overwrite", OverwriteAsync); break;
            default: await DoAsync("clean", CleanAsync); break;
        }
    }

    /// <summary>Compares the newest state and one other with the model; all of them, also by the independent checker, when asked.</summary>
    public async Task CheckAsync(bool isThorough)
    {
        var table = await _catalog!.GetTableAsync(Name);
        if (_snapshots.Count > 0)
        {
            var newest = _snapshots.Last();
            Assert.Equal(newest.Key, (await table.LatestSnapshotAsync())!.Id);
            Assert.Equal(newest.Value.With(_now.Columns).Texts(), await TableKit.RowsAsync(table.NewScan()));
        }

        var some = _random.Next(Math.Max(1, _snapshots.Count));
        foreach (var (id, state) in isThorough ? _snapshots : _snapshots.Skip(some).Take(1))
        {
            Assert.Equal(state.Texts(), await TableKit.RowsAsync(table.NewScan().AsOfSnapshot(id)));
        }

        foreach (var (tag, kept) in isThorough ? _tags : [])
        {
            Assert.Equal(kept.State.Texts(), await TableKit.RowsAsync(table.NewScan().AsOfTag(tag)));
        }

        if (isThorough)
        {
            await PaimonCheck.AssertValidAsync(table.Path);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _folder.Dispose();
    }

    private ModelColumn NewColumn() => NewColumn($"c{_nextColumn}", Types[_random.Next(Types.Length)]);

    private ModelColumn NewColumn(string name, DataType type) => new(_nextColumn++, name, type);

    private TableDefinition WithOptions(TableDefinition definition)
    {
        definition = definition
            .Option("file.format", _random.Next(2) == 0 ? "parquet" : "avro")
            .Option("target-file-size", _random.Next(2) == 0 ? "1 kb" : "128 mb")
            .Option("write-buffer-size", _random.Next(3) == 0 ? "1 kb" : "256 mb")
            .Option("manifest.merge-min-count", $"{2 + _random.Next(4)}")
            .Option("compaction.min.file-num", $"{2 + _random.Next(4)}")
            .Option("num-sorted-run.compaction-trigger", $"{2 + _random.Next(4)}");
        if (_hasKey)
        {
            return definition.Option("bucket", $"{1 + _random.Next(3)}")
                .Option("changelog-producer", _random.Next(2) == 0 ? "none" : "input");
        }

        return _random.Next(2) == 0 ? definition : definition.Option("bucket", $"{1 + _random.Next(3)}").Option("bucket-key", "k");
    }

    private void Note(string detail) => _operations[^1] += $" {detail}";

    private async Task DoAsync(string operation, Func<Task> action)
    {
        _operations.Add(operation);
        await action();
    }

    private async Task OpenAsync()
    {
        _table = await _catalog!.GetTableAsync(Name);
        _writer = Table.NewWriter(Job);
        _writerColumns = _now.Columns;
    }

    // What was not committed is gone.
    private async Task CloseAsync()
    {
        await _writer!.DisposeAsync();
        _now = _snapshots.Count == 0 ? new ModelState { Columns = _now.Columns } : _snapshots.Last().Value.With(_now.Columns);
    }

    private async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    private Task WriteAsync() => WriteAsync(_writer!, _writerColumns, withRetracts: _hasKey, _random.Next(30));

    private async Task WriteAsync(TableWriter writer, IReadOnlyList<ModelColumn> columns, bool withRetracts, int rows)
    {
        var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
        for (var i = 0; i < rows; i++)
        {
            var kind = (RowKind)(withRetracts ? _random.Next(4) : _random.Next(2) * 2);
            var row = new Dictionary<int, string>();
            for (var column = 0; column < columns.Count; column++)
            {
                var (value, json) = columns[column].NewValue(_random);
                ValueAppender.Append(batch.Columns[column], value);
                row.Add(columns[column].Id, json);
            }

            batch.Kinds!.Append(kind);
            batch.EndRows(1);
            Apply(kind, columns, row);
        }

        await writer.WriteAsync(batch);
    }

    private void Apply(RowKind kind, IReadOnlyList<ModelColumn> columns, Dictionary<int, string> row)
    {
        if (!_hasKey)
        {
            _now.Add(row);
            return;
        }

        var key = string.Join('/', columns.Where(column => column.IsFixed).Select(column => row[column.Id]));
        if (kind.IsAdd())
        {
            _now.Put(key, row);
        }
        else
        {
            _now.Remove(key);
        }
    }

    private async Task CommitAsync() => Record(await _writer!.CommitAsync());

    private void Record(IReadOnlyList<TableSnapshot> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            Assert.Equal(_snapshots.Count == 0 ? 1 : _snapshots.Last().Key + 1, snapshot.Id);
            Note($"{snapshot.CommitKind} {snapshot.Id}");
            _snapshots.Add(snapshot.Id, _now.Copy());
        }
    }

    private async Task CompactAsync()
    {
        await _writer!.CompactAsync();
        await CommitAsync();
    }

    // The open writer is told at once, or goes on with the old schema until it is opened again.
    private async Task AlterAsync()
    {
        var (change, columns) = NewChange();
        var schema = await _catalog!.AlterTableAsync(Name, change);
        _now.Columns = columns;
        if (_random.Next(3) > 0)
        {
            await _writer!.ApplySchemaAsync(schema);
            _writerColumns = columns;
        }
    }

    private (SchemaChange Change, IReadOnlyList<ModelColumn> Columns) NewChange()
    {
        var columns = _now.Columns;
        var free = columns.Where(column => !column.IsFixed).ToList();
        var chosen = free.Count == 0 ? null : free[_random.Next(free.Count)];
        switch (_random.Next(chosen is null ? 2 : 5))
        {
            case 0:
                var size = $"{1 << _random.Next(8)} kb";
                return (new SchemaChange.SetOption("target-file-size", size), columns);
            case 2:
                return (new SchemaChange.DropColumn(chosen!.Name), [.. columns.Where(column => column != chosen)]);
            case 3:
                var name = $"r{_nextColumn++}";
                return (
                    new SchemaChange.RenameColumn([chosen!.Name], name),
                    [.. columns.Select(column => column == chosen ? column with { Name = name } : column)]);
            case 4 when chosen!.Type.Root == TypeRoot.Int:
                return (
                    new SchemaChange.UpdateColumnType([chosen.Name], DataTypes.BigInt),
                    [.. columns.Select(column => column == chosen ? column with { Type = DataTypes.BigInt } : column)]);
            default:
                // A name that was used before is another column now.
                var added = NewColumn();
                var used = $"c{_random.Next(_nextColumn)}";
                added = columns.Any(column => column.Name == used) ? added : added with { Name = used };
                return (new SchemaChange.AddColumn(added.Name, added.Type), [.. columns, added]);
        }
    }

    // As in Paimon, a tag does not keep the changelog of its snapshot; the checker asks for all that a tag names.
    private async Task TagAsync()
    {
        if (_snapshots.Count > 0 && Table.Options.GetString("changelog-producer", "none") == "none")
        {
            var (id, state) = _snapshots.ElementAt(_random.Next(_snapshots.Count));
            var tag = $"tag{_nextTag++}";
            Note($"{tag} at {id}");
            await Table.Tags.CreateAsync(tag, id);
            _tags.Add(tag, (id, state));
        }
    }

    private async Task DeleteTagAsync()
    {
        if (_tags.Count > 0)
        {
            var tag = _tags.ElementAt(_random.Next(_tags.Count)).Key;
            Note(tag);
            await Table.Tags.DeleteAsync(tag);
            _tags.Remove(tag);
        }
    }

    private async Task ExpireAsync()
    {
        var min = 1 + _random.Next(3);
        var retention = new SnapshotRetention
        {
            MinSnapshots = min,
            MaxSnapshots = min + _random.Next(3),
            TimeRetained = TimeSpan.Zero,
        };
        var removed = await Table.Maintenance.ExpireSnapshotsAsync(retention);
        Assert.InRange(removed, 0, Math.Max(0, _snapshots.Count - min));
        Note($"{removed}");
        foreach (var id in _snapshots.Keys.Take(removed).ToList())
        {
            _snapshots.Remove(id);
        }

        Assert.Equal(_snapshots.Keys, (await Table.SnapshotsAsync()).Select(snapshot => snapshot.Id));
    }

    private async Task RollBackAsync()
    {
        if (_snapshots.Count == 0)
        {
            return;
        }

        await _writer!.DisposeAsync();
        long target;
        if (_tags.Count > 0 && _random.Next(2) == 0)
        {
            var (tag, kept) = _tags.ElementAt(_random.Next(_tags.Count));
            Note($"to {tag} at {kept.Snapshot}");
            await Table.Maintenance.RollBackToTagAsync(tag);
            target = kept.Snapshot;
            _snapshots[target] = kept.State;
        }
        else
        {
            target = _snapshots.ElementAt(_random.Next(_snapshots.Count)).Key;
            Note($"to {target}");
            await Table.Maintenance.RollBackToSnapshotAsync(target);
        }

        foreach (var id in _snapshots.Keys.Where(id => id > target).ToList())
        {
            _snapshots.Remove(id);
        }

        foreach (var tag in _tags.Where(tag => tag.Value.Snapshot > target).Select(tag => tag.Key).ToList())
        {
            _tags.Remove(tag);
        }

        _now = _snapshots[target].With(_now.Columns);
        await OpenAsync();
    }

    private async Task OverwriteAsync()
    {
        await CloseAsync();
        _table = await _catalog!.GetTableAsync(Name);
        if (_random.Next(3) == 0)
        {
            _now.RemoveWhere(_ => true);
            Record([await Table.TruncateAsync()]);
        }
        else
        {
            await using var writer = Table.NewOverwriter();
            var before = _now.Copy();
            _now.RemoveWhere(_ => true);
            await WriteAsync(writer, _now.Columns, withRetracts: false, _random.Next(10));
            var written = _now;
            if (IsPartitioned)
            {
                var column = _now.Columns[1].Id;
                var partitions = written.Rows.Select(row => row[column]).ToHashSet();
                before.RemoveWhere(row => partitions.Contains(row[column]));
                written.AddAll(before);
            }

            Record(await writer.CommitAsync());
        }

        await OpenAsync();
    }

    private async Task CleanAsync()
    {
        await CloseAsync();
        await Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        var again = await Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true);
        Assert.Empty(again.Paths);
        await OpenAsync();
    }
}
