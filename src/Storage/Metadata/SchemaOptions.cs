using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Which options of a table with data may change, and how options follow the columns that they name.</summary>
internal static class SchemaOptions
{
    private const string FieldsPrefix = "fields.";

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
        [".aggregate-function", ".ignore-retract", ".distinct", ".list-agg-delimiter"];

    private static readonly string[] SuffixesOfFields = [".sequence-group", ".nested-key"];

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
            case "deletion-vectors.enabled":
                if (!options.GetBoolean("deletion-vectors.modifiable", false) && options.GetBoolean(key, false) != IsTrue(value))
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
