using System.Globalization;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Kit;

/// <summary>
/// The table of the storage workloads: a BIGINT key, BIGINT, INT, DOUBLE, BIGINT and a text of 40 characters. Each key comes
/// once, in a random order that needs no memory: a permutation of the numbers below the row count.
/// </summary>
/// <param name="rowCount">The rows.</param>
/// <param name="commitRows">The rows of a commit.</param>
/// <param name="keyStep">The distance from a key to the next: 2 leaves an absent key after each.</param>
internal sealed class OrderTable(long rowCount, int commitRows = OrderTable.BatchRows, int keyStep = 1)
{
    /// <summary>Rows that are made at a time.</summary>
    public const int BatchRows = 100_000;

    /// <summary>Bytes of each row's text.</summary>
    public const int NoteBytes = 40;

    private static readonly Identifier Name = new("bench", "orders");
    private static readonly RowType Columns = new(
    [
        new DataField(0, "id", DataTypes.BigInt.NotNull()),
        new DataField(1, "customer", DataTypes.BigInt),
        new DataField(2, "quantity", DataTypes.Int),
        new DataField(3, "price", DataTypes.Double),
        new DataField(4, "total", DataTypes.BigInt),
        new DataField(5, "note", DataTypes.String),
    ]);

    private readonly int _bits = 64 - (int)ulong.LeadingZeroCount((ulong)Math.Max(rowCount - 1, 3));

    /// <summary>Makes the table in an empty warehouse.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    /// <param name="options">Table options.</param>
    public static async Task<Table> CreateAsync(string warehouse, IReadOnlyDictionary<string, string> options)
    {
        var definition = new TableDefinition { Options = options };
        foreach (var field in Columns.Fields)
        {
            definition = definition.Column(field.Name, field.Type);
        }

        var catalog = await Catalog.OpenAsync(warehouse);
        return await catalog.CreateTableAsync(Name, definition.PrimaryKey("id"));
    }

    /// <summary>Opens the table.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    public static async Task<Table> OpenAsync(string warehouse) =>
        await (await Catalog.OpenAsync(warehouse)).GetTableAsync(Name);

    /// <summary>The number of rows.</summary>
    public long RowCount => rowCount;

    /// <summary>Some batches of a second pass over the keys: its own order, new values.</summary>
    /// <param name="batches">How many.</param>
    public IEnumerable<ColumnBatch> SecondPass(int batches) =>
        batches == 0 ? [] : Batches(2).Skip((int)((rowCount + BatchRows - 1) / BatchRows)).Take(batches);

    /// <summary>All rows, <see cref="BatchRows"/> at a time; a batch is good until the next.</summary>
    /// <param name="passes">How many times each key comes: all of them in one order, then all in another one with new values.</param>
    public IEnumerable<ColumnBatch> Batches(int passes = 1)
    {
        var batch = new ColumnBatch(Columns);
        for (var pass = 0; pass < passes; pass++)
        {
            for (var start = 0L; start < rowCount; start += BatchRows)
            {
                Fill(batch, pass, start, (int)Math.Min(BatchRows, rowCount - start));
                yield return batch;
            }
        }
    }

    /// <summary>Writes all rows with a commit every so many; making the rows is not part of the time.</summary>
    /// <param name="writer">Writes them.</param>
    /// <param name="passes">How many times each key comes.</param>
    public async Task<Sample> WriteAsync(TableWriter writer, int passes = 1)
    {
        var meter = new Meter();
        var written = 0L;
        foreach (var batch in Batches(passes))
        {
            meter.Start();
            await writer.WriteAsync(batch);
            written += batch.RowCount;
            if (written % commitRows < BatchRows || written == rowCount * passes)
            {
                await writer.CommitAsync();
            }

            meter.Stop();
        }

        return meter.ToSample(written);
    }

    /// <summary>Reads all columns and checks that each key is there once.</summary>
    public async Task<Sample> ScanAsync(Table table)
    {
        var (rows, sum, bytes) = (0L, 0L, 0L);
        var meter = new Meter();
        meter.Start();
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            rows += batch.RowCount;
            bytes += ((BinaryVector)batch.Columns[^1]).Bytes.Length;
            foreach (var key in ((FixedVector<long>)batch.Columns[0]).Values)
            {
                sum += key;
            }
        }

        meter.Stop();
        Check("PaimonSharp", rows, sum, bytes);
        return meter.ToSample(rowCount);
    }

    /// <summary>Throws when what a contender has read is not each key once with its text.</summary>
    /// <param name="contender">Who read.</param>
    /// <param name="rows">The rows read.</param>
    /// <param name="sum">The sum of their keys.</param>
    /// <param name="bytes">The bytes of their texts.</param>
    public void Check(string contender, long rows, long sum, long bytes)
    {
        if ((rows, sum, bytes) != (rowCount, rowCount * (rowCount - 1) / 2 * keyStep, rowCount * NoteBytes))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{contender} gave {rows} rows, key sum {sum}, {bytes} bytes of text for {rowCount} rows."));
        }
    }

    private void Fill(ColumnBatch batch, int pass, long start, int count)
    {
        batch.Clear();
        var id = (FixedVector<long>)batch.Columns[0];
        var customer = (FixedVector<long>)batch.Columns[1];
        var quantity = (FixedVector<int>)batch.Columns[2];
        var price = (FixedVector<double>)batch.Columns[3];
        var total = (FixedVector<long>)batch.Columns[4];
        var note = (BinaryVector)batch.Columns[5];
        var random = new Random((int)((pass * rowCount + start) / BatchRows));
        for (var i = 0; i < count; i++)
        {
            id.Append(KeyAt(start + i, pass));
            customer.Append(random.NextInt64(100_000));
            quantity.Append(random.Next(1000));
            price.Append(random.Next(100_000) / 100.0);
            total.Append(random.NextInt64(10_000_000));
            var text = note.AppendUninitialized(NoteBytes);
            "order-note/street-"u8.CopyTo(text);
            random.GetItems("abcdefghijklmnopqrstuvwxyz"u8, text[18..]);
        }

        batch.EndRows(count);
    }

    // Each step is a bijection of the numbers of so many bits; what falls outside the table is permuted again.
    private long KeyAt(long index, int pass)
    {
        var mask = (1UL << _bits) - 1;
        var key = (ulong)index;
        do
        {
            for (var round = -pass; round < 3; round++)
            {
                key = ((key * 0x9E3779B97F4A7C15) + 0x632BE59BD9B4E019) & mask;
                key ^= key >> ((_bits + 1) / 2);
            }
        }
        while (key >= (ulong)rowCount);

        return (long)key * keyStep;
    }
}
