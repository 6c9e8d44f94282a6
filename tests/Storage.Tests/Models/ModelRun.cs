using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Plays a case on a table and checks the laws after every commit.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Playing the case ends with it.")]
internal sealed class ModelRun
{
    private const string User = "model";

    private static readonly Identifier Name = new("db", "t");

    private readonly ModelCase _case;
    private readonly Catalog _catalog;
    private readonly ModelTable _model;
    private readonly ModelMerge _merge;
    private readonly ModelInputs _inputs;
    private readonly ModelSchemaChanges _changes;
    private readonly ModelChecks _checks;
    private readonly bool _isChecked;
    private readonly SortedDictionary<long, ModelState> _snapshots = [];
    private readonly SortedDictionary<string, (long Snapshot, ModelState State)> _tags = new(StringComparer.Ordinal);
    private readonly Queue<(PreparedCommit Commit, ModelState State)> _prepared = [];
    private Table _table = null!;
    private TableWriter _writer = null!;
    private ModelState _committed;
    private ModelState _visible;
    private ModelState _now;
    private IReadOnlyList<ModelField> _writerFields;
    private int _nextTag;
    private bool _hasExpired;
    private bool _hasOthers;

    /// <summary>Prepares a run.</summary>
    /// <param name="case">What to do.</param>
    /// <param name="catalog">Where; empty.</param>
    /// <param name="isChecked">True when a checker reads the table afterwards, which misses changelogs that have expired.</param>
    public ModelRun(ModelCase @case, Catalog catalog, bool isChecked = false)
    {
        _case = @case;
        _catalog = catalog;
        _model = new ModelTable(Shape);
        _merge = new ModelMerge(Shape);
        _inputs = new ModelInputs(Shape, _model);
        _changes = new ModelSchemaChanges(Shape);
        _checks = new ModelChecks(@case, _model, _inputs);
        _isChecked = isChecked;
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
            await CompactBesideAsync(isFull: true, isJob: Shape.Buckets == ModelBuckets.Postponed);
            await CheckLatestAsync(isCompacted: true);
            await CheckAllAsync();
        }
        finally
        {
            await _writer.DisposeAsync();
            await _checks.DisposeAsync();
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
        ModelOperation.CompactPart { File: var file, IsFull: var isFull, IsJob: var isJob } => CompactPartAsync(file, isFull, isJob),
        ModelOperation.WriteBeside write => WriteBesideAsync(write.Rows),
        ModelOperation.Restart { IsPrepared: var isPrepared } => RestartAsync(isPrepared),
        ModelOperation.Expire { Kept: var kept } => ExpireAsync(kept),
        ModelOperation.Tag { Snapshot: var snapshot } => TagAsync(snapshot),
        ModelOperation.Untag { Number: var number } => UntagAsync(number),
        ModelOperation.Recover => RecoverAsync(),
        ModelOperation.Clean { Snapshot: var snapshot } => CleanAsync(snapshot),
        ModelOperation.Overwrite { Rows: var rows, IsTruncate: var isTruncate } => OverwriteAsync(rows, isTruncate),
        ModelOperation.RollBack { Snapshot: var snapshot } => RollBackAsync(snapshot),
        ModelOperation.Alter { Seed: var seed } => AlterAsync(new Random(seed)),
        ModelOperation.Look { Snapshot: var snapshot } => LookAsync(snapshot),
        _ => throw new InvalidOperationException($"{operation} is not known."),
    };

    private async Task OpenAsync()
    {
        _table = await _catalog.GetTableAsync(Name);
        _writer = _table.NewWriter(User);
        _writerFields = _now.Fields;
        _inputs.Open(_committed);
        _hasOthers &= _snapshots.Count > 0 && (await _table.FilesAsync()).Any(file => file.Level == 0);
    }

    // What was not committed is gone.
    private async Task CloseAsync()
    {
        await _writer.DisposeAsync();
        _prepared.Clear();
        _now = _committed with { Fields = _now.Fields };
    }

    private async Task WriteAsync(IReadOnlyList<ModelRowInput> rows)
    {
        var batch = new ColumnBatch(_writer.Schema.RowType, withKinds: true);
        foreach (var input in rows)
        {
            var key = _model.Rules.KeyOf(input);
            if (_model.Rules.Next(input, _now, _writerFields) is { } version)
            {
                _model.Append(batch, _writer.Schema, key, version, _writerFields);
                if (!_merge.IsFiltered(version.Kind))
                {
                    _now = _now.Add(key, version);
                    _inputs.Write(_writer.Schema, key, version, _writerFields);
                }
            }
        }

        await _writer.WriteAsync(batch);
    }

    private async Task PrepareAsync()
    {
        _prepared.Enqueue((await _writer.PrepareCommitAsync(), _now));
        _inputs.Prepare();
    }

    private async Task CommitAsync()
    {
        await PrepareAsync();
        while (_prepared.TryDequeue(out var prepared))
        {
            _committed = prepared.State;
            _inputs.Commit();
            Record(await _writer.CommitPreparedAsync(prepared.Commit));
        }

        await CheckLatestAsync();
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
        _hasOthers = true;
        if (Shape.Buckets == ModelBuckets.Postponed)
        {
            _visible = _committed;
            _inputs.Show();
        }

        if (isJob)
        {
            await table.NewCompactor(new CompactJobOptions { IsFull = isFull, CommitUser = "compactor" }).RunAsync();
        }
        else if (Shape.Buckets == ModelBuckets.Postponed)
        {
            await table.CompactPostponedAsync("compactor");
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

    private async Task CompactPartAsync(int number, bool isFull, bool isJob)
    {
        var table = await _catalog.GetTableAsync(Name, new Dictionary<string, string> { ["write-only"] = "false" });
        var files = _snapshots.Count == 0 || Shape.Buckets == ModelBuckets.Postponed ? [] : await table.FilesAsync();
        if (files.Count == 0)
        {
            return;
        }

        _hasOthers = true;
        var file = files[number % files.Count];
        var partition = Shape.PartitionType is null
            ? []
            : new Dictionary<string, string> { ["p"] = Uri.UnescapeDataString(file.Partition["p=".Length..]) };
        if (isJob)
        {
            var options = new CompactJobOptions { IsFull = isFull, CommitUser = "compactor", Partitions = Shape.PartitionType is null ? [] : [partition] };
            await table.NewCompactor(options).RunAsync();
        }
        else
        {
            await using var writer = table.NewWriter("compactor");
            await writer.CompactBucketAsync(partition, file.Bucket, isFull);
            await writer.CommitAsync();
        }

        await RecordOthersAsync();
        await CheckLatestAsync();

        // An empty text has the folder of NULL, and is not told from it by a text.
        var left = (await _table.FilesAsync()).Where(other => other.Partition == file.Partition && other.Bucket == file.Bucket);
        Assert.False(
            isFull && left.Any(other => other.Level == 0) && !file.Partition.Contains("__DEFAULT", StringComparison.Ordinal),
            "a full compaction of a bucket left something at level 0");
    }

    // The writer numbers rows on from what it read: rows of the same keys would be older or newer by chance (fact 48).
    private async Task WriteBesideAsync(IReadOnlyList<ModelRowInput> rows)
    {
        var table = await _catalog.GetTableAsync(Name);
        await using var writer = table.NewWriter("other");
        var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
        foreach (var input in rows)
        {
            var other = input with { Key = input.Key + ModelRows.KeysOfWriter };
            var key = _model.Rules.KeyOf(other);
            if (_model.Rules.Next(other, _now, _now.Fields) is { } version)
            {
                _model.Append(batch, writer.Schema, key, version, _now.Fields);
                if (!_merge.IsFiltered(version.Kind))
                {
                    Committed(state => state.Add(key, version));
                    _inputs.WriteBeside(writer.Schema, key, version, _now.Fields);
                }
            }
        }

        await writer.WriteAsync(batch);
        await writer.CommitAsync();
        await RecordOthersAsync();
        _hasOthers = true;
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

    private async Task RestartAsync(bool isPrepared)
    {
        if (isPrepared)
        {
            await _writer.PrepareCommitAsync();
        }

        await CloseAsync();
        await OpenAsync();
    }

    // A crash after the first half of commits: the files are there, and it is known which they are.
    private async Task RecoverAsync()
    {
        await PrepareAsync();
        var prepared = _prepared.ToList();
        foreach (var (commit, _) in prepared)
        {
            _writer.HandOver(commit);
        }

        await _writer.DisposeAsync();
        _prepared.Clear();
        var number = (await _table.LatestSnapshotOfUserAsync(User))?.CommitIdentifier ?? 0;
        foreach (var (commit, state) in prepared)
        {
            _committed = state;
            _inputs.Commit();
            await _table.RecoverAsync(User, [new RecoveredCommit(++number, commit)]);
            await RecordOthersAsync();
        }

        _hasOthers = true;
        await OpenAsync();
        await CheckLatestAsync();
    }

    private async Task CleanAsync(int snapshot)
    {
        await CloseAsync();
        await _table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        await OpenAsync();
        await LookAsync(snapshot);
    }

    // Streams leave overwrites out, so that their changes do not lead to the state.
    private async Task OverwriteAsync(IReadOnlyList<ModelRowInput> rows, bool isTruncate)
    {
        if (rows.Count == 0 || Shape.Producer != "none" || Shape.Buckets is ModelBuckets.CrossPartition or ModelBuckets.Postponed)
        {
            return;
        }

        await CloseAsync();
        _table = await _catalog.GetTableAsync(Name);
        var state = new ModelState(_now.Fields);
        if (isTruncate)
        {
            (_now, _committed) = (state, state);
            await _table.TruncateAsync();
        }
        else
        {
            await using var writer = _table.NewOverwriter();
            var batch = new ColumnBatch(writer.Schema.RowType, withKinds: true);
            foreach (var input in rows)
            {
                var key = _model.Rules.KeyOf(input);
                if (_model.Rules.Next(input with { Kind = RowKind.Insert }, state, _now.Fields) is { } version)
                {
                    _model.Append(batch, writer.Schema, key, version, _now.Fields);
                    state = state.Add(key, version);
                }
            }

            var partitions = state.Keys.Values.Select(versions => versions[0].Partition).ToHashSet();
            foreach (var (key, versions) in _now.Keys)
            {
                state = partitions.Contains(versions[0].Partition) ? state : versions.Aggregate(state, (kept, version) => kept.Add(key, version));
            }

            (_now, _committed) = (state, state);
            await writer.WriteAsync(batch);
            await writer.CommitAsync();
        }

        await RecordOthersAsync();
        _hasOthers = true;
        await OpenAsync();
        await CheckLatestAsync();
    }

    // A changelog of which a part has expired cannot be followed anew.
    private async Task RollBackAsync(int number)
    {
        if (_snapshots.Count == 0 || Shape.Buckets == ModelBuckets.Postponed || (_hasExpired && Shape.Producer != "none"))
        {
            return;
        }

        await CloseAsync();
        var (target, state) = _snapshots.ElementAt(number % _snapshots.Count);
        await _table.Maintenance.RollBackToSnapshotAsync(target);
        foreach (var id in _snapshots.Keys.Where(id => id > target).ToList())
        {
            _snapshots.Remove(id);
        }

        foreach (var tag in _tags.Where(tag => tag.Value.Snapshot > target).Select(tag => tag.Key).ToList())
        {
            _tags.Remove(tag);
        }

        _now = _committed = _visible = state with { Fields = _now.Fields };
        _hasOthers = true;
        await OpenAsync();
        await _checks.RestartAsync(_table, _hasExpired);
        await CheckLatestAsync();
    }

    private async Task ExpireAsync(int kept)
    {
        var retention = new SnapshotRetention
        {
            MinSnapshots = kept,
            MaxSnapshots = kept,
            TimeRetained = TimeSpan.Zero,
            MaxChangelogs = Shape.KeepsChanges ? 1000 : null,
            ChangelogTimeRetained = Shape.KeepsChanges ? TimeSpan.FromDays(10) : null,
        };
        var removed = await _table.Maintenance.ExpireSnapshotsAsync(retention);
        Assert.Equal(Math.Max(0, _snapshots.Count - kept), removed);
        _hasExpired |= removed > 0 && !Shape.KeepsChanges;
        foreach (var id in _snapshots.Keys.Take(removed).ToList())
        {
            _snapshots.Remove(id);
        }
    }

    // As in Paimon a tag does not keep the changelog of its snapshot, which a checker misses.
    private async Task TagAsync(int snapshot)
    {
        if (_snapshots.Count > 0 && (!_isChecked || Shape.Producer == "none"))
        {
            var (id, state) = _snapshots.ElementAt(snapshot % _snapshots.Count);
            var tag = $"tag{_nextTag++}";
            await _table.Tags.CreateAsync(tag, id);
            _tags.Add(tag, (id, state));
        }
    }

    private async Task UntagAsync(int number)
    {
        if (_tags.Count > 0)
        {
            var tag = _tags.ElementAt(number % _tags.Count).Key;
            await _table.Tags.DeleteAsync(tag);
            _tags.Remove(tag);
        }
    }

    // The open writer is told at once, or goes on with the old schema until it is opened again.
    private async Task AlterAsync(Random random)
    {
        var (change, fields) = _changes.Next(random, _now.Fields);
        var schema = await _catalog.AlterTableAsync(Name, change);
        _now = _now with { Fields = fields };
        _committed = _committed with { Fields = fields };
        _visible = _visible with { Fields = fields };
        if (random.Next(3) > 0)
        {
            await _writer.ApplySchemaAsync(schema);
            _writerFields = fields;
        }

        await _checks.RestartAsync(await _catalog.GetTableAsync(Name), _hasExpired);
    }

    // What changed since an earlier one, too, and a tag, whatever became of its snapshot.
    private async Task LookAsync(int number)
    {
        if (_snapshots.Count > 0)
        {
            var (id, state) = _snapshots.ElementAt(number % _snapshots.Count);
            await _checks.CheckSnapshotAsync(_table, id, state);
            var (before, old) = _snapshots.ElementAt(number / 7 % _snapshots.Count);
            if (before < id && ReferenceEquals(old.Fields, state.Fields) && ReferenceEquals(state.Fields, _now.Fields))
            {
                await _checks.CheckDifferenceAsync(_table, (before, old), (id, state));
            }
        }

        if (_tags.Count > 0)
        {
            var (tag, kept) = _tags.ElementAt(number % _tags.Count);
            await _checks.CheckTagAsync(_table, tag, kept.State);
        }
    }

    private async Task CheckLatestAsync(bool isCompacted = false)
    {
        _table = await _catalog.GetTableAsync(Name);
        if (_snapshots.Count > 0)
        {
            var hasLevelZero = await _checks.CheckLatestAsync(
                _table, Shown with { Fields = _now.Fields }, isCompacted, hasOldColumns: !ReferenceEquals(_writerFields, _now.Fields));
            Assert.False(
                hasLevelZero && (isCompacted || (Shape.EmptiesLevelZero && !_hasOthers)), "a commit or a full compaction left something at level 0");
        }
    }

    private async Task CheckAllAsync()
    {
        Assert.Equal(_snapshots.Keys, (await _table.SnapshotsAsync()).Select(snapshot => snapshot.Id));
        foreach (var (id, state) in _snapshots)
        {
            await _checks.CheckSnapshotAsync(_table, id, state);
        }

        foreach (var (tag, kept) in _tags)
        {
            await _checks.CheckTagAsync(_table, tag, kept.State);
        }
    }
}
