using System.Text;

namespace PaimonSharp.Data.Casts;

/// <summary>Texts of several parts, divided by commas outside of quotes and of brackets of any kind.</summary>
internal static class BracketText
{
    /// <summary>Splits a text; parts of no character are left out.</summary>
    /// <param name="content">What stands between the outer brackets.</param>
    /// <param name="keepQuotes">True to keep quotes and escapes as they are, false to drop them with what is escaped.</param>
    public static List<string> Split(string content, bool keepQuotes)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var depth = 0;
        var isQuoted = false;
        var isEscaped = false;
        foreach (var c in content)
        {
            var isMark = isEscaped || c is '\\' or '"';
            if (isEscaped || c == '\\')
            {
                isEscaped = !isEscaped;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted)
            {
                depth += c is '[' or '{' or '(' ? 1 : c is ']' or '}' or ')' && depth > 0 ? -1 : 0;
                if (c == ',' && depth == 0)
                {
                    End(parts, part);
                    continue;
                }
            }

            if (keepQuotes || !isMark)
            {
                part.Append(c);
            }
        }

        End(parts, part);
        return parts;
    }

    private static void End(List<string> parts, StringBuilder part)
    {
        if (part.Length > 0)
        {
            parts.Add(part.ToString());
            part.Clear();
        }
    }
}
