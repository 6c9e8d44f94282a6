using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Lets writers of one machine that got into each other's way commit one after the other, so that none of them loses every attempt
/// (docs/format.md#commit-turns). It is a courtesy: commits are right without it, and nobody waits for long.
/// </summary>
/// <param name="environment">Files and the clock.</param>
/// <param name="root">The table's directory.</param>
/// <param name="longestWait">After this a commit is tried without its turn.</param>
internal sealed class CommitTurns(StorageEnvironment environment, string root, TimeSpan longestWait)
{
    private const string LockFile = ".commit.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits for the turn.</summary>
    /// <param name="isContended">False for a first attempt, which needs a turn only where others have needed one before.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Ends the turn when it is disposed; null when the commit is to be tried without one.</returns>
    public async ValueTask<IDisposable?> TakeAsync(bool isContended, CancellationToken cancellationToken)
    {
        var files = environment.FileIO;
        var path = $"{root}/{LockFile}";
        var started = environment.TimeProvider.GetTimestamp();
        try
        {
            if (!isContended && !await files.ExistsAsync(path, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            while (environment.TimeProvider.GetElapsedTime(started) < longestWait)
            {
                if (await files.TryLockAsync(path, cancellationToken).ConfigureAwait(false) is { } turn)
                {
                    return turn;
                }

                await Task.Delay(Pause, environment.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PaimonException error) when (error.IsTransient || error is FileMissingException)
        {
            // A directory that takes no lock is for the commit itself to complain about.
        }

        return null;
    }
}
