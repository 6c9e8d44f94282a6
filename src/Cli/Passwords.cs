using System.Text.RegularExpressions;

namespace PaimonSharp.Cli;

/// <summary>Keeps passwords that were given on the command line out of what the tool prints.</summary>
internal static partial class Passwords
{
    /// <summary>A text with the password of every <c>user:password@host</c> in it replaced by stars.</summary>
    public static string Hide(string text) => Account().Replace(text, "***");

    // What follows "user:" up to the last '@' of the word; the "//" of a URL is no password.
    [GeneratedRegex(@"(?<=[^\s:/@'""]+:)(?!//)[^\s]+(?=@)")]
    private static partial Regex Account();
}
