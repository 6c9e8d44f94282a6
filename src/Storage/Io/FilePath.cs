using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>Paths of a <see cref="IFileIO"/>: absolute, parts separated by '/'.</summary>
public static class FilePath
{
    /// <summary>The path of an entry of a directory.</summary>
    /// <param name="directory">The directory, with or without a last '/'.</param>
    /// <param name="name">The entry's name, or several parts separated by '/'.</param>
    public static string Join(string directory, string name) =>
        directory.EndsWith('/') ? directory + name : $"{directory}/{name}";

    /// <summary>The path of a location as metadata holds it: a path, or one with the scheme <c>file</c>.</summary>
    /// <param name="location">The location, such as <c>/data/f</c>, <c>file:/data/f</c> or <c>FILE:///data/f</c>.</param>
    /// <exception cref="PaimonException">Unsupported: another scheme, or no absolute path.</exception>
    public static string OfLocation(string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        var path = location.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? location["file:".Length..] : location;
        path = path.StartsWith("///", StringComparison.Ordinal) ? path[2..] : path;
        return path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
            ? path
            : throw new PaimonException(
                ErrorKind.Unsupported, $"'{location}': files of this scheme are not supported; absolute paths and file: are.");
    }

    /// <summary>The last part of a path.</summary>
    /// <param name="path">The path.</param>
    public static string Name(string path)
    {
        var trimmed = TrimEnd(path);
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    /// <summary>The directory that holds a path, or null for the root.</summary>
    /// <param name="path">The path.</param>
    public static string? Parent(string path)
    {
        var trimmed = TrimEnd(path);
        return trimmed.LastIndexOf('/') switch
        {
            _ when trimmed.Length <= 1 => null,
            < 0 => null,
            0 => "/",
            var slash => trimmed[..slash],
        };
    }

    /// <summary>The path without '/' at its end, but for the root.</summary>
    /// <param name="path">The path.</param>
    public static string TrimEnd(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 && path.Length > 0 ? "/" : trimmed;
    }
}
