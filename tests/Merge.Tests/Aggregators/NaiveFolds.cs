namespace PaimonSharp.Merge.Tests.Aggregators;

/// <summary>The computing aggregators on objects: lists, pairs and arrays of fields, equal when their texts are.</summary>
internal static class NaiveFolds
{
    public static FoldKit.Naive Listagg(string delimiter, bool isDistinct) => new((accumulator, value) =>
    {
        if (accumulator is not string text || value is not string next)
        {
            return accumulator ?? value;
        }

        if (next.Length == 0 || text.Length == 0)
        {
            return next.Length == 0 ? text : next;
        }

        if (!isDistinct)
        {
            return text + delimiter + next;
        }

        var separator = delimiter.Length == 0 ? " " : delimiter;
        var known = text.Split(separator).ToHashSet();
        foreach (var token in next.Split(separator))
        {
            text += token.Length > 0 && known.Add(token) ? delimiter + token : "";
        }

        return text;
    });

    public static FoldKit.Naive Collect(bool isDistinct, bool isNested)
    {
        object? Add(object? accumulator, object? value)
        {
            if ((accumulator is null || value is null) && (!isDistinct || (accumulator is null && value is null)))
            {
                return accumulator ?? value;
            }

            var result = new List<object?>();
            var known = new HashSet<string>();
            foreach (var element in ListOf(accumulator))
            {
                if (known.Add(FoldKit.Text(element)) || !isDistinct || isNested)
                {
                    result.Add(element);
                }
            }

            result.AddRange(ListOf(value).Where(element => !isDistinct || known.Add(FoldKit.Text(element))));
            return result;
        }

        return new FoldKit.Naive(Add, RetractElements, Add);
    }

    public static FoldKit.Naive MergeMap { get; } = new(
        (accumulator, value) => accumulator is null || value is null
            ? accumulator ?? value
            : MapsOf(EntriesOf(accumulator).Concat(EntriesOf(value))),
        (accumulator, value) => accumulator is null || value is null
            ? accumulator
            : EntriesOf(accumulator).Where(entry => !EntriesOf(value).Exists(other => Same(other.Key, entry.Key))).ToList());

    /// <summary>Values are arrays of fields, the last of which is the time.</summary>
    public static FoldKit.Naive MergeMapWithKeyTime { get; } = new((accumulator, value) =>
    {
        if (accumulator is null || value is null)
        {
            return accumulator ?? value;
        }

        var result = EntriesOf(accumulator).ToList();
        foreach (var (key, row) in EntriesOf(value))
        {
            var old = result.FindIndex(entry => Same(entry.Key, key));
            var time = (string?)((object?[]?)row)?[^1];
            var oldTime = old < 0 ? null : (string?)((object?[]?)result[old].Value)?[^1];
            if (row is null)
            {
                result.RemoveAll(entry => Same(entry.Key, key));
            }
            else if (time is not null && old < 0)
            {
                result.Add((key, row));
            }
            else if (time is not null && (oldTime is null || string.CompareOrdinal(time, oldTime) > 0))
            {
                result[old] = (key, row);
            }
        }

        return result;
    });

    public static FoldKit.Naive NestedUpdate(int[] key, int limit) => new(
        (accumulator, value) =>
        {
            if (accumulator is null || value is null)
            {
                return accumulator ?? value;
            }

            var (rows, more) = (ListOf(accumulator), ListOf(value));
            return rows.Count >= limit
                ? accumulator
                : ByKey(NotNull(rows).Concat(NotNull(more).Take(limit - rows.Count)), key);
        },
        (accumulator, value) => accumulator is null || value is null
            ? accumulator
            : ByKey(NotNull(ListOf(accumulator)), key)
                .Where(row => !NotNull(ListOf(value)).Any(other => KeyOf(other, key) == KeyOf(row, key)))
                .ToList());

    public static FoldKit.Naive NestedPartialUpdate(int[] key) => new((accumulator, value) =>
    {
        if (accumulator is null || value is null)
        {
            return accumulator ?? value;
        }

        var result = new List<object?>();
        foreach (var row in NotNull(ListOf(accumulator)).Concat(NotNull(ListOf(value))).Cast<object?[]>())
        {
            var old = (object?[]?)result.Find(other => KeyOf(other, key) == KeyOf(row, key));
            if (old is null)
            {
                result.Add(row.ToArray());
                continue;
            }

            for (var i = 0; i < row.Length; i++)
            {
                old[i] = row[i] ?? old[i];
            }
        }

        return result;
    });

    /// <summary>Numbers of a type that <see cref="decimal"/> computes exactly.</summary>
    public static FoldKit.Naive Product(Func<object, decimal> read, Func<decimal, object?> write, Func<decimal, decimal, decimal> divide) => new(
        (accumulator, value) => accumulator is null || value is null
            ? accumulator ?? value
            : write(read(accumulator) * read(value)),
        (accumulator, value) => accumulator is null || value is null
            ? accumulator
            : write(divide(read(accumulator), read(value))));

    private static object? RetractElements(object? accumulator, object? value)
    {
        if (accumulator is null || value is null)
        {
            return accumulator;
        }

        var result = ListOf(accumulator).ToList();
        foreach (var element in ListOf(value))
        {
            var found = result.FindIndex(other => Same(other, element));
            if (found >= 0)
            {
                result.RemoveAt(found);
            }
        }

        return result;
    }

    private static List<object?> ByKey(IEnumerable<object?> rows, int[] key)
    {
        var result = new List<object?>();
        foreach (var row in rows)
        {
            var old = key.Length == 0 ? -1 : result.FindIndex(other => KeyOf(other, key) == KeyOf(row, key));
            if (old < 0)
            {
                result.Add(row);
            }
            else
            {
                result[old] = row;
            }
        }

        return result;
    }

    private static string KeyOf(object? row, int[] key) =>
        FoldKit.Text(key.Length == 0 ? row : key.Select(i => ((object?[])row!)[i]).ToArray());

    private static List<(object Key, object? Value)> MapsOf(IEnumerable<(object Key, object? Value)> entries)
    {
        var result = new List<(object Key, object? Value)>();
        foreach (var entry in entries)
        {
            var old = result.FindIndex(other => Same(other.Key, entry.Key));
            if (old < 0)
            {
                result.Add(entry);
            }
            else
            {
                result[old] = entry;
            }
        }

        return result;
    }

    private static bool Same(object? left, object? right) => FoldKit.Text(left) == FoldKit.Text(right);

    private static List<object?> ListOf(object? value) => (List<object?>?)value ?? [];

    private static List<(object Key, object? Value)> EntriesOf(object value) => (List<(object, object?)>)value;

    private static IEnumerable<object?> NotNull(IEnumerable<object?> rows) => rows.Where(row => row is not null);
}
