using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PaimonSharp.Data;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage;

/// <summary>What storage asks of the outside: files, time, random names, a log. Immutable and shared by all threads.</summary>
/// <param name="FileIO">Where tables live.</param>
public sealed record StorageEnvironment(IFileIO FileIO)
{
    /// <summary>The clock: commit times, ages of snapshots, waits between attempts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where file names and commit users get their random parts.</summary>
    public IdSource Ids { get; init; } = IdSource.System;

    /// <summary>Where files live that serve this process alone, such as lookup files: the local disk by default.</summary>
    public IFileIO ScratchFiles { get; init; } = LocalFileIO.Scratch;

    /// <summary>Where log messages go; nowhere by default.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// Stands before the strategy that a bucket's options ask for, so that a test decides what a strategy sees; nothing does by
    /// default.
    /// </summary>
    internal Func<BucketId, ICompactStrategy, ICompactStrategy>? WrapStrategy { get; init; }
}
