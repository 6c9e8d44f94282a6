using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Remembers the first failure of a writer. After it the writer is of no use: rows may be half written, or a commit published
/// or not, and going on could lose rows without a word. For one thread at a time.
/// </summary>
/// <param name="commitUser">Whose writer it is, for messages.</param>
internal sealed class WriterFaults(string commitUser)
{
    private Exception? _failure;
    private bool _isOfCommit;

    /// <summary>
    /// Waits until it is known where rows go. An error of the caller's, of kind Invalid, refuses all of them, and is not remembered.
    /// </summary>
    public async ValueTask<T> GuardRoutingAsync<T>(ValueTask<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not PaimonException { Kind: ErrorKind.Invalid } && Remember(e, isOfCommit: false))
        {
            throw;
        }
    }

    /// <summary>Waits for work on rows that were taken; whatever fails, some of them may not be where they belong.</summary>
    public async ValueTask<T> GuardAsync<T>(ValueTask<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (Exception e) when (Remember(e, isOfCommit: false))
        {
            throw;
        }
    }

    /// <summary>Waits for work on rows that were taken, likewise.</summary>
    public async ValueTask GuardAsync(ValueTask work) => await GuardAsync(WithResultAsync(work)).ConfigureAwait(false);

    /// <summary>Waits for a commit; whatever fails, it may have been published.</summary>
    public async ValueTask<T> GuardCommitAsync<T>(ValueTask<T> commit)
    {
        try
        {
            return await commit.ConfigureAwait(false);
        }
        catch (Exception e) when (Remember(e, isOfCommit: true))
        {
            throw;
        }
    }

    /// <summary>Refuses to go on after a failure.</summary>
    /// <exception cref="PaimonException">Closed: something failed before; it is the cause.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new PaimonException(
                ErrorKind.Closed,
                (_isOfCommit
                    ? $"A commit of user {commitUser} failed, and may have been published or not"
                    : $"Writing as user {commitUser} failed, and rows since the last commit may be incomplete")
                + $": open a new writer, which goes on from what the table says. {_failure.Message}",
                _failure);
        }
    }

    private static async ValueTask<bool> WithResultAsync(ValueTask work)
    {
        await work.ConfigureAwait(false);
        return true;
    }

    /// <summary>Always false: the error passes by.</summary>
    private bool Remember(Exception error, bool isOfCommit)
    {
        if (_failure is null)
        {
            _failure = error;
            _isOfCommit = isOfCommit;
        }

        return false;
    }
}
