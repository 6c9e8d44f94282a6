using System.Text.Json;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>The conditions of reads: <c>{op, field, value | values}</c> and <c>{op: and|or, args}</c>.</summary>
internal static class FilterReader
{
    public static Predicate Read(JsonElement filter, RowType rowType)
    {
        var operation = filter.GetProperty("op").GetString()!;
        if (operation is "and" or "or")
        {
            Predicate[] children = [.. filter.GetProperty("args").EnumerateArray().Select(child => Read(child, rowType))];
            return operation == "and" ? Predicate.And(children) : Predicate.Or(children);
        }

        return Predicate.Leaf(
            rowType,
            filter.GetProperty("field").GetString()!,
            Enum.Parse<PredicateOperator>(operation, ignoreCase: true),
            Literals(filter));
    }

    private static object?[] Literals(JsonElement filter)
    {
        if (filter.TryGetProperty("values", out var values))
        {
            return [.. values.EnumerateArray().Select(Literal)];
        }

        return filter.TryGetProperty("value", out var value) ? [Literal(value)] : [];
    }

    /// <summary>A value as a CLR object.</summary>
    public static object? Literal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Object => Convert.FromHexString(value.GetProperty("$hex").GetString()!),
        _ => value.GetString(),
    };
}
