using System.Buffers.Binary;
using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// The rows of one table that changed between the two positions of a snapshot, as they are at the later one. A row that the
/// snapshot saw may or may not have such a change in it already; so rows with these keys are taken from here, all others
/// from the snapshot, and together they are the table at the later position, each row once:
/// <code>
///   snapshot rows   1 2 3 4 5          changes   2 -> deleted, 4 -> 4', 6 -> 6'
///   table           1   3   5  +  4' 6'
/// </code>
/// Holds the changes of milliseconds, in memory. Not thread-safe.
/// </summary>
internal sealed class SnapshotOverlay
{
    private const int Deleted = -1;

    private readonly RowKeys _keys;
    private readonly ColumnBatch _rows;
    private readonly Dictionary<ByteKey, int> _newest = [];

    public SnapshotOverlay(TableSchema schema)
    {
        _keys = new RowKeys(schema);
        _rows = new ColumnBatch(schema.RowType);
    }

    /// <summary>The keys that changed.</summary>
    public int Count => _newest.Count;

    /// <summary>Takes changes in the order of the binlog.</summary>
    public void Add(ColumnBatch changes)
    {
        _keys.Encode(changes, 0, changes.RowCount);
        for (var row = 0; row < changes.RowCount; row++)
        {
            var key = KeyOf(row);
            if (changes.KindOf(row).IsAdd())
            {
                _newest[key] = _rows.RowCount;
                _rows.AppendRange(changes, row, 1);
            }
            else
            {
                _newest[key] = Deleted;
            }
        }
    }

    /// <summary>Copies the rows of the snapshot that did not change.</summary>
    /// <param name="snapshot">Rows of the snapshot.</param>
    /// <param name="target">Where they are appended.</param>
    public void AppendUnchanged(ColumnBatch snapshot, ColumnBatch target)
    {
        _keys.Encode(snapshot, 0, snapshot.RowCount);
        var start = 0;
        for (var row = 0; row < snapshot.RowCount; row++)
        {
            if (_newest.ContainsKey(KeyOf(row)))
            {
                target.AppendRange(snapshot, start, row - start);
                start = row + 1;
            }
        }

        target.AppendRange(snapshot, start, snapshot.RowCount - start);
    }

    /// <summary>Copies the rows that changed and are there at the later position.</summary>
    /// <param name="target">Where they are appended.</param>
    public void AppendChanged(ColumnBatch target)
    {
        foreach (var row in _newest.Values)
        {
            if (row != Deleted)
            {
                target.AppendRange(_rows, row, 1);
            }
        }
    }

    private ByteKey KeyOf(int row)
    {
        if (!_keys.Keys.IsPrefixExact)
        {
            return new ByteKey(_keys.Keys[row].ToArray());
        }

        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _keys.Keys.Prefixes[row]);
        return new ByteKey(bytes);
    }

    /// <summary>Bytes compared by value.</summary>
    private readonly struct ByteKey(byte[] bytes) : IEquatable<ByteKey>
    {
        private readonly byte[] _bytes = bytes;

        public bool Equals(ByteKey other) => _bytes.AsSpan().SequenceEqual(other._bytes);

        public override bool Equals(object? obj) => obj is ByteKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(_bytes);
            return hash.ToHashCode();
        }
    }
}
