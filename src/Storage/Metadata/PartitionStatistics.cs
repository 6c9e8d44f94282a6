using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Collects the bounds of partitions for a manifest list. For one thread.</summary>
internal sealed class PartitionStatistics
{
    private readonly RowType _type;
    private readonly BinaryRowReader _reader;
    private readonly ColumnVector[] _row;
    private readonly StatisticsCollector[] _collectors;
    private BinaryRowBytes? _last;

    /// <summary>Collects the bounds of partition columns.</summary>
    public PartitionStatistics(RowType partitionType)
    {
        _type = partitionType;
        _reader = new BinaryRowReader(partitionType);
        _row = [.. partitionType.Fields.Select(field => ColumnVector.Create(field.Type.Nullable()))];
        _collectors = [.. partitionType.Fields.Select(field => StatisticsCollector.Create(field.Type.Nullable()))];
    }

    /// <summary>Takes an entry's partition into account.</summary>
    public void Add(BinaryRowBytes partition)
    {
        if (_row.Length == 0)
        {
            return;
        }

        if (!partition.Equals(_last))
        {
            foreach (var column in _row)
            {
                column.Clear();
            }

            _reader.ReadSerialized(partition.Serialized, _row);
            _last = partition;
        }

        for (var i = 0; i < _row.Length; i++)
        {
            _collectors[i].Add(_row[i], 0, 1);
        }
    }

    /// <summary>The statistics of all partitions added.</summary>
    public SimpleStats Finish() =>
        SimpleStatsBuilder.Build(_type, [.. _collectors.Select(collector => collector.Finish())], _ => StatsMode.Full);
}
