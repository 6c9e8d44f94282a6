using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Moves rows from a reader to a writer, two blocks in turn: while one is encoded and written, the other one is being merged. Two
/// threads at a time, none when the call has ended, with an error or without.
/// <code>
/// merge    | A |  | B |  | A |  | B |
/// write         | A |  | B |  | A |  | B |
/// </code>
/// </summary>
internal static class RewritePipeline
{
    /// <summary>Moves all rows.</summary>
    /// <param name="reader">Merges.</param>
    /// <param name="writer">Writes; not yet finished afterwards.</param>
    /// <param name="space">Has the blocks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask RunAsync(
        SectionReader reader, KeyValueFileWriter writer, FlushSpace space, CancellationToken cancellationToken)
    {
        var (block, other) = (space.MergedBlock, space.NextBlock);
        var writing = Task.CompletedTask;
        try
        {
            while (await reader.ReadAsync(block, cancellationToken).ConfigureAwait(false))
            {
                await writing.ConfigureAwait(false);
                writing = StartWriting(writer, block, cancellationToken);
                (block, other) = (other, block);
            }
        }
        catch
        {
            // The writer may be disposed of only when it is at rest; what it has to say is not the first error.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await writing.ConfigureAwait(false);
    }

    private static Task StartWriting(KeyValueFileWriter writer, ColumnBatch block, CancellationToken cancellationToken) =>
        Task.Run(() => writer.WriteAsync(block, cancellationToken).AsTask(), CancellationToken.None);
}
