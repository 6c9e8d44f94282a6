using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Binlogs;

/// <summary>
/// Rows folded from the binlog's typed columns against what the server's SELECT gave at the end, read by the decoder of the
/// text protocol: both ways must lead to the same values of the same columns.
/// </summary>
public sealed class TypedValueTests(ITestOutputHelper output)
{
    private static readonly TypeMappingOptions Options = new() { TimeToString = true };

    [Theory]
    [InlineData("generated-mysql-9.7", "types-num")]
    [InlineData("generated-mysql-9.7", "types-str")]
    [InlineData("generated-mysql-9.7", "types-time")]
    [InlineData("generated-mysql-9.7", "types-json")]
    [InlineData("generated-mysql-9.7", "types-misc")]
    [InlineData("generated-mariadb-11.8", "types-num")]
    [InlineData("generated-mariadb-11.8", "types-str")]
    [InlineData("generated-mariadb-11.8", "types-time")]
    public async Task The_binlog_and_a_SELECT_lead_to_the_same_rows(string folder, string name)
    {
        var root = Path.Combine(GoldenData.Binlogs, folder);
        Assert.SkipUnless(Directory.Exists(root), $"The recorded binlogs are not there: {root} (PAIMON_BINLOGS).");
        var tables = await ReadFinalTablesAsync(Path.Combine(root, name + ".final-tables.jsonl"));
        await FoldAsync(Path.Combine(root, name + ".000001"), tables);
        var compared = 0;
        foreach (var (table, final) in tables.Where(pair => pair.Value.IsCompared))
        {
            var extra = final.Folded.Where(pair => pair.Value != 0 && pair.Value != final.Selected.GetValueOrDefault(pair.Key)).ToList();
            var missing = final.Selected.Where(pair => pair.Value != final.Folded.GetValueOrDefault(pair.Key)).ToList();
            if (extra.Count + missing.Count > 0)
            {
                output.WriteLine($"{table}: from the binlog {extra.FirstOrDefault().Key}\n    from SELECT {missing.FirstOrDefault().Key}");
            }

            Assert.True(extra.Count + missing.Count == 0, $"{table}: {extra.Count} rows only from the binlog, {missing.Count} only from SELECT");
            compared += final.Selected.Values.Sum();
        }

        output.WriteLine($"{folder}/{name}: {compared} rows agree; not compared: {string.Join(", ", tables.Where(pair => !pair.Value.IsCompared).Select(pair => pair.Key))}");
        Assert.True(compared > 0, "no row was compared");
    }

    private static async Task FoldAsync(string path, Dictionary<string, FinalTable> tables)
    {
        var parser = new BinlogEventParser(isStream: false);
        var file = new BinlogFile(Path.GetFileName(path), _ => ValueTask.FromResult<Stream>(File.OpenRead(path)));
        await using var reader = new BinlogFileReader([file], parser);
        var decoder = new RowsDecoder();
        while (await reader.ReadEventAsync(TestContext.Current.CancellationToken))
        {
            parser.Feed(reader.CurrentEvent);
            while (parser.TryNext(out var next))
            {
                if (next is RowsEvent { Table: { } map } rows && tables.TryGetValue(map.ToString(), out var final)
                    && map.ColumnCount == final.Columns.Count)
                {
                    var sources = Enumerable.Range(0, map.ColumnCount).ToArray();
                    var plan = RowDecodePlan.Create(map, final.Columns, final.RowType, sources, Options);
                    var batch = new ColumnBatch(final.RowType, withKinds: true);
                    decoder.Decode(rows, plan, batch);
                    final.Fold(batch);
                }
            }
        }
    }

    private static async Task<Dictionary<string, FinalTable>> ReadFinalTablesAsync(string path)
    {
        await using Stream stream = File.Exists(path)
            ? File.OpenRead(path)
            : new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var tables = new Dictionary<string, FinalTable>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var name = json.RootElement.GetProperty("table").GetString()!;
            if (json.RootElement.TryGetProperty("columns", out var columns))
            {
                tables.Add(name, new FinalTable(columns));
            }
            else
            {
                tables[name].Select(json.RootElement.GetProperty("row"));
            }
        }

        return tables;
    }

    private sealed class FinalTable
    {
        public FinalTable(JsonElement columns)
        {
            Columns = [.. columns.EnumerateArray().Select(column => new MySqlColumn(
                column[0].GetString()!, MySqlColumnType.Parse(column[1].GetString()!, column[2].GetString())))];
            RowType = new RowType([.. Columns.Select((column, i) => new DataField(i, column.Name, TypeMapping.ToPaimon(column, Options)))]);
        }

        public List<MySqlColumn> Columns { get; }

        public RowType RowType { get; }

        public Dictionary<string, int> Folded { get; } = [];

        public Dictionary<string, int> Selected { get; } = [];

        public bool IsCompared => Folded.Count > 0;

        public void Fold(ColumnBatch batch)
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                var text = Render(batch, row);
                Folded[text] = Folded.GetValueOrDefault(text) + (batch.KindOf(row).IsAdd() ? 1 : -1);
            }
        }

        public void Select(JsonElement row)
        {
            var batch = new ColumnBatch(RowType);
            for (var i = 0; i < Columns.Count; i++)
            {
                var value = row.GetProperty(Columns[i].Name);
                var isNull = value.ValueKind == JsonValueKind.Null;
                new TextValueDecoder(Columns[i], Options).Append(isNull ? [] : Bytes(value, Columns[i].Type), isNull, batch.Columns[i]);
            }

            batch.EndRows(1);
            var text = Render(batch, 0);
            Selected[text] = Selected.GetValueOrDefault(text) + 1;
        }

        private static byte[] Bytes(JsonElement value, MySqlColumnType type)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                return Convert.FromHexString(value.GetProperty("$hex").GetString()!);
            }

            if (type.Kind == MySqlTypeKind.Bit)
            {
                var bytes = new byte[8];
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, value.GetUInt64());
                return bytes[^((type.Length + 7) / 8)..];
            }

            return Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
        }

        private static string Render(ColumnBatch batch, int row) => string.Join(
            "|", batch.RowType.Fields.Select((field, i) => $"{field.Name}={Render(batch.Columns[i], row)}"));

        private static string Render(ColumnVector vector, int row) => vector.IsNull(row) ? "NULL" : vector switch
        {
            FixedVector<sbyte> values => values.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<short> values => values.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<int> values => values.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<long> values => values.Values[row].ToString(CultureInfo.InvariantCulture),
            FixedVector<float> values => BitConverter.SingleToInt32Bits(values.Values[row]).ToString(CultureInfo.InvariantCulture),
            FixedVector<double> values => BitConverter.DoubleToInt64Bits(values.Values[row]).ToString(CultureInfo.InvariantCulture),
            FixedVector<Int128> values => values.Values[row].ToString(CultureInfo.InvariantCulture),
            BooleanVector values => values[row].ToString(),
            BinaryVector values when vector.Type.Root is TypeRoot.Char or TypeRoot.VarChar => Encoding.UTF8.GetString(values[row]),
            BinaryVector values => Convert.ToHexString(values[row]),
            ListVector list => string.Join(",", Enumerable.Range(list.Offsets[row], list.Offsets[row + 1] - list.Offsets[row])
                .Select(i => Render(list.Elements, i))),
            _ => throw new NotSupportedException(vector.Type.ToString()),
        };
    }
}
