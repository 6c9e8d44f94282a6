namespace PaimonSharp.Merge.Tests;

/// <summary>An aggregator on objects, one value at a time, as its definition says.</summary>
internal sealed class NaiveAggregator(string name, bool ignoresRetracts = false)
{
    private bool _hasBegun;

    /// <summary>The aggregators, with what they can take.</summary>
    public static IReadOnlyDictionary<string, (Type[] Types, bool CanRetract)> All { get; } =
        new Dictionary<string, (Type[], bool)>(StringComparer.Ordinal)
        {
            ["last_value"] = ([typeof(int), typeof(string), typeof(bool)], true),
            ["last_non_null_value"] = ([typeof(int), typeof(string), typeof(bool)], true),
            ["first_value"] = ([typeof(int), typeof(string)], false),
            ["first_non_null_value"] = ([typeof(int), typeof(string)], false),
            ["first_not_null_value"] = ([typeof(int)], false),
            ["max"] = ([typeof(int), typeof(long), typeof(string), typeof(double), typeof(sbyte), typeof(Int128)], false),
            ["min"] = ([typeof(int), typeof(long), typeof(string), typeof(double), typeof(sbyte), typeof(Int128)], false),
            ["sum"] = ([typeof(int), typeof(long), typeof(double), typeof(sbyte), typeof(Int128)], true),
            ["bool_and"] = ([typeof(bool)], false),
            ["bool_or"] = ([typeof(bool)], false),
        };

    public void Reset() => _hasBegun = false;

    public object? AddOlder(object? accumulator, object? value) => Add(value, accumulator);

    public object? Add(object? accumulator, object? value)
    {
        switch (name)
        {
            case "last_value":
                return value;
            case "last_non_null_value":
                return value ?? accumulator;
            case "first_value":
            case "first_non_null_value" or "first_not_null_value" when value is not null:
                (value, _hasBegun) = (_hasBegun ? accumulator : value, true);
                return value;
            case "first_non_null_value" or "first_not_null_value":
                return accumulator;
        }

        if (accumulator is null || value is null)
        {
            return accumulator ?? value;
        }

        return name switch
        {
            "max" => Compare(accumulator, value) < 0 ? value : accumulator,
            "min" => Compare(accumulator, value) < 0 ? accumulator : value,
            "sum" => Sum(accumulator, value, 1),
            "bool_and" => (bool)accumulator && (bool)value,
            "bool_or" => (bool)accumulator || (bool)value,
            "product" => accumulator is int a ? unchecked(a * (int)value) : (object)unchecked((long)accumulator * (long)value),
            "listagg" => (string)value == "" ? accumulator : (string)accumulator == "" ? value : $"{accumulator},{value}",
            "collect" => (object?[])[.. (object?[])accumulator, .. (object?[])value],
            "merge_map" => Union((Dictionary<object, object?>)accumulator, (Dictionary<object, object?>)value),
            _ => throw new NotSupportedException(name),
        };
    }

    public object? Retract(object? accumulator, object? value) => name switch
    {
        _ when ignoresRetracts => accumulator,
        "last_value" => null,
        "last_non_null_value" => value is null ? accumulator : null,
        "sum" when value is null => accumulator,
        "sum" => Sum(accumulator ?? Zero(value), value, -1),
        _ => throw new NotSupportedException(name),
    };

    private static int Compare(object left, object right) =>
        left is string text ? string.CompareOrdinal(text, (string)right) : ((IComparable)left).CompareTo(right);

    private static Dictionary<object, object?> Union(Dictionary<object, object?> accumulator, Dictionary<object, object?> value)
    {
        var result = new Dictionary<object, object?>(accumulator);
        foreach (var (key, item) in value)
        {
            result[key] = item;
        }

        return result;
    }

    private static object Zero(object value) => value switch
    {
        int => 0,
        long => 0L,
        sbyte => (sbyte)0,
        double => -0.0,
        decimal => 0m,
        _ => (Int128)0,
    };

    private static object? Sum(object accumulator, object value, int sign) => (accumulator, value) switch
    {
        (int a, int b) => unchecked(a + (sign * b)),
        (long a, long b) => unchecked(a + (sign * b)),
        (sbyte a, sbyte b) => unchecked((sbyte)(a + (sign * b))),
        (double a, double b) => a + (sign * b),
        (decimal a, decimal b) => a + (sign * b),
        (Int128 a, Int128 b) => Int128.Abs(a + (sign * b)) < Values.WideLimit ? a + (sign * b) : null,
        _ => throw new NotSupportedException(),
    };
}
