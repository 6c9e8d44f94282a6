using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Compaction;

/// <summary>The rows of a scenario, the same every time: a BIGINT key, BIGINT, DOUBLE and a text.</summary>
/// <param name="scenario">Which rows.</param>
internal sealed class RowStream(Scenario scenario)
{
    /// <summary>The columns.</summary>
    public static readonly RowType Columns = new(
    [
        new DataField(0, "id", DataTypes.BigInt.NotNull()),
        new DataField(1, "version", DataTypes.BigInt),
        new DataField(2, "price", DataTypes.Double),
        new DataField(3, "note", DataTypes.String),
    ]);

    private readonly Random _random = new(7);
    private long _keys;

    /// <summary>The number of keys that came until now.</summary>
    public long KeyCount => _keys;

    /// <summary>All rows, a commit at a time; a batch is good until the next.</summary>
    public IEnumerable<ColumnBatch> Batches()
    {
        var batch = new ColumnBatch(Columns);
        for (var start = 0L; start < scenario.Rows; start += scenario.CommitRows)
        {
            Fill(batch, start, (int)Math.Min(scenario.CommitRows, scenario.Rows - start));
            yield return batch;
        }
    }

    private void Fill(ColumnBatch batch, long start, int count)
    {
        batch.Clear();
        var id = (FixedVector<long>)batch.Columns[0];
        var version = (FixedVector<long>)batch.Columns[1];
        var price = (FixedVector<double>)batch.Columns[2];
        var note = (BinaryVector)batch.Columns[3];
        for (var i = 0; i < count; i++)
        {
            id.Append(NextKey());
            version.Append(start + i);
            price.Append(_random.Next(100_000) / 100.0);
            var text = note.AppendUninitialized(scenario.NoteBytes);
            _random.GetItems("abcdefghijklmnopqrstuvwxyz"u8, text[..((text.Length + 1) / 2)]);
            text[((text.Length + 1) / 2)..].Fill((byte)'-');
        }

        batch.EndRows(count);
    }

    private long NextKey()
    {
        if (_keys == 0 || _random.NextDouble() >= scenario.UpdateRatio)
        {
            return KeyOf(_keys++);
        }

        return KeyOf(scenario.Keys switch
        {
            KeyPattern.Skewed => (long)(_keys * Math.Pow(_random.NextDouble(), 4)),
            KeyPattern.Latest => _keys - 1 - _random.NextInt64((_keys / 100) + 1),
            _ => _random.NextInt64(_keys),
        });
    }

    // An odd factor and a shift are bijections: other numbers, other keys.
    private long KeyOf(long number)
    {
        if (scenario.Keys == KeyPattern.Ascending)
        {
            return number;
        }

        var mixed = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        return (long)(mixed ^ (mixed >> 32));
    }
}
