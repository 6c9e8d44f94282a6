using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Options;

/// <summary>
/// A typed view on a table's options. Every getter throws an <see cref="ErrorKind.Invalid"/> error that names the key, the
/// value found and what is expected. Immutable; safe for several threads.
/// </summary>
public sealed class TableOptions
{
    private readonly IReadOnlyDictionary<string, string> _options;

    /// <summary>Makes a view.</summary>
    /// <param name="options">The options; must not change any more.</param>
    public TableOptions(IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>No options.</summary>
    public static TableOptions Empty { get; } = new(new Dictionary<string, string>());

    /// <summary>The options as texts.</summary>
    public IReadOnlyDictionary<string, string> Texts => _options;

    /// <summary>True when the key is set, or an older name of it.</summary>
    /// <param name="key">The option's key.</param>
    public bool Contains(string key) => TryGet(key, out _);

    /// <summary>Finds the text of a key; where it is not set, that of an older name of it.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="text">Its text.</param>
    public bool TryGet(string key, [NotNullWhen(true)] out string? text)
    {
        if (_options.TryGetValue(key, out text))
        {
            return true;
        }

        foreach (var name in OptionNames.OldNamesOf(key))
        {
            if (_options.TryGetValue(name, out text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same options with others laid over them.</summary>
    /// <param name="overrides">Options that win.</param>
    public TableOptions With(IEnumerable<KeyValuePair<string, string>> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var merged = new Dictionary<string, string>(_options, StringComparer.Ordinal);
        foreach (var (key, value) in overrides)
        {
            merged[key] = value;
        }

        return new TableOptions(merged);
    }

    /// <summary>The options whose key begins with a prefix.</summary>
    /// <param name="prefix">The prefix, for example <c>fields.</c>.</param>
    public IEnumerable<KeyValuePair<string, string>> WithPrefix(string prefix) =>
        _options.Where(option => option.Key.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>A text.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    [return: NotNullIfNotNull(nameof(absent))]
    public string? GetString(string key, string? absent = null) => TryGet(key, out var text) ? text : absent;

    /// <summary>One of some names that the caller knows, in lower case: as in Paimon, it may be written in any.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    [return: NotNullIfNotNull(nameof(absent))]
    public string? GetName(string key, string? absent = null) => GetString(key)?.ToLowerInvariant() ?? absent;

    /// <summary>A list of names, split at commas, each trimmed; empty when the key is not set.</summary>
    /// <param name="key">The option's key.</param>
    public IReadOnlyList<string> GetList(string key) =>
        TryGet(key, out var text)
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];

    /// <summary>A 32-bit integer.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public int GetInt32(string key, int absent) => GetInt32(key) ?? absent;

    /// <summary>A 32-bit integer, null when the key is not set.</summary>
    /// <param name="key">The option's key.</param>
    public int? GetInt32(string key)
    {
        if (!TryGet(key, out var text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error(key, text, "a whole number of 32 bits");
    }

    /// <summary>A 64-bit integer.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public long GetInt64(string key, long absent) => GetInt64(key) ?? absent;

    /// <summary>A 64-bit integer, null when the key is not set.</summary>
    /// <param name="key">The option's key.</param>
    public long? GetInt64(string key)
    {
        if (!TryGet(key, out var text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error(key, text, "a whole number of 64 bits");
    }

    /// <summary>A floating point number.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public double GetDouble(string key, double absent)
    {
        if (!TryGet(key, out var text))
        {
            return absent;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error(key, text, "a number");
    }

    /// <summary>A boolean.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public bool GetBoolean(string key, bool absent)
    {
        if (!TryGet(key, out var text))
        {
            return absent;
        }

        return bool.TryParse(text, out var value) ? value : throw Error(key, text, "true or false");
    }

    /// <summary>A size in bytes.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absentBytes">The value when the key is not set.</param>
    public long GetSize(string key, long absentBytes) => GetSize(key) ?? absentBytes;

    /// <summary>A size in bytes, null when the key is not set.</summary>
    /// <param name="key">The option's key.</param>
    public long? GetSize(string key)
    {
        if (!TryGet(key, out var text))
        {
            return null;
        }

        return OptionText.TryParseSize(text, out var sizeBytes)
            ? sizeBytes
            : throw Error(key, text, "a size such as '128 mb' (units b, kb, mb, gb, tb)");
    }

    /// <summary>A duration.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public TimeSpan GetDuration(string key, TimeSpan absent) => GetDuration(key) ?? absent;

    /// <summary>A duration, null when the key is not set.</summary>
    /// <param name="key">The option's key.</param>
    public TimeSpan? GetDuration(string key)
    {
        if (!TryGet(key, out var text))
        {
            return null;
        }

        return OptionText.TryParseDuration(text, out var duration)
            ? duration
            : throw Error(key, text, "a duration such as '1 h' (units d, h, min, s, ms, micros, ns)");
    }

    /// <summary>One of an enumeration's values, written as <c>partial-update</c> for <c>PartialUpdate</c>, in any case.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <param name="key">The option's key.</param>
    /// <param name="absent">The value when the key is not set.</param>
    public T GetEnum<T>(string key, T absent)
        where T : struct, Enum
    {
        if (!TryGet(key, out var text))
        {
            return absent;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (text.Equals(ToText(value.ToString()), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw Error(key, text, $"one of {string.Join(", ", Enum.GetNames<T>().Select(ToText))}");
    }

    /// <summary>One of the names that a known option has for values, written as they are here whatever case it is given in.</summary>
    /// <param name="key">The option's key; its first value counts when it is not set.</param>
    public string GetChoice(string key)
    {
        var choices = OptionNames.ChoicesOf(key);
        return !TryGet(key, out var text)
            ? choices[0]
            : choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw Error(key, text, $"one of {string.Join(", ", choices)}");
    }

    /// <summary>The error for an option whose value makes no sense.</summary>
    /// <param name="key">The option's key.</param>
    /// <param name="text">The text found.</param>
    /// <param name="expected">What may stand there.</param>
    public static PaimonException Error(string key, string text, string expected) =>
        new(ErrorKind.Invalid, $"Option '{key}' is '{text}'; expected {expected}.");

    private static string ToText(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
