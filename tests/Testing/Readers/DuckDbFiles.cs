using System.Globalization;
using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Testing.Readers;

/// <summary>Compares what DuckDB reads in the Parquet files of a table with what we read in them, value by value.</summary>
internal static class DuckDbFiles
{
    private const int FilesPerQuery = 200;

    // DuckDB cuts the nanoseconds of INT96 to microseconds, towards the epoch where they are negative.
    private const int DuckDbPrecision = 6;

    /// <summary>Compares all Parquet files below a table's folder, changelog files and files of old snapshots included.</summary>
    /// <param name="folder">The table's folder.</param>
    public static async Task CompareAsync(string folder)
    {
        var fields = (await Table.OpenAsync(folder)).Schema.RowType.Fields;
        var files = Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
            .Where(IsWhole).Order(StringComparer.Ordinal);
        var shapes = new Dictionary<string, List<(string Path, RowType Columns)>>();
        foreach (var path in files)
        {
            var columns = await ColumnsOfAsync(path, fields);
            var shape = string.Join(',', columns.Fields.Select(field => field.Name));
            (shapes.TryGetValue(shape, out var same) ? same : shapes[shape] = []).Add((path, columns));
        }

        foreach (var some in shapes.Values.SelectMany(same => same.Chunk(FilesPerQuery)))
        {
            await CompareAsync([.. some.Select(file => file.Path)], some[0].Columns);
        }
    }

    // A writer that was killed leaves files without an end. That no snapshot names one is for the independent checker to say.
    private static bool IsWhole(string path) => File.ReadAllBytes(path).AsSpan().EndsWith("PAR1"u8);

    private static async Task<RowType> ColumnsOfAsync(string path, IReadOnlyList<DataField> fields)
    {
        await using var reader = await OpenAsync(path);
        DataField[] system =
        [
            new DataField(int.MaxValue - 1, "_SEQUENCE_NUMBER", DataTypes.BigInt),
            new DataField(int.MaxValue - 2, "_VALUE_KIND", DataTypes.TinyInt),
        ];
        return new RowType([.. fields.Concat(system).Where(field => reader.ColumnNames.Contains(field.Name))]);
    }

    private static async Task CompareAsync(string[] paths, RowType rowType)
    {
        var columns = string.Join(", ", rowType.Fields.Select((field, i) => $"{Expression(field)} c{i}"));
        var list = string.Join(", ", paths.Select(path => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'"));
        var theirs = await DuckDb.QueryAsync(
            "set enable_progress_bar = false; set TimeZone = 'UTC'; "
            + $"select {columns} from read_parquet([{list}], filename = true, file_row_number = true, hive_partitioning = false) order by filename, file_row_number");
        var at = 0;
        foreach (var path in paths)
        {
            var ours = await ReadAsync(path, rowType);
            for (var row = 0; row < ours[0].Length; row++, at++)
            {
                for (var i = 0; i < ours.Length; i++)
                {
                    var (mine, other) = (Mine(ours[i], row), Theirs(ours[i].Type, theirs[at].GetProperty($"c{i}")));
                    Assert.True(mine == other, $"{path}, row {row}, {rowType.Fields[i].Name}: we read {mine}, DuckDB {other}");
                }
            }
        }

        Assert.Equal(at, theirs.Count);
    }

    private static async Task<ColumnVector[]> ReadAsync(string path, RowType rowType)
    {
        await using var reader = await OpenAsync(path);
        await using var cursor = reader.OpenCursor(rowType);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        while (await cursor.ReadAsync(columns, 4096, CancellationToken.None) > 0)
        {
        }

        return columns;
    }

    private static async Task<IFormatReader> OpenAsync(string path)
    {
        var none = CancellationToken.None;
        return await ParquetFileFormat.Instance.OpenAsync(await new LocalFileIO().OpenAsync(path, none), none);
    }

    private static string Expression(DataField field)
    {
        var name = $"\"{field.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return field.Type.Root switch
        {
            TypeRoot.Decimal or TypeRoot.Date or TypeRoot.Time or TypeRoot.BigInt => $"{name}::varchar",
            TypeRoot.Timestamp or TypeRoot.TimestampLtz => $"strftime({name}, '%Y-%m-%dT%H:%M:%S.%f')",
            TypeRoot.Float or TypeRoot.Double => $"{name}::double::varchar",
            TypeRoot.Binary or TypeRoot.VarBinary => $"hex({name})",
            TypeRoot.Array => $"to_json({name})::varchar",
            _ => name,
        };
    }

    private static string Mine(ColumnVector column, int row)
    {
        using var document = JsonDocument.Parse(TableRows.ToJson(column, row));
        var value = document.RootElement;
        return value.ValueKind == JsonValueKind.Null ? "NULL" : column.Type.Root switch
        {
            TypeRoot.Float => ((double)((FixedVector<float>)column).Values[row]).ToString("R", CultureInfo.InvariantCulture),
            TypeRoot.Double => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            TypeRoot.Binary or TypeRoot.VarBinary => value.GetProperty("$hex").GetString()!.ToUpperInvariant(),
            TypeRoot.Time => TimeSpan.Parse(value.GetString()!, CultureInfo.InvariantCulture).ToString(),
            TypeRoot.Timestamp or TypeRoot.TimestampLtz when ((TemporalType)column.Type).Precision > DuckDbPrecision =>
                ToMicroseconds(value.GetString()!),
            TypeRoot.Array => string.Join('\u0001', value.EnumerateArray().Select(item => item.GetString())),
            _ => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(),
        };
    }

    private static string ToMicroseconds(string text)
    {
        var digits = text.TrimEnd('Z')[20..].PadRight(9, '0');
        var seconds = (DateTime.Parse(text[..19], CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;
        var micros = ((seconds * 1_000_000_000) + long.Parse(digits, CultureInfo.InvariantCulture)) / 1000;
        var time = DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
        return time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + (text.EndsWith('Z') ? "Z" : "");
    }

    private static string Theirs(DataType type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "NULL";
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        switch (type.Root)
        {
            case TypeRoot.Float or TypeRoot.Double:
                return double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
            case TypeRoot.Decimal:
                // No digit stands before the point where the type has none.
                return text.StartsWith('.') ? "0" + text : text.StartsWith("-.", StringComparison.Ordinal) ? "-0" + text[1..] : text;
            case TypeRoot.Time:
                return TimeSpan.Parse(text.Split('+')[0], CultureInfo.InvariantCulture).ToString();
            case TypeRoot.Timestamp or TypeRoot.TimestampLtz:
                var precision = Math.Min(((TemporalType)type).Precision, DuckDbPrecision);
                return (precision == 0 ? text[..19] : text[..(20 + precision)]) + (type.Root == TypeRoot.Timestamp ? "" : "Z");
            case TypeRoot.Array:
                using (var document = JsonDocument.Parse(text))
                {
                    return string.Join('\u0001', document.RootElement.EnumerateArray().Select(item => item.GetString()));
                }

            default:
                return text;
        }
    }
}
