using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What expiry keeps: at least some snapshots, at most some, and in between those that are young. Changelogs may be kept longer
/// than their snapshots. Immutable.
/// </summary>
public sealed record SnapshotRetention
{
    /// <summary>Option <c>snapshot.num-retained.min</c>: so many snapshots are always kept.</summary>
    public int MinSnapshots { get; init; } = 10;

    /// <summary>Option <c>snapshot.num-retained.max</c>: more are not kept, however young they are.</summary>
    public int MaxSnapshots { get; init; } = int.MaxValue;

    /// <summary>Option <c>snapshot.time-retained</c>: younger ones are kept, up to <see cref="MaxSnapshots"/>.</summary>
    public TimeSpan TimeRetained { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Option <c>changelog.num-retained.min</c>; as for snapshots when null.</summary>
    public int? MinChangelogs { get; init; }

    /// <summary>Option <c>changelog.num-retained.max</c>; as for snapshots when null.</summary>
    public int? MaxChangelogs { get; init; }

    /// <summary>Option <c>changelog.time-retained</c>; as for snapshots when null.</summary>
    public TimeSpan? ChangelogTimeRetained { get; init; }

    /// <summary>Option <c>snapshot.expire.limit</c>: one run removes no more.</summary>
    public int MaxDeletes { get; init; } = 50;

    /// <summary>
    /// Option <c>consumer.changelog-only</c>: consumers keep changelogs, not snapshots, where changelogs live longer.
    /// </summary>
    public bool ConsumersKeepChangelogsOnly { get; init; }

    /// <summary>True when changelogs outlive their snapshots.</summary>
    public bool AreChangelogsKeptLonger =>
        MaxChangelogs > MaxSnapshots || MinChangelogs > MinSnapshots || ChangelogTimeRetained > TimeRetained;

    /// <summary>What a table's options say.</summary>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: an option's value makes no sense.</exception>
    public static SnapshotRetention From(TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var defaults = new SnapshotRetention();
        return new SnapshotRetention
        {
            MinSnapshots = options.GetInt32("snapshot.num-retained.min", defaults.MinSnapshots),
            MaxSnapshots = options.GetInt32("snapshot.num-retained.max", defaults.MaxSnapshots),
            TimeRetained = options.GetDuration("snapshot.time-retained", defaults.TimeRetained),
            MinChangelogs = options.GetInt32("changelog.num-retained.min"),
            MaxChangelogs = options.GetInt32("changelog.num-retained.max"),
            ChangelogTimeRetained = options.GetDuration("changelog.time-retained"),
            MaxDeletes = options.GetInt32("snapshot.expire.limit", defaults.MaxDeletes),
            ConsumersKeepChangelogsOnly = options.GetBoolean("consumer.changelog-only", false),
        };
    }

    /// <summary>Checks that the numbers make sense together.</summary>
    /// <exception cref="PaimonException">Invalid: they do not.</exception>
    internal void Validate()
    {
        if (MinSnapshots < 1 || MaxSnapshots < MinSnapshots)
        {
            PaimonException.ThrowInvalid(
                $"Expiry keeps at least 1 snapshot, and at most no fewer than at least; found at least {MinSnapshots}"
                + $" ('snapshot.num-retained.min') and at most {MaxSnapshots} ('snapshot.num-retained.max').");
        }

        var (min, max) = (MinChangelogs ?? MinSnapshots, MaxChangelogs ?? MaxSnapshots);
        if (max < min)
        {
            PaimonException.ThrowInvalid(
                $"Expiry keeps at most no fewer changelogs than at least; found at least {min}"
                + $" ('changelog.num-retained.min') and at most {max} ('changelog.num-retained.max').");
        }

        if (MaxDeletes < 0)
        {
            PaimonException.ThrowInvalid(
                $"One run of expiry removes 0 snapshots or more; found {MaxDeletes} ('snapshot.expire.limit').");
        }
    }
}
