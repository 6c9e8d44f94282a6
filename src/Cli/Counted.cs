using System.Globalization;

namespace PaimonSharp.Cli;

/// <summary>Counts for people.</summary>
internal static class Counted
{
    /// <summary>A number and what it counts, in the plural where there are several.</summary>
    public static string Text(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");
}
