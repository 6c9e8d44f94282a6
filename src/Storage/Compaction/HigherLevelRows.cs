using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Compactions that look keys up (docs/format.md#lookup-compaction): a key with a version of level 0 had the row of the lowest
/// higher level, in the runs that are merged or else above the level that the compaction writes to. Rows found above are
/// merged with the others, and marked as deleted where the table has deletion vectors. One that has expired
/// (docs/format.md#record-expiry) is only marked: it is as good as gone.
/// </summary>
internal sealed class HigherLevelRows : BeforeRows
{
    private readonly LookupStrategy _strategy;
    private readonly LookupLevels _lookup;
    private readonly int _startLevel;
    private readonly Func<string, long, bool> _take;
    private readonly LookupRows _found;
    private readonly bool _mergesFound;
    private readonly RecordExpiry? _expiry;
    private readonly ColumnVector? _partitionTime;
    private readonly int _timeIndex;
    private readonly int[] _sequenceIndexes;
    private readonly SequenceKeys? _foundSequences;
    private readonly EncodedKeys _keys;
    private readonly List<int> _askedGroups = [];

    // For each group the index of the version above level 0 that counts, else -1; and the row that was found above, else -1.
    private readonly List<int> _chosen = [];
    private readonly List<int> _foundRows = [];
    private readonly MergePlan _plan = new();

    // The level of each run at its window.
    private int[] _levels = [];

    /// <summary>Prepares lookups.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="strategy">Why keys are looked up.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="lookup">Finds rows of higher levels.</param>
    /// <param name="outputLevel">The level that the compaction writes to.</param>
    /// <param name="take">Told of each row found above, by file and position; answers false when it does not count.</param>
    public HigherLevelRows(
        KeyValueWriteContext context,
        LookupStrategy strategy,
        BucketFiles bucket,
        LookupLevels lookup,
        int outputLevel,
        Func<string, long, bool> take)
    {
        _strategy = strategy;
        _lookup = lookup;
        _startLevel = outputLevel + 1;
        _take = take;
        _keys = context.KeyEncoder.CreateKeys();
        var plan = context.CompactionPlan;
        _sequenceIndexes =
            [.. plan.KeyType.Fields.Skip(plan.KeyCount).Select(field => lookup.Columns.IndexOf(field.Name))];
        _foundSequences = plan.SequenceOrder is null ? null : new SequenceKeys(plan.SequenceOrder);
        _mergesFound = NeedsRows(context);
        if (_mergesFound && bucket.Readers.Expiry is { } expiry)
        {
            // Where it is enough to know where a row is, its time is not known: a row that is replaced is marked, expired or not.
            _expiry = expiry;
            var name = expiry.TimeType.Fields[0].Name;
            _timeIndex = lookup.Columns.IndexOf(name);
            _partitionTime = _timeIndex < 0 ? bucket.PartitionValues[context.Schema.PartitionType.IndexOf(name)] : null;
        }

        _found = lookup.CreateRows();
    }

    /// <inheritdoc/>
    public override MergePlan Plan => _plan;

    /// <inheritdoc/>
    public override bool FoldsLone => true;

    /// <inheritdoc/>
    public override ColumnBatch? FoundRows => _mergesFound ? _found.Batch : null;

    /// <summary>
    /// True when rows that are found have to be known; false when it is enough to know where they are: which version of a key is
    /// the newest is known without them, and they need not be told of.
    /// </summary>
    /// <param name="context">Schema and options.</param>
    public static bool NeedsRows(KeyValueWriteContext context)
    {
        var strategy = LookupStrategy.Of(context.Options);
        return !strategy.IsFirstRow
            && (!strategy.HasDeletionVectors || strategy.ProducesChangelog || context.Engine is not DeduplicateEngine
                || context.CompactionPlan.SequenceOrder is not null);
    }

    /// <inheritdoc/>
    public override async ValueTask FindAsync(MergePlan plan, RunCursor[] cursors, CancellationToken cancellationToken)
    {
        Begin(plan.GroupCount);
        if (_levels.Length < cursors.Length)
        {
            _levels = new int[cursors.Length];
        }

        LowestLevel.FindLevels(cursors, _levels);
        ChooseInside(plan, cursors);
        if (_askedGroups.Count > 0)
        {
            await _lookup.LookupAsync(_keys, _startLevel, _found, cancellationToken).ConfigureAwait(false);
            UseFound(cursors.Length);
        }

        if (_strategy.IsFirstRow)
        {
            CopyAll(plan);
        }
        else
        {
            MergeFound(plan, cursors);
        }
    }

    private void ChooseInside(MergePlan plan, RunCursor[] cursors)
    {
        _keys.Clear();
        _askedGroups.Clear();
        _chosen.Clear();
        _foundRows.Clear();
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            var high = LowestLevel.Find(rows, _levels);
            _chosen.Add(high);
            _foundRows.Add(-1);
            if (high < 0)
            {
                _askedGroups.Add(group);
                _keys.Add(cursors[rows[0].Source].Keys, rows[0].Row);
                Set(group, KeyChange.New);
            }
            else
            {
                var before = rows[high];
                var isChanged = !_strategy.IsFirstRow && HasLevelZero(rows);
                Set(group, isChanged ? ChangeFrom(cursors[before.Source].Kinds.Values[before.Row]) : KeyChange.None, before);
            }
        }
    }

    private bool HasLevelZero(ReadOnlySpan<RowReference> rows)
    {
        foreach (var row in rows)
        {
            if (_levels[row.Source] == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static KeyChange ChangeFrom(RowKind kind) => kind.IsAdd() ? KeyChange.Known : KeyChange.New;

    private void UseFound(int source)
    {
        _foundSequences?.Clear();
        if (_mergesFound && _foundSequences is not null)
        {
            var columns = new ColumnVector[_sequenceIndexes.Length];
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i] = _found.Batch.Columns[_sequenceIndexes[i]];
            }

            _foundSequences.Encode(columns, 0, _found.Count);
        }

        var now = _expiry?.Now ?? 0;
        for (var row = 0; row < _found.Count; row++)
        {
            if (!_take(_found.FileOf(row).FileName, _found.PositionOf(row)))
            {
                continue;
            }

            var group = _askedGroups[_found.KeyOf(row)];
            if (_strategy.IsFirstRow)
            {
                Set(group, KeyChange.Dropped);
            }
            else if (_mergesFound && !IsExpired(row, now))
            {
                _foundRows[group] = row;
                Set(group, ChangeFrom(_found.Batch.Kinds!.Values[row]), new RowReference(source, row));
            }
        }
    }

    private bool IsExpired(int row, long now) => _expiry is not null && (_partitionTime is null
        ? _expiry.IsExpired(_found.Batch.Columns[_timeIndex], row, now)
        : _expiry.IsExpired(_partitionTime, 0, now));

    private void CopyAll(MergePlan plan)
    {
        _plan.Clear();
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var isBegun = false;
            foreach (var row in plan[group])
            {
                LowestLevel.Add(_plan, row, ref isBegun);
            }
        }
    }

    private void MergeFound(MergePlan plan, RunCursor[] cursors)
    {
        _plan.Clear();
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            var isBegun = false;
            var found = _foundRows[group];
            var foundRow = new RowReference(cursors.Length, found);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                if (found >= 0 && IsOlder(found, cursors[row.Source], row.Row))
                {
                    LowestLevel.Add(_plan, foundRow, ref isBegun);
                    found = -1;
                }

                if (i == _chosen[group] || _levels[row.Source] == 0)
                {
                    LowestLevel.Add(_plan, row, ref isBegun);
                }
            }

            if (found >= 0)
            {
                LowestLevel.Add(_plan, foundRow, ref isBegun);
            }
        }
    }

    private bool IsOlder(int found, RunCursor cursor, int row)
    {
        if (_foundSequences is not null)
        {
            var order = _foundSequences.Compare(found, cursor.UserSequences!, row);
            if (order != 0)
            {
                return order < 0;
            }
        }

        return _found.Batch.Sequences!.Values[found] < cursor.Sequences.Values[row];
    }
}
