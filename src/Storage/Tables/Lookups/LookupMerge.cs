using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>
/// Finds all versions of some keys of a bucket and merges them as a scan does: a run is a source of the merge. Reusable; one
/// thread at a time.
/// </summary>
internal sealed class LookupMerge
{
    private readonly LookupShape _shape;
    private readonly BoundMerge _merge;
    private readonly MergePlan _plan = new();

    // The same groups, longer by one where versions of a key were left out; null where none are.
    private readonly MergePlan? _whole;
    private readonly int[] _fields;
    private readonly int[] _mergeFields;
    private readonly int[] _sequenceFields;
    private readonly List<LookupRows> _runs = [];
    private readonly List<SequenceKeys> _sequences = [];
    private readonly List<RowReference> _versions = [];
    private readonly List<int> _groupKeys = [];

    /// <summary>Makes room.</summary>
    /// <param name="shape">The table.</param>
    public LookupMerge(LookupShape shape)
    {
        _shape = shape;
        var plan = shape.Plan;
        _whole = plan.CountsLowestLevelOnly ? new MergePlan() : null;
        _merge = plan.Engine.Bind(plan.MergeType);
        var sequences = plan.KeyType.Fields.Skip(plan.KeyCount).Select(field => field.Name).ToList();
        var fields = plan.MergeType.Fields.Select(field => field.Name).Concat(sequences)
            .Where(name => shape.StoredType.IndexOf(name) >= 0).Distinct().ToList();
        _fields = [.. fields.Select(name => shape.StoredType.IndexOf(name))];
        _mergeFields = [.. plan.MergeType.Fields.Select(field => fields.IndexOf(field.Name))];
        _sequenceFields = [.. sequences.Select(name => fields.IndexOf(name))];
    }

    /// <summary>Finds and merges all versions of some keys.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many keys have a row.</returns>
    public async ValueTask<int> MergeAsync(LookupBucket bucket, EncodedKeys keys, CancellationToken cancellationToken)
    {
        var levels = await bucket.OpenAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < levels.Runs.Count; i++)
        {
            if (i == _runs.Count)
            {
                _runs.Add(levels.CreateRows(_fields));
                if (_shape.Plan.SequenceOrder is { } order)
                {
                    _sequences.Add(new SequenceKeys(order));
                }
            }

            _runs[i].Begin(keys.Count);
            await levels.FindAsync(levels.Runs[i], keys, _runs[i], cancellationToken).ConfigureAwait(false);
        }

        Merge(levels, keys.Count);
        return _merge.Result.Count;
    }

    /// <summary>The key of a result.</summary>
    /// <param name="result">0 to the number of results - 1.</param>
    public int KeyOf(int result) => _groupKeys[_merge.Result.Groups[result]];

    /// <summary>Appends a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="target">The columns wanted; those of the partition are left to the caller.</param>
    public void Append(int result, IReadOnlyList<ColumnVector> target)
    {
        for (var i = 0; i < target.Count; i++)
        {
            if (_mergeFields[i] >= 0)
            {
                _merge.Gather(i, result, 1, target[i]);
            }
        }
    }

    private void Merge(LookupLevels levels, int keyCount)
    {
        var runCount = levels.Runs.Count;
        var runs = _runs.GetRange(0, runCount);
        for (var i = 0; i < runCount && _sequenceFields.Length > 0; i++)
        {
            _sequences[i].Clear();
            _sequences[i].Encode([.. _sequenceFields.Select(field => runs[i].Batch.Columns[field])], 0, runs[i].Count);
        }

        _plan.Clear();
        _whole?.Clear();
        _groupKeys.Clear();
        for (var key = 0; key < keyCount; key++)
        {
            if (AddVersions(levels, runs, key))
            {
                _groupKeys.Add(key);
            }
        }

        _merge.Merge(new MergeInput
        {
            Plan = _plan,
            Kinds = [.. runs.Select(run => run.Batch.Kinds!)],
            Columns = [.. _mergeFields.Select(field => field < 0 ? null : runs.Select(run => run.Batch.Columns[field]).ToArray())],
            DropRetracts = true,
            Whole = _whole,
        });
    }

    private bool AddVersions(LookupLevels levels, List<LookupRows> runs, int key)
    {
        _versions.Clear();
        var (isHigherFound, isLeftOut) = (false, false);
        for (var run = 0; run < runs.Count; run++)
        {
            if (runs[run].RowOf(key) is >= 0 and var row)
            {
                if (levels.RunArray[run].Level > 0 && _shape.Plan.CountsLowestLevelOnly)
                {
                    // Runs come by level: what was found above level 0 first is of the lowest one.
                    if (isHigherFound)
                    {
                        isLeftOut = true;
                        break;
                    }

                    isHigherFound = true;
                }

                var version = new RowReference(run, row);
                var at = _versions.Count;
                while (at > 0 && IsNewer(runs, _versions[at - 1], version))
                {
                    at--;
                }

                _versions.Insert(at, version);
            }
        }

        AddGroup(_plan);
        if (_whole is not null)
        {
            AddGroup(_whole);
            if (isLeftOut)
            {
                _whole.Add(_versions[0]);
            }
        }

        return _versions.Count > 0;
    }

    private void AddGroup(MergePlan plan)
    {
        for (var i = 0; i < _versions.Count; i++)
        {
            if (i == 0)
            {
                plan.BeginGroup(_versions[0]);
            }
            else
            {
                plan.Add(_versions[i]);
            }
        }
    }

    private bool IsNewer(List<LookupRows> runs, RowReference left, RowReference right)
    {
        if (_sequenceFields.Length > 0)
        {
            var order = _sequences[left.Source].Compare(left.Row, _sequences[right.Source], right.Row);
            if (order != 0)
            {
                return order > 0;
            }
        }

        var a = runs[left.Source].Batch;
        var b = runs[right.Source].Batch;
        var (sequence, other) = (a.Sequences!.Values[left.Row], b.Sequences!.Values[right.Row]);
        return sequence != other ? sequence > other : a.KindOf(left.Row).IsAdd() && b.KindOf(right.Row).IsRetract();
    }
}
