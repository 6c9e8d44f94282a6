namespace PaimonSharp.Data.Options;

/// <summary>
/// The table options that are known, to find misspelt keys and values that mean nothing (docs/options.md). Other options may be
/// given as well: engines and programs keep theirs with a table. Safe for several threads.
/// </summary>
public static class KnownOptions
{
    private const string Columns = "fields.";
    private const string FileIndexes = "file-index.";

    private static readonly Dictionary<string, OptionKind> Kinds = KindsOfAll();
    private static readonly Dictionary<string, OptionKind> OfColumns = ByKind(KnownOptionKeys.OfColumns);
    private static readonly Dictionary<string, OptionKind> OfIndexes = ByKind(KnownOptionKeys.OfIndexes);
    private static readonly string[] Indexes = OptionNames.Words(KnownOptionKeys.Indexes);
    private static readonly string[] Families = OptionNames.Words(KnownOptionKeys.Families);

    /// <summary>The keys that are known, without those of columns, of file indexes and of <see cref="KeyFamilies"/>; sorted.</summary>
    public static IEnumerable<string> Keys => Kinds.Keys.Order(StringComparer.Ordinal);

    /// <summary>What keys begin with whose rest is not known here, such as <c>parquet.</c>; all such keys are taken for known.</summary>
    public static IReadOnlyList<string> KeyFamilies => Families;

    /// <summary>True when an option is known.</summary>
    /// <param name="key">The option's key.</param>
    public static bool Contains(string key) =>
        KindOf(key) is not null
        || (Array.Exists(Families, family => key.StartsWith(family, StringComparison.Ordinal)) && EditDistance.Nearest(key, Kinds.Keys, 1) is null);

    /// <summary>What the value of an option is; null where that is not known.</summary>
    /// <param name="key">The option's key.</param>
    public static OptionKind? KindOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Kinds.TryGetValue(key, out var kind))
        {
            return kind;
        }

        var parts = key.Split('.');
        return key.StartsWith(Columns, StringComparison.Ordinal) && parts.Length > 2 && OfColumns.TryGetValue(parts[^1], out kind) ? kind
            : key.StartsWith(FileIndexes, StringComparison.Ordinal) && parts.Length > 2 && Indexes.Contains(parts[1])
                ? parts is [_, _, "columns"] ? OptionKind.Text
                : parts.Length > 3 && OfIndexes.TryGetValue(parts[^1], out kind) ? kind
                : null
            : parts is ["field", .., "vector-dim"] ? OptionKind.Int32
            : null;
    }

    /// <summary>The known key that is most like another one, null where none is much like it.</summary>
    /// <param name="key">A key that is not known.</param>
    public static string? Nearest(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        IEnumerable<string> candidates = Kinds.Keys;
        var parts = key.Split('.');
        if (parts.Length > 2)
        {
            var middle = string.Join('.', parts[1..^1]);
            candidates = candidates
                .Concat(OfColumns.Keys.Select(end => $"{Columns}{middle}.{end}"))
                .Concat(Indexes.Select(index => $"{FileIndexes}{index}.columns"))
                .Concat(Indexes.SelectMany(_ => OfIndexes.Keys, (index, end) => $"{FileIndexes}{index}.{string.Join('.', parts[2..^1])}.{end}"));
        }

        return EditDistance.Nearest(key, candidates, (key.Length / 4) + 1)
            ?? Kinds.Keys.Where(known => known.StartsWith(key + ".", StringComparison.Ordinal) || known.EndsWith("." + key, StringComparison.Ordinal))
                .OrderBy(known => known.Length).ThenBy(known => known, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Checks that a value is one that its option can have; options of which that is not known have any.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="text">The value.</param>
    /// <exception cref="Errors.PaimonException">Invalid: the value is none; names the key, the value and what is expected.</exception>
    public static void CheckValue(string key, string text)
    {
        var options = new TableOptions(new Dictionary<string, string> { [key] = text });
        switch (KindOf(key))
        {
            case OptionKind.Boolean:
                options.GetBoolean(key, false);
                break;
            case OptionKind.Int32:
                options.GetInt32(key);
                break;
            case OptionKind.Int64:
                options.GetInt64(key);
                break;
            case OptionKind.Number:
                options.GetDouble(key, 0);
                break;
            case OptionKind.Size:
                options.GetSize(key);
                break;
            case OptionKind.Duration:
                options.GetDuration(key);
                break;
            case OptionKind.Choice:
                options.GetChoice(key);
                break;
        }
    }

    private static Dictionary<string, OptionKind> KindsOfAll()
    {
        var kinds = ByKind(KnownOptionKeys.ByKind);
        foreach (var key in OptionNames.Words(KnownOptionKeys.OfEngines))
        {
            kinds.TryAdd(key, OptionKind.Text);
        }

        foreach (var key in OptionNames.Choices.Keys)
        {
            kinds.Add(key, OptionKind.Choice);
        }

        foreach (var (key, names) in OptionNames.OldNames)
        {
            foreach (var name in names)
            {
                kinds.TryAdd(name, kinds[key]);
            }
        }

        return kinds;
    }

    private static Dictionary<string, OptionKind> ByKind(string text) =>
        OptionNames.Lists(text).SelectMany(list => list.Value, (list, key) => (key, Enum.Parse<OptionKind>(list.Key)))
            .ToDictionary(pair => pair.key, pair => pair.Item2, StringComparer.Ordinal);
}
