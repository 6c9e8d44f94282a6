namespace PaimonSharp.Storage.Tables;

/// <summary>What a writer has done since it was opened.</summary>
/// <param name="Rows">Rows given to the writer.</param>
/// <param name="BufferedBytes">Bytes of rows that are in memory now.</param>
/// <param name="FlushedFiles">Data files written by flushes.</param>
/// <param name="FlushedBytes">Their size.</param>
/// <param name="Compactions">Compactions that ran.</param>
/// <param name="Commits">Commits that made a snapshot.</param>
public readonly record struct WriteProgress(
    long Rows, long BufferedBytes, long FlushedFiles, long FlushedBytes, long Compactions, long Commits);
