using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Which options of a table with data may change, and how options follow the columns that they name.</summary>
internal static class SchemaOptions
{
    private const string FieldsPrefix = "fields.";
    private const string Vectors = "deletion-vectors.enabled";
    private const string Modifiable = "deletion-vectors.modifiable";

    /// <summary>Options that say how existing files are laid out or were merged.</summary>
    private static readonly HashSet<string> Immutable = new(StringComparer.Ordinal)
    {
        "aggregation.remove-record-on-delete",
        "blob-descriptor-field",
        "blob-external-storage-field",
        "blob-external-storage-path",
        "bucket-function.type",
        "bucket-key",
        "data-evolution.enabled",
        "data-file.path-directory",
        "force-lookup",
        "index-file-in-data-file-dir",
        "merge-engine",
        "partial-update.remove-record-on-delete",
        "partial-update.remove-record-on-sequence-group",
        "partition",
        "pk-clustering-override",
        "primary-key",
        "row-tracking.enabled",
        "rowkind.field",
    };

    private static readonly string[] SuffixesOfOneField =
        [".aggregate-function", ".ignore-retract", ".distinct", ".list-agg-delimiter", ".nested-key", ".count-limit", ".ts-field"];

    private static readonly string[] SuffixesOfFields = [".sequence-group"];

    /// <summary>Checks that an option may get a value.</summary>
    /// <exception cref="PaimonException">Invalid: it may not.</exception>
    public static void CheckSet(TableOptions options, string key, string value)
    {
        CheckMutable(key);
        switch (key)
        {
            case "bucket":
                CheckBucket(options, value);
                break;
            case Vectors:
                if (!options.GetBoolean(Modifiable, false) && options.GetBoolean(key, false) != IsTrue(value))
                {
                    PaimonException.ThrowInvalid(
                        "Option 'deletion-vectors.enabled' cannot change: rows could show twice. With the table option "
                        + "'deletion-vectors.modifiable' = 'true' in an earlier change it can.");
                }

                break;
            case "ignore-delete" or "ignore-update-before":
                if (options.GetBoolean(key, false) && !IsTrue(value))
                {
                    PaimonException.ThrowInvalid($"Option '{key}' cannot change from true to false.");
                }

                break;
            case "clustering.columns":
                CheckClustering(options);
                break;
        }
    }

    /// <summary>Checks that a table may be opened with options in place of those of its schema.</summary>
    /// <param name="root">The table's directory, for messages.</param>
    /// <param name="options">The options of the schema.</param>
    /// <param name="overrides">Those that are given.</param>
    /// <exception cref="PaimonException">
    /// Invalid: not so. A read that takes no notice of deletion vectors, or looks for some where none are, shows rows that are not there.
    /// </exception>
    public static void CheckOverrides(string root, TableOptions options, TableOptions overrides)
    {
        if (overrides.Contains(Vectors)
            && !options.GetBoolean(Modifiable, false)
            && overrides.GetBoolean(Vectors, false) != options.GetBoolean(Vectors, false))
        {
            PaimonException.ThrowInvalid(
                $"{root}: option '{Vectors}' cannot be given as '{overrides.GetString(Vectors)}', as it says what the table's files are.");
        }
    }

    /// <summary>Checks that a table may be written with options in place of those of its schema.</summary>
    /// <param name="options">The options of the schema.</param>
    /// <param name="used">Those that it is to be written with.</param>
    /// <exception cref="PaimonException">
    /// Invalid: not so. A writer that lays rows out or merges them otherwise than those before it spoils the table.
    /// </exception>
    public static void CheckWritten(TableOptions options, TableOptions used)
    {
        foreach (var (key, value) in used.Texts)
        {
            if (options.Texts.GetValueOrDefault(key) == value)
            {
                continue;
            }

            if (Immutable.Contains(key))
            {
                PaimonException.ThrowInvalid(
                    $"Option '{key}' cannot be given as '{value}' where rows are written or compacted: it says how those that are there were laid "
                    + $"out or merged. In the table's schema it is {(options.TryGet(key, out var own) ? $"'{own}'." : "not set.")}");
            }

            CheckSet(options, key, value);
        }
    }

    /// <summary>Checks that an option may lose its value.</summary>
    /// <exception cref="PaimonException">Invalid: it may not.</exception>
    public static void CheckRemove(TableOptions options, string key)
    {
        CheckMutable(key);
        if (key == "bucket")
        {
            PaimonException.ThrowInvalid("Option 'bucket' cannot be removed.");
        }

        if (key == "clustering.columns")
        {
            CheckClustering(options);
        }
    }

    /// <summary>Puts the new names of columns into the options that name them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="renames">New names by old names.</param>
    public static Dictionary<string, string> Rename(
        Dictionary<string, string> options, IReadOnlyDictionary<string, string> renames)
    {
        var renamed = new Dictionary<string, string>(options, StringComparer.Ordinal);
        if (renames.Count == 0)
        {
            return renamed;
        }

        foreach (var key in new[] { "bucket-key", "sequence.field" })
        {
            if (options.TryGetValue(key, out var columns) && !string.IsNullOrWhiteSpace(columns))
            {
                renamed[key] = RenameList(columns, renames);
            }
        }

        foreach (var (key, value) in options)
        {
            if (!key.StartsWith(FieldsPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (SuffixOf(key, SuffixesOfOneField) is { } single)
            {
                if (renames.TryGetValue(FieldsOf(key, single), out var name))
                {
                    renamed.Remove(key);
                    renamed[FieldsPrefix + name + single] = value;
                }
            }
            else if (SuffixOf(key, SuffixesOfFields) is { } several)
            {
                renamed.Remove(key);
                renamed[FieldsPrefix + RenameList(FieldsOf(key, several), renames) + several] = RenameList(value, renames);
            }
        }

        return renamed;
    }

    /// <summary>Puts the new name of a field inside a column into the options of its aggregator that name it.</summary>
    /// <param name="options">The options; changed in place.</param>
    /// <param name="path">The field, see <see cref="NestedColumn"/>.</param>
    /// <param name="name">Its new name.</param>
    public static void RenameNested(Dictionary<string, string> options, IReadOnlyList<string> path, string name)
    {
        var key = path switch
        {
            [var column, NestedColumn.Element, _] => $"fields.{column}.nested-key",
            [var column, NestedColumn.Value, _] => $"fields.{column}.ts-field",
            _ => "",
        };
        if (options.TryGetValue(key, out var names))
        {
            options[key] = string.Join(',', names.Split(',').Select(part => part.Trim() == path[^1] ? name : part));
        }
    }

    /// <summary>Key columns that are given as an option, which is then taken out of the options.</summary>
    /// <exception cref="PaimonException">Invalid: there are such keys already.</exception>
    public static IReadOnlyList<string> TakeKeys(Dictionary<string, string> options, string key, IReadOnlyList<string> keys)
    {
        if (!options.Remove(key, out var text))
        {
            return keys;
        }

        if (keys.Count > 0)
        {
            PaimonException.ThrowInvalid($"Option '{key}' cannot be set: the table has {string.Join(", ", keys)} as that.");
        }

        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static void CheckMutable(string key)
    {
        if (Immutable.Contains(key))
        {
            PaimonException.ThrowInvalid($"Option '{key}' cannot change on a table that has snapshots.");
        }
    }

    private static void CheckBucket(TableOptions options, string value)
    {
        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bucket))
        {
            throw TableOptions.Error("bucket", value, "a whole number");
        }

        if (options.GetInt32("bucket", -1) == -1 || bucket == -1)
        {
            PaimonException.ThrowInvalid("Option 'bucket' cannot change to or from -1, dynamic buckets, on a table that has snapshots.");
        }
    }

    private static void CheckClustering(TableOptions options)
    {
        if (options.Contains("pk-clustering-override"))
        {
            PaimonException.ThrowInvalid("Option 'clustering.columns' cannot change where 'pk-clustering-override' is set.");
        }
    }

    private static bool IsTrue(string value) => value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static string? SuffixOf(string key, string[] suffixes) =>
        Array.Find(suffixes, suffix => key.EndsWith(suffix, StringComparison.Ordinal) && key.Length > FieldsPrefix.Length + suffix.Length);

    private static string FieldsOf(string key, string suffix) => key[FieldsPrefix.Length..^suffix.Length];

    private static string RenameList(string columns, IReadOnlyDictionary<string, string> renames) =>
        string.Join(',', columns.Split(',').Select(column => renames.GetValueOrDefault(column, column)));
}
