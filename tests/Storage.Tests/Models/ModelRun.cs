using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using SchemaChange = PaimonSharp.Storage.Tables.SchemaChange;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Plays a case on a table and checks the laws after every commit.</summary>
internal sealed class ModelRun
{
    private static readonly Identifier Name = new("db", "t");

    private readonly ModelCase _case;
    private readonly Catalog _catalog;
    private readonly ModelTable _model;
    private readonly ModelMerge _merge;
    private readonly ModelChangelog _changelog;
    private readonly SortedDictionary<long, ModelState> _snapshots = [];
    private readonly SortedDictionary<string, ModelState> _tags = new(StringComparer.Ordinal);
    private readonly HashSet<int> _freshKeys = [];
    private readonly Queue<(PreparedCommit Commit, ModelState State)> _prepared = [];
    private readonly List<string> _inputs = [];
    private Table _table = null!;
    private TableWriter _writer = null!;
    private ModelState _committed;
    private ModelState _visible;
    private ModelState _now;
    private IReadOnlyList<ModelField> _writerFields;
    private int _nextField;
    private bool _hasExpired;
    private bool _hasNewColumns;
    private bool _hasInputsOfOthers;

    /// <summary>Prepares a run.</summary>
    /// <param name="case">What to do.</param>
    /// <param name="catalog">Where; empty.</param>
    public ModelRun(ModelCase @case, Catalog catalog)
    {
        _case = @case;
        _catalog = catalog;
        _model = new ModelTable(Shape);
        _merge = new ModelMerge(Shape);
        _changelog = new ModelChangelog(Shape);
        _nextField = 100;
        _writerFields = Shape.Fields;
        _now = _committed = _visible = new ModelState(Shape.Fields);
    }

    private ModelShape Shape => _case.Shape;

    // Rows that wait for their buckets are not read.
    private ModelState Shown => Shape.Buckets == ModelBuckets.Postponed ? _visible : _committed;

    /// <summary>Plays all steps, compacts at the end and checks everything that is left.</summary>
    /// <returns>The table.</returns>
    public async Task<Table> PlayAsync()
    {
        await _catalog.CreateTableAsync(Name, Shape.Definition);
        await OpenAsync();
        try
        {
            foreach (var operation in _case.Operations)
            {
                await PlayAsync(operation);
            }

            await CommitAsync();
            await CompactBesideAsync(isFull: true, isJob: false);
            await CheckLatestAsync(isCompacted: true);
            await CheckAllAsync();
        }
        finally
        {
            await _writer.DisposeAsync();
        }

        return await _catalog.GetTableAsync(Name);
    }

    private Task PlayAsync(ModelOperation operation) => operation switch
    {
        ModelOperation.Write write => WriteAsync(write.Rows),
        ModelOperation.Commit => CommitAsync(),
        ModelOperation.Prepare => PrepareAsync(),
        ModelOperation.Compact { IsFull: var isFull } => CompactAsync(isFull),
        ModelOperation.CompactBeside { IsFull: var isFull, IsJob: var isJob } => CompactBesideAsync(isFull, isJob),
        ModelOperation.WriteBeside write => WriteBesideAsync(write.Rows),
        ModelOperation.Restart { IsPrepared: var isPrepared } => RestartAsync(isPrepared),
        ModelOperation.Expire { Kept: var kept } => ExpireAsync(kept),
        ModelOperation.Tag { Snapshot: var snapshot } => TagAsync(snapshot),
        ModelOperation.Alter { Seed: var seed } => AlterAsync(new Random(seed)),
        ModelOperation.Look { Snapshot: var snapshot } => LookAsync(snapshot),
        _ => throw new InvalidOperationException($"{operation} is not known."),
    };

    private async Task OpenAsync()
    {
        _table = await _catalog.GetTableAsync(Name);
        _writer = _table.NewWriter("model");
        _writerFields = _now.Fields;
    }

    private async Task WriteAsync(IReadOnlyList<ModelRowInput> rows)
    {
        var batch = new ColumnBatch(_writer.Schema.RowType, withKinds: true);
        foreach (var input in rows)
        {
            var key = _model.Rows.KeyOf(input);
            if (_model.Rows.Next(input, _now, _freshKeys.Contains(key), _writerFields) is { } version)
            {
                _freshKeys.Add(key);
                _model.Append(batch, _writer.Schema, key, version, _writerFields);
                if (!_merge.IsFiltered(version.Kind))
                {
                    _now = _now.Add(key, version);
                    _inputs.Add($"{version.Kind.ToShortText()} {TableKit.Text(batch, batch.RowCount - 1)}");
                }
            }
        }

        await _writer.WriteAsync(batch);
    }

    private async Task PrepareAsync()
    {
        _prepared.Enqueue((await _writer.PrepareCommitAsync(), _now));
        _freshKeys.Clear();
    }

    private async Task CommitAsync()
    {
        await PrepareAsync();
        while (_prepared.TryDequeue(out var prepared))
        {
            _committed = prepared.State;
            Record(await _writer.CommitPreparedAsync(prepared.Commit));
        }

        await CheckLatestAsync(isInput: true);
    }

    private void Record(IReadOnlyList<TableSnapshot> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            Assert.Equal(_snapshots.Count == 0 ? 1 : _snapshots.Keys.Last() + 1, snapshot.Id);
            _snapshots.Add(snapshot.Id, Shown with { Fields = _now.Fields });
        }
    }

    private async Task CompactAsync(bool isFull)
    {
        if (!Shape.IsWriteOnly && Shape.Buckets != ModelBuckets.Postponed)
        {
            await _writer.CompactAsync(isFull);
            await CommitAsync();
        }
    }

    private async Task CompactBesideAsync(bool isFull, bool isJob)
    {
        var table = await _catalog.GetTableAsync(Name, new Dictionary<string, string> { ["write-only"] = "false" });
        if (Shape.Buckets == ModelBuckets.Postponed)
        {
            await table.CompactPostponedAsync("compactor");
            _visible = _committed;
        }
        else if (isJob)
        {
            await table.NewCompactor(new CompactJobOptions { IsFull = isFull, CommitUser = "compactor" }).RunAsync();
        }
        else
        {
            await using var writer = table.NewWriter("compactor");
            await writer.CompactAsync(isFull);
            await writer.CommitAsync();
        }

        await RecordOthersAsync();
        await CheckLatestAsync();
    }

    // The writer numbers rows on from what it read: rows of the same keys would be older or newer by chance (fact 48).
    private async Task WriteBesideAsync(IReadOnlyList<ModelRowInput> rows)
    {
        var table = await _catalog.GetTableAsync(Name);
        await using var writer = table.NewWriter("other");
        var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
        var keys = new HashSet<int>();
        foreach (var input in rows)
        {
            var other = input with { Key = input.Key + ModelRows.KeysOfWriter };
            var key = _model.Rows.KeyOf(other);
            if (_model.Rows.Next(other, _now, keys.Contains(key), _now.Fields) is { } version)
            {
                keys.Add(key);
                _model.Append(batch, writer.Schema, key, version, _now.Fields);
                if (!_merge.IsFiltered(version.Kind))
                {
                    Committed(state => state.Add(key, version));
                }
            }
        }

        await writer.WriteAsync(batch);
        await writer.CommitAsync();
        await RecordOthersAsync();
        _hasInputsOfOthers = true;
        await CheckLatestAsync();
    }

    private void Committed(Func<ModelState, ModelState> change)
    {
        _now = change(_now);
        _committed = change(_committed);
        for (var i = _prepared.Count; i > 0; i--)
        {
            var (commit, state) = _prepared.Dequeue();
            _prepared.Enqueue((commit, change(state)));
        }
    }

    private async Task RecordOthersAsync()
    {
        var last = _snapshots.Count == 0 ? 0 : _snapshots.Keys.Last();
        Record([.. (await _table.SnapshotsAsync()).Where(snapshot => snapshot.Id > last)]);
    }

    // What was not committed is gone.
    private async Task RestartAsync(bool isPrepared)
    {
        if (isPrepared)
        {
            await _writer.PrepareCommitAsync();
        }

        await _writer.DisposeAsync();
        _prepared.Clear();
        _freshKeys.Clear();
        _inputs.Clear();
        _now = _committed with { Fields = _now.Fields };
        await OpenAsync();
    }

    private async Task ExpireAsync(int kept)
    {
        if (Shape.Producer != "none")
        {
            // What expires before it was followed is lost to a reader.
            await _changelog.FollowAsync(await _catalog.GetTableAsync(Name));
        }

        var retention = new SnapshotRetention { MinSnapshots = kept, MaxSnapshots = kept, TimeRetained = TimeSpan.Zero };
        var removed = await _table.Maintenance.ExpireSnapshotsAsync(retention);
        Assert.Equal(Math.Max(0, _snapshots.Count - kept), removed);
        _hasExpired |= removed > 0;
        foreach (var id in _snapshots.Keys.Take(removed).ToList())
        {
            _snapshots.Remove(id);
        }
    }

    // As in Paimon a tag does not keep the changelog of its snapshot, which a checker misses.
    private async Task TagAsync(int snapshot)
    {
        if (_snapshots.Count > 0 && Shape.Producer == "none")
        {
            var (id, state) = _snapshots.ElementAt(snapshot % _snapshots.Count);
            var tag = $"tag{_tags.Count}";
            await _table.Tags.CreateAsync(tag, id);
            _tags.Add(tag, state);
        }
    }

    // The open writer is told at once, or goes on with the old schema until it is opened again.
    private async Task AlterAsync(Random random)
    {
        var (change, fields) = NewChange(random);
        var schema = await _catalog.AlterTableAsync(Name, change);
        _now = _now with { Fields = fields };
        _committed = _committed with { Fields = fields };
        _visible = _visible with { Fields = fields };
        if (random.Next(3) > 0)
        {
            await _writer.ApplySchemaAsync(schema);
            _writerFields = fields;
        }

        _hasNewColumns = true;
        _changelog.Restart(_hasExpired);
        if (Shape.Producer != "none")
        {
            await _changelog.FollowAsync(await _catalog.GetTableAsync(Name));
        }
    }

    private (SchemaChange Change, IReadOnlyList<ModelField> Fields) NewChange(Random random)
    {
        var fields = _now.Fields;
        var free = fields.Where(field => field.IsFree).ToList();
        var chosen = free.Count == 0 ? null : free[random.Next(free.Count)];
        switch (random.Next(chosen is null ? 2 : 5))
        {
            case 0 when Shape is not { Engine: "aggregation", Retracts: RetractRule.OfPresentKeys }
                && !(Shape.Engine == "aggregation" && Shape.HasSequence && !Shape.IsMonotone):
                var added = new ModelField(_nextField, $"n{_nextField++}", random.Next(2) == 0 ? DataTypes.Int : DataTypes.String);
                return (new SchemaChange.AddColumn(added.Name, added.Type), [.. fields, added]);
            case 2:
                return (new SchemaChange.DropColumn(chosen!.Name), [.. fields.Where(field => field != chosen)]);
            case 3:
                var name = $"r{_nextField++}";
                return (
                    new SchemaChange.RenameColumn([chosen!.Name], name),
                    [.. fields.Select(field => field == chosen ? field with { Name = name } : field)]);
            case 4 when chosen!.Type.Root == TypeRoot.Int:
                var type = chosen.Type.IsNullable ? DataTypes.BigInt : DataTypes.BigInt.NotNull();
                return (
                    new SchemaChange.UpdateColumnType([chosen.Name], type),
                    [.. fields.Select(field => field == chosen ? field with { Type = type } : field)]);
            default:
                // With the trigger the number of levels changes, and what was at the highest one, so that a full compaction had
                // told of it, is not any more.
                var option = Shape.Producer == "full-compaction" ? "target-file-size" : "num-sorted-run.compaction-trigger";
                return (new SchemaChange.SetOption(option, $"{2 + random.Next(4)}"), fields);
        }
    }

    private async Task LookAsync(int number)
    {
        if (_snapshots.Count > 0)
        {
            var (id, state) = _snapshots.ElementAt(number % _snapshots.Count);
            await CheckSnapshotAsync(id, state);
        }
    }

    private async Task CheckLatestAsync(bool isCompacted = false, bool isInput = false)
    {
        _table = await _catalog.GetTableAsync(Name);
        if (_snapshots.Count == 0)
        {
            return;
        }

        var expected = _model.Texts(_table.Schema, Shown with { Fields = _now.Fields });
        var files = await _table.FilesAsync();
        var hasLevelZero = files.Any(file => file.Level == 0);
        Assert.False(isCompacted && hasLevelZero && Shape.Buckets != ModelBuckets.Postponed, "level 0 is not empty after a full compaction");
        if (Shape.HidesLevelZero)
        {
            Assert.Equal(expected, await TableKit.RowsAsync(_table.NewScan().AllLevels()));
        }

        if (!Shape.HidesLevelZero || !hasLevelZero)
        {
            Assert.Equal(expected, await TableKit.RowsAsync(_table.NewScan()));
        }

        await CheckChangelogAsync(expected, isVisible: Shape.Producer == "lookup" ? !hasLevelZero : isCompacted, isInput);
    }

    private async Task CheckChangelogAsync(List<string> expected, bool isVisible, bool isInput)
    {
        if (Shape.Producer == "none" || (Shape.Producer == "input" && !isInput))
        {
            return;
        }

        var changes = await _changelog.FollowAsync(_table);
        if (!_changelog.IsKnown)
        {
            return;
        }

        if (Shape.Producer == "input")
        {
            CheckInput(changes, expected);
            _inputs.Clear();
            _hasInputsOfOthers = false;
            _hasNewColumns = !ReferenceEquals(_writerFields, _now.Fields);
        }
        else if (isVisible)
        {
            Assert.Equal(expected, _changelog.Rows);
        }
    }

    // A key that moves gets a change more, and changes of two partitions have no order; nor has an order of fields that of changes.
    private void CheckInput(IReadOnlyList<string> changes, List<string> expected)
    {
        if (Shape.Buckets == ModelBuckets.CrossPartition)
        {
            return;
        }

        if (!_hasNewColumns && !_hasInputsOfOthers)
        {
            Assert.Equal(_inputs.Order(StringComparer.Ordinal), changes.Order(StringComparer.Ordinal));
        }

        if (Shape is { Engine: "deduplicate", HasSequence: false })
        {
            Assert.Equal(expected, _changelog.Rows);
        }
    }

    private async Task CheckSnapshotAsync(long id, ModelState state)
    {
        var schema = await SchemaOfAsync(id);
        var expected = _model.Texts(schema, state);
        var isVisible = !Shape.HidesLevelZero || (await _table.FilesAsync(id)).All(file => file.Level > 0);
        if (Shape.HidesLevelZero)
        {
            Assert.Equal(expected, await TableKit.RowsAsync(_table.NewScan().AsOfSnapshot(id).AllLevels()));
        }

        var rows = await TableKit.RowsAsync(_table.NewScan().AsOfSnapshot(id));
        if (isVisible)
        {
            Assert.Equal(expected, rows);
        }

        // A key that moved is shown twice while its delete is hidden at level 0.
        if (!isVisible && Shape.Buckets == ModelBuckets.CrossPartition)
        {
            return;
        }

        await using var lookup = await _table.OpenLookupAsync(new TableLookupOptions { SnapshotId = id });
        Assert.Equal(rows, await _model.LookUpAsync(lookup, state));
    }

    private async Task<Data.Schemas.TableSchema> SchemaOfAsync(long id)
    {
        var snapshot = (await _table.SnapshotsAsync()).First(candidate => candidate.Id == id);
        return await _table.Store.Schemas.ReadAsync(snapshot.SchemaId, CancellationToken.None);
    }

    private async Task CheckAllAsync()
    {
        Assert.Equal(_snapshots.Keys, (await _table.SnapshotsAsync()).Select(snapshot => snapshot.Id));
        foreach (var (id, state) in _snapshots)
        {
            await CheckSnapshotAsync(id, state);
        }

        foreach (var (tag, state) in _tags)
        {
            var schemaId = (await _table.Tags.ListAsync()).First(candidate => candidate.Name == tag).Snapshot.SchemaId;
            var schema = await _table.Store.Schemas.ReadAsync(schemaId, CancellationToken.None);
            if (!Shape.HidesLevelZero)
            {
                Assert.Equal(_model.Texts(schema, state), await TableKit.RowsAsync(_table.NewScan().AsOfTag(tag)));
            }
            else
            {
                Assert.Equal(_model.Texts(schema, state), await TableKit.RowsAsync(_table.NewScan().AsOfTag(tag).AllLevels()));
            }
        }
    }
}
