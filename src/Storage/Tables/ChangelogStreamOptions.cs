using PaimonSharp.Data.Predicates;

namespace PaimonSharp.Storage.Tables;

/// <summary>Where a changelog stream begins and whether it follows the table.</summary>
public sealed record ChangelogStreamOptions
{
    /// <summary>
    /// The first snapshot whose changes are read, the oldest one that is there when this one has expired; null begins where
    /// the table's <c>scan.*</c> options say, by default with the newest state.
    /// </summary>
    public long? FromSnapshot { get; init; }

    /// <summary>True to begin after the newest snapshot, without a state, where <see cref="FromSnapshot"/> is null.</summary>
    public bool OnlyNewChanges { get; init; }

    /// <summary>
    /// The last snapshot that is read; a stream that is not bounded waits for it. Null for the newest one of a bounded stream,
    /// for no end of another.
    /// </summary>
    public long? ToSnapshot { get; init; }

    /// <summary>
    /// The name of a consumer whose progress is kept in the table; by default that of option <c>consumer-id</c>, if any. Where
    /// it has progress, the stream begins there, unless option <c>consumer.ignore-progress</c> is true; it is moved by
    /// <see cref="ChangelogStream.CommitProgressAsync"/> only.
    /// </summary>
    public string? ConsumerId { get; init; }

    /// <summary>True to end at the snapshot that is the newest when reading begins, false to wait for more until cancelled.</summary>
    public bool Bounded { get; init; }

    /// <summary>How long to wait before looking for a new snapshot.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A condition on the changed rows; null for all. Its columns need not be among those read.</summary>
    public Predicate? Filter { get; init; }

    /// <summary>The columns to read; null for all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
}
