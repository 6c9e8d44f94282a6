using System.Buffers.Binary;
using System.Globalization;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Bench.Kit.Peers;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Compaction;

/// <summary>
/// The rows of a scenario in RocksDB: universal compaction by its default triggers, LZ4, no log, one batch and one durable
/// flush a commit. Making keys and values is not part of the time.
/// </summary>
internal static class RocksDbRun
{
    private const int FixedBytes = 16;
    private const int Levels = 7;

    /// <summary>Writes and compacts.</summary>
    /// <param name="scenario">The rows.</param>
    /// <param name="folder">An empty folder.</param>
    public static Curve Run(Scenario scenario, string folder)
    {
        Directory.CreateDirectory(folder);
        var database = RocksDbPeer.Open(folder, compactsByItself: true, out var options, countsBytes: true);
        var stream = new RowStream(scenario);
        var points = new List<CurvePoint>();
        var meter = new Meter();
        var writer = new RocksDbWriter(database);
        var records = Array.Empty<byte>();
        var (rows, commits) = (0L, 0);
        foreach (var batch in stream.Batches())
        {
            var valueBytes = FixedBytes + scenario.NoteBytes;
            Array.Resize(ref records, batch.RowCount * (sizeof(long) + valueBytes));
            Encode(batch, records, valueBytes);
            meter.Start();
            writer.Write(records, valueBytes);
            meter.Stop();
            rows += batch.RowCount;
            if (Curve.IsPoint(++commits, rows, scenario))
            {
                points.Add(PointOf(database, options, stream, meter, rows));
            }
        }

        meter.Start();
        RocksDbLibrary.WaitForCompactions(database);
        meter.Stop();
        points[^1] = PointOf(database, options, stream, meter, points[^1].Rows);
        RocksDbLibrary.CompactRange(database, 0, 0, 0, 0);
        var compactedBytes = RocksDbLibrary.Number(database, "rocksdb.live-sst-files-size");
        RocksDbLibrary.Close(database);
        return new Curve($"RocksDB, {scenario.Name}", points, compactedBytes, meter.ToSample(0).ProcessorSeconds);
    }

    private static CurvePoint PointOf(nint database, nint options, RowStream stream, Meter meter, long rows)
    {
        var statistics = RocksDbLibrary.Statistics(options);
        var flushed = Counter(statistics, "rocksdb.flush.write.bytes");
        return new CurvePoint(
            rows,
            meter.ToSample(0).Seconds,
            flushed + Counter(statistics, "rocksdb.compact.write.bytes"),
            flushed,
            RocksDbLibrary.Number(database, "rocksdb.live-sst-files-size"),
            stream.KeyCount,
            Runs(database));
    }

    // Every file of level 0 is a run, and so is every other level that has files.
    private static int Runs(nint database)
    {
        var files = Enumerable.Range(0, Levels)
            .Select(level => int.Parse(
                RocksDbLibrary.Text(database, $"rocksdb.num-files-at-level{level}"), CultureInfo.InvariantCulture))
            .ToList();
        return files[0] + files.Skip(1).Count(count => count > 0);
    }

    // A line of the statistics: rocksdb.flush.write.bytes COUNT : 4711
    private static long Counter(string statistics, string name)
    {
        var line = statistics.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"RocksDB's statistics have no {name}.");
        return long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static void Encode(ColumnBatch batch, Span<byte> records, int valueBytes)
    {
        var id = ((FixedVector<long>)batch.Columns[0]).Values;
        var version = ((FixedVector<long>)batch.Columns[1]).Values;
        var price = ((FixedVector<double>)batch.Columns[2]).Values;
        var note = (BinaryVector)batch.Columns[3];
        for (var row = 0; row < batch.RowCount; row++)
        {
            var record = records.Slice(row * (sizeof(long) + valueBytes), sizeof(long) + valueBytes);
            BinaryPrimitives.WriteInt64BigEndian(record, id[row] ^ long.MinValue);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], version[row]);
            BinaryPrimitives.WriteDoubleLittleEndian(record[16..], price[row]);
            note[row].CopyTo(record[24..]);
        }
    }
}
