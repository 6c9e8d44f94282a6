using PaimonSharp.Data.Options;

namespace PaimonSharp.Cli.Commands;

/// <summary>
/// What is odd about table options that were given. Unknown ones are taken, as Paimon takes them, but said aloud: most of them are
/// misspelt. Values that mean nothing are refused.
/// </summary>
internal static class OptionWarnings
{
    private const string FunctionSuffix = ".aggregate-function";
    private const string GroupSuffix = ".sequence-group";

    /// <summary>Looks at options that were given.</summary>
    /// <param name="given">The options.</param>
    /// <returns>A sentence for each odd one.</returns>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a value is none that its option can have.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> given)
    {
        foreach (var (key, value) in given)
        {
            KnownOptions.CheckValue(key, value);
        }

        return [.. given.Keys.Where(key => !KnownOptions.Contains(key)).Order(StringComparer.Ordinal).Select(Unknown)];
    }

    /// <summary>Looks at options that were given for a table, and at what they are without the table's others.</summary>
    /// <param name="given">The options that were given.</param>
    /// <param name="all">All options of the table.</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> given, TableOptions all)
    {
        var engine = all.GetChoice("merge-engine");
        return [.. Of(given), .. given.Keys.Where(key => IsIdle(key, engine)).Order(StringComparer.Ordinal).Select(key =>
            $"option '{key}' changes nothing with merge-engine '{engine}'; "
            + (key.EndsWith(GroupSuffix, StringComparison.Ordinal) ? "partial-update uses it." : "aggregation and partial-update use it."))];
    }

    /// <summary>Tells people.</summary>
    public static void Write(Terminal terminal, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            terminal.Error.WriteLine($"warning: {warning}");
        }
    }

    private static bool IsIdle(string key, string engine) =>
        key.StartsWith("fields.", StringComparison.Ordinal)
        && ((key.EndsWith(GroupSuffix, StringComparison.Ordinal) && engine != "partial-update")
            || (engine is "deduplicate" or "first-row"
                && (key.EndsWith(FunctionSuffix, StringComparison.Ordinal) || key == "fields.default-aggregate-function")));

    private static string Unknown(string key) =>
        $"option '{key}' is not known and changes nothing" + (KnownOptions.Nearest(key) is { } nearest ? $"; did you mean '{nearest}'?" : ".");
}
