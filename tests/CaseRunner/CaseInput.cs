using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.CaseRunner;

/// <summary>The folder of a case: its input, what was recorded of it, and its table where one was kept.</summary>
internal sealed class CaseInput : IDisposable
{
    private readonly string _folder;
    private readonly JsonDocument _input;
    private readonly JsonDocument _expected;
    private TempDirectory? _unpacked;

    private CaseInput(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        _input = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")));
        _expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
    }

    /// <summary>How results are written.</summary>
    public static JsonSerializerOptions Written { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name { get; }

    public JsonElement Root => _input.RootElement;

    public JsonElement Expected => _expected.RootElement;

    public JsonElement Steps => Root.GetProperty("steps");

    public IEnumerable<JsonElement> Reads =>
        Root.TryGetProperty("reads", out var reads) ? reads.EnumerateArray() : [];

    public bool IgnoresEmptyCommits => Root.TryGetProperty("ignoreEmptyCommit", out var ignored) && ignored.GetBoolean();

    /// <summary>True where rows are recorded as a count and a checksum.</summary>
    public bool RecordsChecksums => Record("rows") == "checksum";

    public bool RecordsStatistics => Record("stats") == "true";

    public bool RecordsChangelog => Record("changelog") != "false";

    public static CaseInput Open(string folder) => new(folder);

    /// <summary>The value of a table option of the schema.</summary>
    public string? Option(string key) =>
        Root.GetProperty("schema").GetProperty("options").TryGetProperty(key, out var value) ? value.GetString() : null;

    /// <summary>The definition of the table.</summary>
    public TableDefinition Definition()
    {
        var schema = Root.GetProperty("schema");
        return new TableDefinition
        {
            Columns = [.. schema.GetProperty("fields").EnumerateArray().Select(Column)],
            PrimaryKeys = Names(schema, "primaryKeys"),
            PartitionKeys = Names(schema, "partitionKeys"),
            Options = schema.GetProperty("options").EnumerateObject()
                .ToDictionary(option => option.Name, option => option.Value.GetString()!, StringComparer.Ordinal),
            Comment = schema.TryGetProperty("comment", out var comment) ? comment.GetString() : null,
        };
    }

    /// <summary>The recorded table's directory, unpacked into a temporary folder where it is packed; null where none was kept.</summary>
    public string? RecordedTable()
    {
        var table = Path.Combine(_folder, "table");
        if (Directory.Exists(table))
        {
            return table;
        }

        var zip = Path.Combine(_folder, "table.zip");
        if (!File.Exists(zip))
        {
            return null;
        }

        if (_unpacked is null)
        {
            _unpacked = new TempDirectory("case");
            ZipFile.ExtractToDirectory(zip, _unpacked.Path);
        }

        return _unpacked.File("table");
    }

    public void Dispose()
    {
        _input.Dispose();
        _expected.Dispose();
        _unpacked?.Dispose();
    }

    private static ColumnDefinition Column(JsonElement field) => new(
        field.GetProperty("name").GetString()!,
        DataTypeJson.Read(field.GetProperty("type")),
        field.TryGetProperty("description", out var text) ? text.GetString() : null,
        field.TryGetProperty("defaultValue", out var value) ? value.GetString() : null);

    private static string[] Names(JsonElement schema, string member) =>
        [.. schema.GetProperty(member).EnumerateArray().Select(name => name.GetString()!)];

    private string? Record(string member) =>
        Root.TryGetProperty("record", out var record) && record.TryGetProperty(member, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;
}
