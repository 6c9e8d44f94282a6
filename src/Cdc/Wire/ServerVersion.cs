using System.Globalization;

namespace PaimonSharp.Cdc.Wire;

/// <summary>Family and version of a server, read from the text that it reports.</summary>
/// <param name="Flavor">The family.</param>
/// <param name="Major">First number: 9 in 9.7.4.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number.</param>
/// <param name="Text">The text as reported.</param>
public sealed record ServerVersion(ServerFlavor Flavor, int Major, int Minor, int Patch, string Text)
{
    private const string ReplicationPrefix = "5.5.5-";

    /// <summary>True for MariaDB.</summary>
    public bool IsMariaDb => Flavor == ServerFlavor.MariaDb;

    /// <summary>
    /// Reads the version text of a greeting or of <c>VERSION()</c>. Missing numbers are 0; nothing is refused. MariaDB up to
    /// 10.x prefixes its version with 5.5.5- for old replicas.
    /// </summary>
    /// <param name="text">For instance <c>9.7.4-2</c> or <c>5.5.5-10.11.18-MariaDB-log</c>.</param>
    public static ServerVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var mariaDb = text.Contains("mariadb", StringComparison.OrdinalIgnoreCase);
        var numbers = mariaDb && text.StartsWith(ReplicationPrefix, StringComparison.Ordinal)
            ? text.AsSpan(ReplicationPrefix.Length)
            : text.AsSpan();
        var major = NextNumber(ref numbers);
        var minor = NextNumber(ref numbers);
        var patch = NextNumber(ref numbers);
        return new(mariaDb ? ServerFlavor.MariaDb : ServerFlavor.MySql, major, minor, patch, text);
    }

    /// <summary>True when this version is the given one or a later one, whatever the family.</summary>
    /// <param name="major">First number.</param>
    /// <param name="minor">Second number.</param>
    /// <param name="patch">Third number.</param>
    public bool IsAtLeast(int major, int minor, int patch = 0) =>
        (Major, Minor, Patch).CompareTo((major, minor, patch)) >= 0;

    /// <summary>Family and numbers: <c>MySQL 9.7.4</c>.</summary>
    public override string ToString() => $"{(IsMariaDb ? "MariaDB" : "MySQL")} {Major}.{Minor}.{Patch}";

    private static int NextNumber(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && length < 9 && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        var number = length == 0 ? 0 : int.Parse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        text = length < text.Length && text[length] == '.' ? text[(length + 1)..] : [];
        return number;
    }
}
