using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>What a sync mirrors, and how.</summary>
public sealed record SyncOptions
{
    /// <summary>The default of <see cref="Job"/>.</summary>
    public const string DefaultJob = "paimonsharp-sync";

    /// <summary>The smallest share of a table in <see cref="WriteBufferBytes"/>.</summary>
    public const long SmallestBufferBytes = 4L << 20;

    /// <summary>
    /// The job's name, its commit user in every table: a job finds its positions again by it. A job under another name finds
    /// none, and takes a snapshot over the rows that are there.
    /// </summary>
    public string Job { get; init; } = DefaultJob;

    /// <summary>
    /// Patterns <c>database.table</c> with <c>*</c> and <c>?</c> of the tables to mirror; all when empty. One without a dot is
    /// an error when the job runs.
    /// </summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of tables that are left out; they win.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>True to fail when a table has no primary key; else such tables are named and left out.</summary>
    public bool RequirePrimaryKey { get; init; }

    /// <summary>How MySQL's types become Paimon's.</summary>
    public TypeMappingOptions TypeMapping { get; init; } = TypeMappingOptions.Default;

    /// <summary>
    /// Options of the tables that the sync creates, over <c>bucket=1</c> and <c>changelog-producer=input</c>; tables that are
    /// there keep theirs.
    /// </summary>
    public IReadOnlyDictionary<string, string> TableOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Bytes of rows that all tables together hold in memory before they are flushed; each table gets an equal share, of at
    /// least <see cref="SmallestBufferBytes"/>. Flushes and compactions may take as much again: option <c>memory-budget</c> of
    /// each table is twice its share.
    /// </summary>
    public long WriteBufferBytes { get; init; } = 256L << 20;

    /// <summary>How long rows wait at most before they are committed; never inside a transaction of the source.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a table without changes gets the new position, so that it never pins an old binlog.</summary>
    public TimeSpan IdleCommitInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>True to end when the binlog's end as of the start has been reached; else the sync follows until it is stopped.</summary>
    public bool StopAtEnd { get; init; }

    /// <summary>The replica's server id; 0 takes a random one. No two readers of a server may share one.</summary>
    public uint ServerId { get; init; }

    /// <summary>
    /// How long the server may send nothing before it sends a sign of life; a shorter <see cref="CommitInterval"/> wins, down
    /// to 100 ms.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often in a row a lost connection is opened again before the sync fails; progress starts the count anew.</summary>
    public int MaxReconnects { get; init; } = 20;

    /// <summary>Refuses settings that cannot work.</summary>
    /// <exception cref="PaimonException">Invalid, naming the setting.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Job))
        {
            PaimonException.ThrowInvalid("The job's name is empty.");
        }

        if (CommitInterval < TimeSpan.Zero || IdleCommitInterval <= TimeSpan.Zero)
        {
            PaimonException.ThrowInvalid("The commit interval must not be negative, the idle commit interval must be positive.");
        }

        if (WriteBufferBytes < SmallestBufferBytes)
        {
            PaimonException.ThrowInvalid($"The write buffer of {WriteBufferBytes} bytes is smaller than {SmallestBufferBytes}.");
        }

        if (HeartbeatInterval < TimeSpan.FromMilliseconds(100))
        {
            PaimonException.ThrowInvalid($"The heartbeat interval of {HeartbeatInterval} is shorter than 100 ms.");
        }
    }
}
