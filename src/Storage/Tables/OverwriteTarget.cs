using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Which partitions an overwrite replaces: those that it writes rows to, or, where option <c>dynamic-partition-overwrite</c> is
/// false, those that it was given values for. Immutable.
/// </summary>
internal sealed class OverwriteTarget
{
    private readonly Table _table;
    private readonly PartitionFilter _filter;
    private readonly bool _isDynamic;

    /// <summary>Makes a target.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partition">Values of some partition columns; none for the whole table.</param>
    /// <exception cref="PaimonException">Unsupported: only a part of a table whose keys are in any partition.</exception>
    public OverwriteTarget(Table table, IReadOnlyDictionary<string, string> partition)
    {
        _table = table;
        _filter = new PartitionFilter(table.Schema, table.Store.Options.PartitionDefaultName, partition);
        _isDynamic = table.Schema.PartitionKeys.Count > 0 && table.Options.GetBoolean("dynamic-partition-overwrite", true);
        if ((_isDynamic || partition.Count > 0) && BucketModes.Of(table.Schema, table.Options) == BucketMode.CrossPartition)
        {
            // The partitions that stay have keys that the rows to come would have to take from them.
            PaimonException.ThrowUnsupported(
                $"{table.Path}: overwriting some partitions of a table whose primary key lacks a partition column is not supported;"
                + " overwrite the whole table with 'dynamic-partition-overwrite' = 'false', or drop partitions and write.");
        }
    }

    /// <summary>The partitions that lose their rows.</summary>
    /// <param name="messages">The new rows.</param>
    /// <returns>Null when there is nothing to replace: an overwrite of what is written, without rows.</returns>
    /// <exception cref="PaimonException">Invalid: a row lies outside of the partitions that are replaced.</exception>
    public Predicate<BinaryRowBytes>? PartitionsOf(IReadOnlyList<CommitMessage> messages)
    {
        var written = messages.Where(message => message.NewFiles.Count > 0).Select(message => message.Partition).ToHashSet();
        if (_isDynamic)
        {
            return written.Count == 0 ? null : written.Contains;
        }

        foreach (var partition in written)
        {
            if (!_filter.Contains(partition))
            {
                PaimonException.ThrowInvalid(
                    $"{_table.Name}: rows of the partition {_table.Store.DataPaths.Partitions.Path(partition)} do not belong to"
                    + " the partition that is overwritten. Give rows of that partition only.");
            }
        }

        return _filter.Contains;
    }
}
