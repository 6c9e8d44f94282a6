using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>Removes files that were never part of a table: those of work that failed, was given up or lost a race.</summary>
internal static class Leftovers
{
    /// <summary>Removes a file. Where that fails it stays behind, for the removal of orphans to find.</summary>
    /// <param name="fileIO">Where the file is.</param>
    /// <param name="path">The file.</param>
    public static async ValueTask TryDeleteAsync(this IFileIO fileIO, string path)
    {
        try
        {
            await fileIO.DeleteAsync(path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (PaimonException)
        {
            // What made the file needless is what the caller has to know.
        }
    }
}
