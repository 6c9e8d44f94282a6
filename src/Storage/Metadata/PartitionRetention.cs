using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Which partitions are expired: by the time that their values name, or by the time that they were written last. Immutable.</summary>
/// <param name="TimeRetained">Option <c>partition.expiration-time</c>: older partitions are expired.</param>
public sealed record PartitionRetention(TimeSpan TimeRetained)
{
    /// <summary>
    /// Option <c>partition.expiration-strategy</c>: true for <c>update-time</c>, the newest file of a partition; false for
    /// <c>values-time</c>, the time that its values name. Partitions whose values name none are not expired.
    /// </summary>
    public bool ByUpdateTime { get; init; }

    /// <summary>
    /// Option <c>partition.timestamp-pattern</c>: the text that names a partition's time, with <c>$column</c> in place of values;
    /// the first partition column's value by default.
    /// </summary>
    public string? TimestampPattern { get; init; }

    /// <summary>
    /// Option <c>partition.timestamp-formatter</c>: how that text is read, in Java's letters; <c>yyyy-MM-dd HH:mm:ss</c> or
    /// <c>yyyy-MM-dd</c> by default.
    /// </summary>
    public string? TimestampFormatter { get; init; }

    /// <summary>Option <c>partition.expiration-max-num</c>: one run expires no more.</summary>
    public int MaxPartitions { get; init; } = 100;

    /// <summary>Option <c>partition.expiration-batch-size</c>: one snapshot expires no more; null for no limit.</summary>
    public int? BatchSize { get; init; }

    /// <summary>What a table's options say; null where they say nothing of partitions that expire.</summary>
    /// <param name="options">The table's options.</param>
    /// <exception cref="Data.Errors.PaimonException">
    /// Invalid: an option's value makes no sense. Unsupported: a letter of the formatter is not known here.
    /// </exception>
    public static PartitionRetention? From(TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.GetDuration("partition.expiration-time") is { } time ? Of(options, time) : null;
    }

    /// <summary>What a table's options say, with a time of its own.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="timeRetained">Older partitions are expired, whatever the options say of that.</param>
    /// <exception cref="Data.Errors.PaimonException">As of <see cref="From"/>.</exception>
    public static PartitionRetention Of(TableOptions options, TimeSpan timeRetained)
    {
        ArgumentNullException.ThrowIfNull(options);
        const string Strategy = "partition.expiration-strategy";
        var retention = new PartitionRetention(timeRetained)
        {
            ByUpdateTime = options.GetString(Strategy, "values-time") switch
            {
                "values-time" => false,
                "update-time" => true,
                var text => throw TableOptions.Error(Strategy, text!, "values-time or update-time"),
            },
            TimestampPattern = options.GetString("partition.timestamp-pattern"),
            TimestampFormatter = options.GetString("partition.timestamp-formatter"),
            MaxPartitions = options.GetInt32("partition.expiration-max-num", 100),
            BatchSize = options.GetInt32("partition.expiration-batch-size"),
        };
        if (retention.TimestampFormatter is { } formatter)
        {
            _ = new JavaTimeFormat(formatter);
        }

        return retention;
    }
}
