using System.Globalization;
using System.Text;
using System.Text.Json;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>
/// A table of a real server and what its own client selects from it, brought, like the rows of the mirroring table, to one
/// text a row under the type table of docs/cdc.md.
/// </summary>
internal sealed class ServerRows
{
    private const string Null = "␀";
    private readonly RealServer _server;
    private readonly string _database;
    private readonly string _table;
    private readonly List<Column> _columns;

    private ServerRows(RealServer server, string database, string table, List<Column> columns) =>
        (_server, _database, _table, _columns) = (server, database, table, columns);

    public static async Task<ServerRows> DescribeAsync(RealServer server, string database, string table)
    {
        var rows = await server.QueryAsync(
            "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, COALESCE(DATETIME_PRECISION, NUMERIC_PRECISION, 0) "
            + $"FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{database}' AND TABLE_NAME = '{table}' ORDER BY ORDINAL_POSITION");
        Assert.NotEmpty(rows);
        var columns = rows
            .Select(row => new Column(row[0]!, KindOf(row[1]!, row[2]!), row[2]!, int.Parse(row[3]!, CultureInfo.InvariantCulture)));
        return new ServerRows(server, database, table, [.. columns]);
    }

    /// <summary>The server's column types.</summary>
    public string ColumnTypes => string.Join(", ", _columns.Select(column => column.ColumnType));

    /// <summary>The server's rows, sorted.</summary>
    public async Task<List<string>> ReadServerAsync()
    {
        var expressions = string.Join(", ", _columns.Select(Expression));
        var rows = await _server.QueryAsync($"SET time_zone = '+00:00'; SELECT {expressions} FROM `{_table}`", _database);
        return Sorted(rows.Select(row => string.Join('|', row.Select((value, i) => OfServer(_columns[i], value)))));
    }

    /// <summary>The mirroring table's rows, given as JSON objects, sorted; columns that only it has must be NULL.</summary>
    public List<string> Canonical(IEnumerable<string> rows) => Sorted(rows.Select(Canonical));

    private string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        var row = document.RootElement;
        return string.Join('|', _columns.Select(column => OfMirror(column, row.GetProperty(column.Name))));
    }

    private static List<string> Sorted(IEnumerable<string> rows)
    {
        var sorted = rows.ToList();
        sorted.Sort(StringComparer.Ordinal);
        return sorted;
    }

    private static string KindOf(string dataType, string columnType) => columnType switch
    {
        "tinyint(1)" => "bool",
        "bit(1)" => "bit1",
        _ => dataType switch
        {
            "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext" or "enum" => "text",
            "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" or "vector" => "bytes",
            "datetime" or "timestamp" => "datetime",
            "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geometrycollection"
                or "geomcollection" or "geometry" => "geometry",
            _ => dataType,
        },
    };

    private string Expression(Column column)
    {
        var name = $"`{column.Name.Replace("`", "``", StringComparison.Ordinal)}`";
        return column.Kind switch
        {
            "text" or "set" or "json" => $"HEX(CONVERT({name} USING utf8mb4))",
            "bytes" or "bit" => $"HEX({name})",
            "bit1" or "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "year" => $"{name} + 0",
            "float" => $"{name} * 1e0",
            "geometry" => $"CONCAT(ST_SRID({name}), ';', ST_AsGeoJSON({name}))",
            _ => name,
        };
    }

    private static string OfServer(Column column, string? value)
    {
        if (value is null)
        {
            return Null;
        }

        switch (column.Kind)
        {
            case "bool" or "bit1":
                return value == "0" ? "false" : "true";
            case "text" or "set" or "json":
                return Encoding.UTF8.GetString(Convert.FromHexString(value));
            case "bit":
                return value.PadLeft((column.Precision + 7) / 8 * 2, '0');
            case "float":
                return Single((float)double.Parse(value, CultureInfo.InvariantCulture));
            case "double":
                return Double(double.Parse(value, CultureInfo.InvariantCulture));
            case "date":
                return IsDate(value) ? value : Null;
            case "datetime":
                return IsDate(value[..10]) ? value.Replace(' ', 'T') : Null;
            case "time" when column.Precision <= 3:
                return Time(value);
            case "geometry":
                var parts = value.Split(';', 2);
                return $"{parts[0]};{Geometry(parts[1])}";
            default:
                return value;
        }
    }

    private static string OfMirror(Column column, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => Null,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object => value.GetProperty("$hex").GetString()!.ToUpperInvariant(),
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => item.GetString())),
        JsonValueKind.Number when column.Kind == "float" => Single(value.GetSingle()),
        JsonValueKind.Number when column.Kind == "double" => Double(value.GetDouble()),
        JsonValueKind.Number => value.GetRawText(),
        _ => column.Kind switch
        {
            "time" when column.Precision <= 3 => Time(value.GetString()!),
            "geometry" => Geometry(value.GetString()!, withSrid: true),
            _ => value.GetString()!,
        },
    };

    private static string Geometry(string json, bool withSrid = false)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var srid = withSrid ? root.GetProperty("srid").GetInt32() + ";" : "";
        var content = root.TryGetProperty("geometries", out var many)
            ? string.Join(' ', many.EnumerateArray().Select(item => Geometry(item.GetRawText())))
            : Numbers(root.GetProperty("coordinates"));
        return $"{srid}{root.GetProperty("type").GetString()} {content}";
    }

    private static string Numbers(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? "[" + string.Join(',', value.EnumerateArray().Select(Numbers)) + "]"
        : Double(value.GetDouble());

    // Zero dates and days that no calendar has are NULL in the table.
    private static bool IsDate(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static string Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture).ToString();

    private static string Single(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Double(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private sealed record Column(string Name, string Kind, string ColumnType, int Precision);
}
