using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// One spelling for equal JSON values: members of objects sorted, numbers in their shortest form (FLOAT as such: Java prints
/// more than its shortest digits), pairs of maps sorted.
/// </summary>
internal static class CanonicalText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type, where it is known.</param>
    public static string Of(JsonElement value, DataType? type = null) => value.ValueKind switch
    {
        JsonValueKind.Object => OfObject(value, type as RowType),
        JsonValueKind.Array => OfArray(value, type),
        JsonValueKind.Number => OfNumber(value, type),
        JsonValueKind.String => OfText(value.GetString()!, type),
        _ => value.GetRawText(),
    };

    /// <summary>The text of a row.</summary>
    /// <param name="row">An array of values.</param>
    /// <param name="types">The types of the values, null where unknown.</param>
    public static string OfRow(JsonElement row, IReadOnlyList<DataType?> types) =>
        $"[{string.Join(",", row.EnumerateArray().Select((value, i) => Of(value, i < types.Count ? types[i] : null)))}]";

    /// <summary>The first difference of two multisets, null when they are equal.</summary>
    public static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var wanted = expected.Order(StringComparer.Ordinal).ToList();
        var found = actual.Order(StringComparer.Ordinal).ToList();
        if (wanted.SequenceEqual(found))
        {
            return null;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        wanted.ForEach(text => counts[text] = counts.GetValueOrDefault(text) + 1);
        found.ForEach(text => counts[text] = counts.GetValueOrDefault(text) - 1);
        var missing = counts.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order(StringComparer.Ordinal).FirstOrDefault();
        var surplus = counts.Where(pair => pair.Value < 0).Select(pair => pair.Key).Order(StringComparer.Ordinal).FirstOrDefault();
        return $"{wanted.Count} expected, {found.Count} found; missing {missing ?? "none"}; not expected {surplus ?? "none"}";
    }

    // A text of a system table that is a JSON object was made from a hash map: the order of its members says nothing.
    private static string OfText(string text, DataType? type)
    {
        if (type is null && text.StartsWith("{\"", StringComparison.Ordinal) && text.EndsWith('}'))
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                return Of(json.RootElement);
            }
            catch (JsonException)
            {
                // It only looks like one.
            }
        }

        return JsonSerializer.Serialize(text, Relaxed);
    }

    private static string OfObject(JsonElement value, RowType? type) =>
        "{" + string.Join(',', value.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{JsonSerializer.Serialize(member.Name, Relaxed)}:{Of(member.Value, TypeOf(type, member.Name))}")) + "}";

    private static DataType? TypeOf(RowType? type, string member) =>
        type?.Fields.FirstOrDefault(field => field.Name == member)?.Type;

    private static string OfArray(JsonElement value, DataType? type)
    {
        var items = value.EnumerateArray();
        var texts = type switch
        {
            ArrayType array => items.Select(item => Of(item, array.Element)),
            MapType map => items.Select(pair => OfRow(pair, [map.Key, map.Value])).Order(StringComparer.Ordinal),
            MultisetType set => items.Select(item => OfMember(item, set.Element)).Order(StringComparer.Ordinal),
            _ => items.Select(item => Of(item)),
        };
        return $"[{string.Join(",", texts)}]";
    }

    // A pair of a value and a count, or an element of an array whose order says nothing.
    private static string OfMember(JsonElement item, DataType element) =>
        item.ValueKind == JsonValueKind.Array ? OfRow(item, [element, null]) : Of(item, element);

    private static string OfNumber(JsonElement value, DataType? type)
    {
        if (type is null || type.Root is not (TypeRoot.Float or TypeRoot.Double))
        {
            if (value.TryGetInt64(out var whole))
            {
                return whole.ToString(CultureInfo.InvariantCulture);
            }
        }

        var number = value.GetDouble();
        return type?.Root == TypeRoot.Float
            ? ((float)number).ToString("R", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }
}
