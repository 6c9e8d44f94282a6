namespace PaimonSharp.Data.Options;

/// <summary>
/// The older names of options and the names of their values: what reading a table's options needs, apart from
/// <see cref="KnownOptions"/>, whose many keys only those ask for who check options. Safe for several threads.
/// </summary>
internal static class OptionNames
{
    /// <summary>The values of each option that has one of some names, the default first.</summary>
    public static readonly Dictionary<string, string[]> Choices = Lists(KnownOptionKeys.Choices);

    /// <summary>The older names of options, the one that counts most first.</summary>
    public static readonly Dictionary<string, string[]> OldNames = Lists(KnownOptionKeys.OldNames);

    /// <summary>The values of an option that has one of some names, the default first.</summary>
    public static IReadOnlyList<string> ChoicesOf(string key) =>
        Choices.TryGetValue(key, out var choices) ? choices : Choices[OldNames.First(names => names.Value.Contains(key)).Key];

    /// <summary>The older names of an option, the one that counts most first.</summary>
    public static string[] OldNamesOf(string key) => OldNames.TryGetValue(key, out var names) ? names : [];

    /// <summary>Reads lists: a word that ends in a colon, then the words of its list.</summary>
    public static Dictionary<string, string[]> Lists(string text)
    {
        var lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var words = Words(text);
        for (var i = 0; i < words.Length;)
        {
            var name = words[i++][..^1];
            var start = i;
            while (i < words.Length && !words[i].EndsWith(':'))
            {
                i++;
            }

            lists.Add(name, words[start..i]);
        }

        return lists;
    }

    /// <summary>The words of a text.</summary>
    public static string[] Words(string text) => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
