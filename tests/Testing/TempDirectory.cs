namespace PaimonSharp.Testing;

/// <summary>A folder of its own below the system's temporary folder, removed with all its content at disposal.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>Creates the folder.</summary>
    /// <param name="purpose">A word that makes the folder's name readable.</param>
    public TempDirectory(string purpose = "test")
    {
        Path = Directory.CreateTempSubdirectory($"paimonsharp-{purpose}-").FullName;
    }

    /// <summary>The folder's absolute path.</summary>
    public string Path { get; }

    /// <summary>A path below the folder; nothing is created.</summary>
    /// <param name="parts">The names below the folder.</param>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Removes the folder. A folder that another process still writes to is left to the system's cleaning.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Removal is a courtesy: it must not turn a good test into a failure.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
