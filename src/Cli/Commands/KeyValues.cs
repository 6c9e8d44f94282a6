using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli.Commands;

/// <summary>Reads repeated <c>key=value</c> options.</summary>
internal static class KeyValues
{
    public static Dictionary<string, string> Parse(IEnumerable<string> texts, string option)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                PaimonException.ThrowInvalid($"{option} '{text}': expected key=value.");
            }

            values[text[..equals].Trim()] = text[(equals + 1)..].Trim();
        }

        return values;
    }
}
