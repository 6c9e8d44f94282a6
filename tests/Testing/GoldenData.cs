namespace PaimonSharp.Testing;

/// <summary>
/// Where the collections that tests compare with lie. A test whose data is absent is skipped aloud, never passed.
/// </summary>
public static class GoldenData
{
    /// <summary>The folder of tables and vectors written by Apache Paimon: PAIMON_GOLDEN.</summary>
    public static string Golden => Folder("PAIMON_GOLDEN", "../shared/golden");

    /// <summary>The folder of recorded binlogs: PAIMON_BINLOGS.</summary>
    public static string Binlogs => Folder("PAIMON_BINLOGS", "../shared/binlogs");

    /// <summary>The folder of the independent checker of tables: PAIMON_CHECK.</summary>
    public static string Check => Folder("PAIMON_CHECK", "../shared/tools/paimon-check");

    /// <summary>The repository's root: the folder that holds PaimonSharp.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the golden collection, whether or not it exists.</summary>
    /// <param name="parts">The path below <see cref="Golden"/>.</param>
    public static string GoldenPath(params string[] parts) => Path.Combine([Golden, .. parts]);

    /// <summary>A file of vectors, whether or not it exists.</summary>
    /// <param name="name">The file's name.</param>
    public static string VectorPath(string name) => GoldenPath("vectors", name);

    private static string Folder(string variable, string relative)
    {
        var named = Environment.GetEnvironmentVariable(variable);
        return Path.GetFullPath(string.IsNullOrEmpty(named) ? DefaultFolder(relative) : named);
    }

    // A checkout may itself lie one folder deeper than usual, as worktrees do: the nearest folder above that has it counts.
    private static string DefaultFolder(string relative)
    {
        for (var folder = new DirectoryInfo(Root); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, relative);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return Path.Combine(Root, relative);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PaimonSharp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"PaimonSharp.sln is not above {AppContext.BaseDirectory}.");
    }
}
