using System.Diagnostics;
using System.Globalization;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// The table of the storage workloads: a BIGINT key, BIGINT, INT, DOUBLE, BIGINT and a text of 40 characters. Each key comes
/// once, in a random order that needs no memory: a permutation of the numbers below the row count.
/// </summary>
internal sealed class OrderTable(long rowCount)
{
    /// <summary>Rows of one durable commit.</summary>
    public const int CommitRows = 100_000;

    private static readonly Identifier Name = new("bench", "orders");
    private readonly int _bits = 64 - (int)ulong.LeadingZeroCount((ulong)Math.Max(rowCount - 1, 3));

    /// <summary>Makes the table in an empty warehouse.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    /// <param name="options">Table options.</param>
    public static async Task<Table> CreateAsync(string warehouse, IReadOnlyDictionary<string, string> options)
    {
        var definition = new TableDefinition { Options = options }
            .Column("id", DataTypes.BigInt.NotNull())
            .Column("customer", DataTypes.BigInt)
            .Column("quantity", DataTypes.Int)
            .Column("price", DataTypes.Double)
            .Column("total", DataTypes.BigInt)
            .Column("note", DataTypes.String)
            .PrimaryKey("id");
        var catalog = await Catalog.OpenAsync(warehouse);
        return await catalog.CreateTableAsync(Name, definition);
    }

    /// <summary>Opens the table.</summary>
    /// <param name="warehouse">The warehouse's folder.</param>
    public static async Task<Table> OpenAsync(string warehouse) =>
        await (await Catalog.OpenAsync(warehouse)).GetTableAsync(Name);

    /// <summary>Writes all rows, a commit every <see cref="CommitRows"/>; making the rows is not part of the time.</summary>
    public async Task<TimeSpan> WriteAsync(TableWriter writer)
    {
        var batch = new ColumnBatch(writer.Schema.RowType);
        var watch = new Stopwatch();
        for (var start = 0L; start < rowCount; start += CommitRows)
        {
            Fill(batch, start, (int)Math.Min(CommitRows, rowCount - start));
            watch.Start();
            await writer.WriteAsync(batch);
            await writer.CommitAsync();
            watch.Stop();
        }

        return watch.Elapsed;
    }

    /// <summary>Reads all columns and checks that each key is there once.</summary>
    public async Task<TimeSpan> ScanAsync(Table table)
    {
        var (rows, sum, bytes) = (0L, 0L, 0L);
        var watch = Stopwatch.StartNew();
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            rows += batch.RowCount;
            bytes += ((BinaryVector)batch.Columns[^1]).Bytes.Length;
            foreach (var key in ((FixedVector<long>)batch.Columns[0]).Values)
            {
                sum += key;
            }
        }

        watch.Stop();
        return (rows, sum, bytes) == (rowCount, rowCount * (rowCount - 1) / 2, rowCount * 40)
            ? watch.Elapsed
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"The scan gave {rows} rows, key sum {sum}, {bytes} bytes of text for {rowCount} rows."));
    }

    private void Fill(ColumnBatch batch, long start, int count)
    {
        batch.Clear();
        var id = (FixedVector<long>)batch.Columns[0];
        var customer = (FixedVector<long>)batch.Columns[1];
        var quantity = (FixedVector<int>)batch.Columns[2];
        var price = (FixedVector<double>)batch.Columns[3];
        var total = (FixedVector<long>)batch.Columns[4];
        var note = (BinaryVector)batch.Columns[5];
        var random = new Random((int)(start / CommitRows));
        for (var i = 0; i < count; i++)
        {
            id.Append(KeyAt(start + i));
            customer.Append(random.NextInt64(100_000));
            quantity.Append(random.Next(1000));
            price.Append(random.Next(100_000) / 100.0);
            total.Append(random.NextInt64(10_000_000));
            var text = note.AppendUninitialized(40);
            "order-note/street-"u8.CopyTo(text);
            random.GetItems("abcdefghijklmnopqrstuvwxyz"u8, text[18..]);
        }

        batch.EndRows(count);
    }

    // Each step is a bijection of the numbers of so many bits; what falls outside the table is permuted again.
    private long KeyAt(long index)
    {
        var mask = (1UL << _bits) - 1;
        var key = (ulong)index;
        do
        {
            for (var round = 0; round < 3; round++)
            {
                key = ((key * 0x9E3779B97F4A7C15) + 0x632BE59BD9B4E019) & mask;
                key ^= key >> ((_bits + 1) / 2);
            }
        }
        while (key >= (ulong)rowCount);

        return (long)key;
    }
}
