namespace PaimonSharp.Data.Options;

/// <summary>How unlike two keys are: the letters to add, drop or replace, and the neighbours to swap, whatever their case.</summary>
internal static class EditDistance
{
    /// <summary>Finds the candidate that is most like a key; of several the first in order.</summary>
    /// <param name="key">The key.</param>
    /// <param name="candidates">What to choose from.</param>
    /// <param name="most">The largest distance.</param>
    /// <returns>Null where none is near enough.</returns>
    public static string? Nearest(string key, IEnumerable<string> candidates, int most)
    {
        string? nearest = null;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(candidate.Length - key.Length) <= most && Between(key, candidate) is var distance && distance <= most)
            {
                (nearest, most) = (candidate, distance - 1);
            }
        }

        return nearest;
    }

    private static int Between(string left, string right)
    {
        var rows = new int[3][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new int[right.Length + 1];
        }

        var (before, last, next) = (rows[0], rows[1], rows[2]);
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var isSame = IsSame(left[i - 1], right[j - 1]);
                next[j] = Math.Min(Math.Min(last[j], next[j - 1]) + 1, last[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]))
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, last, next) = (last, next, before);
        }

        return last[right.Length];
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
