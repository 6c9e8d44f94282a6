using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What is kept of a column's statistics: option <c>metadata.stats-mode</c> (docs/format.md#simple-stats).</summary>
/// <param name="Counts">NULL counts are kept.</param>
/// <param name="Bounds">Bounds are kept.</param>
/// <param name="Length">The characters or bytes kept of a bound; null keeps all.</param>
internal readonly record struct StatsMode(bool Counts, bool Bounds, int? Length)
{
    /// <summary>Nothing.</summary>
    public static StatsMode None => default;

    /// <summary>NULL counts only.</summary>
    public static StatsMode CountsOnly => new(Counts: true, Bounds: false, null);

    /// <summary>Everything.</summary>
    public static StatsMode Full => new(Counts: true, Bounds: true, null);

    /// <summary>The default of value columns.</summary>
    public static StatsMode Default => Truncate(16);

    /// <summary>The mode of key columns and of the columns that Paimon adds.</summary>
    public static StatsMode Keys => Truncate(128);

    /// <summary>Everything, bounds cut to a length.</summary>
    public static StatsMode Truncate(int length) => new(Counts: true, Bounds: true, length);

    /// <summary>The modes of the columns of a file by a table's options: a column's own, else a common one for the first columns.</summary>
    /// <param name="names">The columns.</param>
    /// <param name="options">The table's options.</param>
    /// <param name="text">The mode of columns that have none of their own; null for the default.</param>
    /// <param name="key">The option that it comes from.</param>
    /// <param name="before">The columns before them that count for <c>metadata.stats-keep-first-n-columns</c>.</param>
    /// <param name="keys">Columns that stand for keys: they have <see cref="Keys"/>, and do not count.</param>
    public static StatsMode[] OfColumns(
        IEnumerable<string> names, TableOptions options, string? text, string key, int before, IReadOnlyCollection<string> keys)
    {
        var mode = text is null ? Default : Parse(key, text);
        var first = options.GetInt32("metadata.stats-keep-first-n-columns", -1);
        var modes = new List<StatsMode>();
        var position = before;
        foreach (var name in names)
        {
            if (options.TryGet($"fields.{name}.stats-mode", out var own))
            {
                modes.Add(Parse($"fields.{name}.stats-mode", own));
                position++;
            }
            else if (keys.Contains(name))
            {
                modes.Add(Keys);
            }
            else
            {
                modes.Add(first >= 0 && position >= first ? None : mode);
                position++;
            }
        }

        return [.. modes];
    }

    /// <summary>Reads an option's value.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="text">none, counts, truncate(n) or full.</param>
    /// <exception cref="PaimonException">Invalid: another text.</exception>
    public static StatsMode Parse(string key, string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        return lower switch
        {
            "none" => None,
            "counts" => CountsOnly,
            "full" => Full,
            _ when lower.StartsWith("truncate(", StringComparison.Ordinal)
                && lower.EndsWith(')')
                && int.TryParse(lower["truncate(".Length..^1], out var length)
                && length > 0 => Truncate(length),
            _ => throw Data.Options.TableOptions.Error(key, text, "none, counts, truncate(n) or full"),
        };
    }
}
