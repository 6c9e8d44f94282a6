using System.Globalization;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Tag files in and out: a snapshot's members, and two more for a tag that is kept for a time (docs/format.md#tag). Times are
/// arrays of local date and time whose zeros at the end are left out, durations decimal seconds, as Java's libraries write them.
/// </summary>
internal static class TagJson
{
    private const string CreateTimeMember = "tagCreateTime";
    private const string TimeRetainedMember = "tagTimeRetained";
    private const int MinTimeParts = 5;
    private const int MaxTimeParts = 7;
    private const int NanosPerTick = 100;
    private const decimal NineDigits = 0.000000000m;

    /// <summary>Writes a tag; one without times is a snapshot, byte for byte.</summary>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static byte[] Write(Tag tag)
    {
        var writer = new PrettyJsonWriter();
        writer.StartObject();
        SnapshotJson.WriteMembers(writer, tag.Snapshot);
        if (tag.CreatedAt is { } created)
        {
            writer.Name(CreateTimeMember);
            WriteTime(writer, created);
        }

        if (tag.TimeRetained is { } retained)
        {
            writer.Name(TimeRetainedMember);
            writer.Value((retained.Ticks / (decimal)TimeSpan.TicksPerSecond) + NineDigits);
        }

        writer.EndObject();
        return writer.ToUtf8();
    }

    /// <summary>Reads a tag.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="PaimonException">Corrupt: no tag. Unsupported: a newer version.</exception>
    public static Tag Read(string name, ReadOnlyMemory<byte> utf8, string path)
    {
        var snapshot = SnapshotJson.Read(utf8.Span, path);
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        try
        {
            return new Tag(name, snapshot, ReadTime(root), ReadDuration(root));
        }
        catch (CorruptDataException error)
        {
            throw error.InFile(path);
        }
    }

    private static void WriteTime(PrettyJsonWriter writer, DateTime time)
    {
        var nanos = time.Ticks % TimeSpan.TicksPerSecond * NanosPerTick;
        long[] parts = [time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, nanos];
        var count = nanos != 0 ? MaxTimeParts : time.Second != 0 ? MaxTimeParts - 1 : MinTimeParts;
        writer.StartArray();
        foreach (var part in parts.AsSpan(0, count))
        {
            writer.Value(part);
        }

        writer.EndArray();
    }

    private static DateTime? ReadTime(JsonElement root)
    {
        if (!root.TryGetProperty(CreateTimeMember, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() is >= MinTimeParts and <= MaxTimeParts)
        {
            var parts = new int[MaxTimeParts];
            var count = 0;
            while (count < json.GetArrayLength()
                && json[count].ValueKind == JsonValueKind.Number && json[count].TryGetInt32(out parts[count]))
            {
                count++;
            }

            if (count == json.GetArrayLength() && TryTime(parts, out var time))
            {
                return time;
            }
        }

        throw new CorruptDataException(
            $"'{CreateTimeMember}' of a tag is [year, month, day, hour, minute, second, nanosecond]; found {Excerpt(json)}.");
    }

    private static bool TryTime(int[] parts, out DateTime time)
    {
        try
        {
            time = new DateTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Local)
                .AddTicks(parts[6] / NanosPerTick);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            time = default;
            return false;
        }
    }

    private static TimeSpan? ReadDuration(JsonElement root)
    {
        if (!root.TryGetProperty(TimeRetainedMember, out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.Number
            && json.TryGetDecimal(out var seconds)
            && Math.Abs(seconds) <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond)
        {
            return TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }

        throw new CorruptDataException($"'{TimeRetainedMember}' of a tag is a number of seconds; found {Excerpt(json)}.");
    }

    private static string Excerpt(JsonElement json)
    {
        const int MaxLength = 100;
        var text = json.GetRawText();
        return text.Length <= MaxLength ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, MaxLength)}…");
    }
}
