using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>The connection to the source was lost or could not be made: connect again.</summary>
internal sealed class SourceLostException(PaimonException cause)
    : PaimonException(ErrorKind.Unavailable, cause.Message, cause)
{
    /// <summary>
    /// Awaits work with the source and only with it: what fails there for the moment becomes this error, so that a full disk
    /// below the tables is never taken for a lost connection.
    /// </summary>
    public static async ValueTask<T> GuardAsync<T>(ValueTask<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (PaimonException e) when (e.IsTransient && e is not (SourceLostException or SourceChangedException))
        {
            throw new SourceLostException(e);
        }
    }
}
