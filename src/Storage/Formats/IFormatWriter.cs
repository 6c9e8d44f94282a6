using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats;

/// <summary>Writes one file. For one thread at a time. Disposing before <see cref="FinishAsync"/> removes the file.</summary>
internal interface IFormatWriter : IAsyncDisposable
{
    /// <summary>Rows written until now.</summary>
    long RowCount { get; }

    /// <summary>Bytes written plus an estimate of what is still buffered: what decides when to roll to the next file.</summary>
    long EstimatedSizeBytes { get; }

    /// <summary>Appends a range of rows.</summary>
    /// <param name="columns">One vector for each column of the file.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask WriteAsync(IReadOnlyList<ColumnVector> columns, int start, int count, CancellationToken cancellationToken);

    /// <summary>Writes what is buffered and the footer, and makes the file durable.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The file's exact size and, per column, the statistics of all rows.</returns>
    ValueTask<FormatWriteResult> FinishAsync(CancellationToken cancellationToken);
}

/// <summary>What a finished file holds.</summary>
/// <param name="SizeBytes">The file's exact size.</param>
/// <param name="RowCount">Its rows.</param>
/// <param name="Statistics">One per column, untruncated.</param>
internal sealed record FormatWriteResult(long SizeBytes, long RowCount, IReadOnlyList<ColumnStatistics> Statistics);
