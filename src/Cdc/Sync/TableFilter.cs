using System.Text.RegularExpressions;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>Chooses source tables by patterns <c>database.table</c>, in which <c>*</c> and <c>?</c> stand for characters.</summary>
internal sealed class TableFilter
{
    private readonly Regex[] _include;
    private readonly Regex[] _exclude;

    /// <summary>Makes a filter.</summary>
    /// <param name="include">Patterns of tables wanted; all when empty.</param>
    /// <param name="exclude">Patterns of tables not wanted; they win.</param>
    /// <exception cref="PaimonException">Invalid: a pattern has no dot.</exception>
    public TableFilter(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
    {
        _include = [.. include.Select(ToRegex)];
        _exclude = [.. exclude.Select(ToRegex)];
    }

    public bool Accepts(string database, string table)
    {
        var name = $"{database}.{table}";
        return (_include.Length == 0 || Array.Exists(_include, pattern => pattern.IsMatch(name)))
            && !Array.Exists(_exclude, pattern => pattern.IsMatch(name));
    }

    private static Regex ToRegex(string pattern)
    {
        if (!pattern.Contains('.', StringComparison.Ordinal))
        {
            PaimonException.ThrowInvalid($"The table pattern '{pattern}' is not of the form database.table, such as shop.*.");
        }

        var escaped = Regex.Escape(pattern)
            .Replace("\\*", ".*", StringComparison.Ordinal)
            .Replace("\\?", ".", StringComparison.Ordinal);
        return new Regex($"^{escaped}$", RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    }
}
