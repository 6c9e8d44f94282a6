namespace PaimonSharp.Storage.Io;

/// <summary>Paths of a <see cref="IFileIO"/>: absolute, parts separated by '/'.</summary>
public static class FilePath
{
    /// <summary>The path of an entry of a directory.</summary>
    /// <param name="directory">The directory, with or without a last '/'.</param>
    /// <param name="name">The entry's name, or several parts separated by '/'.</param>
    public static string Join(string directory, string name) =>
        directory.EndsWith('/') ? directory + name : $"{directory}/{name}";

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
