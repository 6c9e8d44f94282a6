using System.Text.Json;
using System.Text.Unicode;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Snapshot files in and out (docs/format.md#snapshot). Written byte for byte as Paimon 1.4 does: members in a fixed order,
/// absent ones left out. On reading, order does not count and unknown members are ignored.
/// </summary>
internal static class SnapshotJson
{
    private const int OldestVersion = 1;

    /// <summary>Writes a snapshot.</summary>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static byte[] Write(Snapshot snapshot)
    {
        var writer = new PrettyJsonWriter();
        writer.StartObject();
        WriteMembers(writer, snapshot);
        writer.EndObject();
        return writer.ToUtf8();
    }

    /// <summary>Writes the members of a snapshot into an object that is open.</summary>
    public static void WriteMembers(PrettyJsonWriter writer, Snapshot snapshot)
    {
        writer.Member("version", snapshot.Version);
        writer.Member("id", snapshot.Id);
        writer.Member("schemaId", snapshot.SchemaId);
        writer.Member("baseManifestList", snapshot.BaseManifestList);
        WriteOptional(writer, "baseManifestListSize", snapshot.BaseManifestListSize);
        writer.Member("deltaManifestList", snapshot.DeltaManifestList);
        WriteOptional(writer, "deltaManifestListSize", snapshot.DeltaManifestListSize);
        WriteOptional(writer, "changelogManifestList", snapshot.ChangelogManifestList);
        WriteOptional(writer, "changelogManifestListSize", snapshot.ChangelogManifestListSize);
        WriteOptional(writer, "indexManifest", snapshot.IndexManifest);
        writer.Member("commitUser", snapshot.CommitUser);
        writer.Member("commitIdentifier", snapshot.CommitIdentifier);
        writer.Member("commitKind", ToText(snapshot.CommitKind));
        writer.Member("timeMillis", snapshot.TimeMillis);
        writer.Member("totalRecordCount", snapshot.TotalRecordCount);
        writer.Member("deltaRecordCount", snapshot.DeltaRecordCount);
        WriteOptional(writer, "changelogRecordCount", snapshot.ChangelogRecordCount);
        WriteOptional(writer, "watermark", snapshot.Watermark);
        WriteOptional(writer, "statistics", snapshot.Statistics);
        if (snapshot.Properties is not null)
        {
            writer.Member("properties", snapshot.Properties);
        }

        WriteOptional(writer, "nextRowId", snapshot.NextRowId);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="PaimonException">Corrupt: no snapshot. Unsupported: a newer version.</exception>
    public static Snapshot Read(ReadOnlySpan<byte> utf8, string path)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new CorruptDataException("The snapshot is not UTF-8 text.", path);
        }

        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, path);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second one: a text of lone surrogates.
            throw new CorruptDataException($"The snapshot is not JSON: {error.Message}", path, innerException: error);
        }
        catch (CorruptDataException error)
        {
            throw error.InFile(path);
        }
    }

    private static Snapshot Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            CorruptDataException.Throw($"A snapshot is a JSON object, not {json.ValueKind}.");
        }

        var version = Number(json, "version") ?? OldestVersion;
        if (version is < OldestVersion or > Snapshot.CurrentVersion)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"{path}: snapshots of version {version} are not supported; the newest known is {Snapshot.CurrentVersion}.");
        }

        return new Snapshot
        {
            Version = (int)version,
            Id = Require(json, "id"),
            SchemaId = Require(json, "schemaId"),
            BaseManifestList = RequireText(json, "baseManifestList"),
            BaseManifestListSize = Number(json, "baseManifestListSize"),
            DeltaManifestList = RequireText(json, "deltaManifestList"),
            DeltaManifestListSize = Number(json, "deltaManifestListSize"),
            ChangelogManifestList = Text(json, "changelogManifestList"),
            ChangelogManifestListSize = Number(json, "changelogManifestListSize"),
            IndexManifest = Text(json, "indexManifest"),
            CommitUser = Text(json, "commitUser"),
            CommitIdentifier = Require(json, "commitIdentifier"),
            CommitKind = ReadKind(Text(json, "commitKind")),
            TimeMillis = Number(json, "timeMillis") ?? 0,
            TotalRecordCount = Number(json, "totalRecordCount") ?? 0,
            DeltaRecordCount = Number(json, "deltaRecordCount") ?? 0,
            ChangelogRecordCount = Number(json, "changelogRecordCount"),
            Watermark = Number(json, "watermark"),
            Statistics = Text(json, "statistics"),
            Properties = ReadProperties(json),
            NextRowId = Number(json, "nextRowId"),
        };
    }

    private static string? ToText(CommitKind kind) => kind switch
    {
        CommitKind.Append => "APPEND",
        CommitKind.Compact => "COMPACT",
        CommitKind.Overwrite => "OVERWRITE",
        CommitKind.Analyze => "ANALYZE",
        _ => null,
    };

    private static CommitKind ReadKind(string? text) => text switch
    {
        null => CommitKind.Unknown,
        "APPEND" => CommitKind.Append,
        "COMPACT" => CommitKind.Compact,
        "OVERWRITE" => CommitKind.Overwrite,
        "ANALYZE" => CommitKind.Analyze,
        _ => throw new CorruptDataException(
            $"The commitKind of a snapshot is APPEND, COMPACT, OVERWRITE or ANALYZE; found '{text}'."),
    };

    private static Dictionary<string, string>? ReadProperties(JsonElement json)
    {
        if (!TryGet(json, "properties", out var element))
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            CorruptDataException.Throw($"The properties of a snapshot are an object of texts; found {element.ValueKind}.");
        }

        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            properties[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : property.Value.GetRawText();
        }

        return properties;
    }

    private static long Require(JsonElement json, string member) =>
        Number(json, member) ?? throw new CorruptDataException($"The snapshot has no '{member}'.");

    private static string RequireText(JsonElement json, string member) =>
        Text(json, member) ?? throw new CorruptDataException($"The snapshot has no '{member}'.");

    /// <summary>A number; the oldest snapshots hold some of them as texts.</summary>
    private static long? Number(JsonElement json, string member)
    {
        if (!TryGet(json, member, out var element))
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number))
        {
            return number;
        }

        return element.ValueKind == JsonValueKind.String && long.TryParse(element.GetString(), out number)
            ? number
            : throw new CorruptDataException($"'{member}' of a snapshot is a number; found {element.GetRawText()}.");
    }

    private static string? Text(JsonElement json, string member)
    {
        if (!TryGet(json, member, out var element))
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.String
            ? element.GetString()
            : throw new CorruptDataException($"'{member}' of a snapshot is a text; found {element.ValueKind}.");
    }

    private static bool TryGet(JsonElement json, string member, out JsonElement element) =>
        json.TryGetProperty(member, out element) && element.ValueKind != JsonValueKind.Null;

    private static void WriteOptional(PrettyJsonWriter writer, string name, long? value)
    {
        if (value is not null)
        {
            writer.Member(name, value.Value);
        }
    }

    private static void WriteOptional(PrettyJsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.Member(name, value);
        }
    }
}
