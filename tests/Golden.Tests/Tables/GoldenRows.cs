using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>Rows in one spelling for equal values, compared as multisets.</summary>
internal static class GoldenRows
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON text: members sorted, numbers in their shortest form.</summary>
    public static string Normalize(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Normalize(document.RootElement);
    }

    /// <summary>A JSON text whose numbers may differ in their last digits, as a sum does by the way it is computed.</summary>
    public static string NormalizeSums(string json)
    {
        using var document = JsonDocument.Parse(json);
        return $"[{string.Join(",", document.RootElement.EnumerateObject().Select(member => member.Value.ValueKind == JsonValueKind.Number
            ? Shortest(Math.Round(member.Value.GetDouble(), 9))
            : Normalize(member.Value)))}]";
    }

    /// <summary>A row as an array whose own arrays are sorted: what aggregators take out of hash tables has no order.</summary>
    public static string WithSortedArrays(string row)
    {
        using var document = JsonDocument.Parse(row);
        return $"[{string.Join(",", document.RootElement.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Array
            ? $"[{string.Join(",", value.EnumerateArray().Select(Normalize).Order(StringComparer.Ordinal))}]"
            : Normalize(value)))}]";
    }

    /// <summary>A value: members sorted, numbers in their shortest form.</summary>
    public static string Normalize(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new StringBuilder("{").AppendJoin(',', value.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{Text(member.Name)}:{Normalize(member.Value)}")).Append('}').ToString(),
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(Normalize))}]",
        JsonValueKind.Number => value.TryGetInt64(out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : Shortest(value.GetDouble()),
        JsonValueKind.String => Text(WithSortedMembers(value.GetString()!)),
        _ => value.GetRawText(),
    };

    // System tables show options as the text of an object, whose members Java gives in the order of a hash.
    private static string WithSortedMembers(string text)
    {
        try
        {
            return text.StartsWith("{\"", StringComparison.Ordinal) ? Normalize(text) : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>The members of an object in order, without those that begin with '_', as an array.</summary>
    public static string AsArray(string json)
    {
        using var document = JsonDocument.Parse(json);
        return $"[{string.Join(",", document.RootElement.EnumerateObject().Select(member => Normalize(member.Value)))}]";
    }

    /// <summary>A value, as FLOAT or as it is.</summary>
    public static string Cell(JsonElement value, bool isFloat) =>
        isFloat && value.ValueKind == JsonValueKind.Number
            ? ((float)value.GetDouble()).ToString("R", CultureInfo.InvariantCulture)
            : Normalize(value);

    /// <summary>A row as an array whose FLOAT values are compared as such: Java prints more than their shortest digits.</summary>
    public static string RowWithFloats(JsonElement row, IReadOnlySet<int> floats) =>
        $"[{string.Join(",", row.EnumerateArray().Select((value, i) => Cell(value, floats.Contains(i))))}]";

    /// <summary>The same of an object's members in order.</summary>
    public static string RowWithFloats(string json, IReadOnlySet<int> floats)
    {
        using var document = JsonDocument.Parse(json);
        return $"[{string.Join(",", document.RootElement.EnumerateObject().Select((member, i) => Cell(member.Value, floats.Contains(i))))}]";
    }

    /// <summary>The names of an object's members in order.</summary>
    public static IReadOnlyList<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }

    /// <summary>The first difference of two multisets, null when they are equal.</summary>
    public static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var wanted = expected.Order(StringComparer.Ordinal).ToList();
        var found = actual.Order(StringComparer.Ordinal).ToList();
        return wanted.SequenceEqual(found)
            ? null
            : $"{wanted.Count} rows expected, {found.Count} read; missing {wanted.Except(found).FirstOrDefault()}; "
                + $"not expected {found.Except(wanted).FirstOrDefault()}";
    }

    /// <summary>The order-independent checksum of rows that large cases record instead of the rows.</summary>
    public static string Checksum(IEnumerable<string> rowsAsArrays)
    {
        var sum = 0UL;
        foreach (var row in rowsAsArrays)
        {
            sum += BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(row)));
        }

        return sum.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Text(string value) => JsonSerializer.Serialize(value, Relaxed);

    // The smallest FLOATs have several shortest spellings: 1E-45 and 1.4E-45 are one value.
    private static string Shortest(double value) => (Math.Abs(value) < 1.2e-38 ? (float)value : value)
        .ToString("R", CultureInfo.InvariantCulture);
}
