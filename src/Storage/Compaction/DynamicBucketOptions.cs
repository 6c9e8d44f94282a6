using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Compaction;

/// <summary>What a table's options say about its dynamic buckets. Immutable.</summary>
/// <param name="TargetRows">Option <c>dynamic-bucket.target-row-num</c>: a bucket with as many keys takes no new ones.</param>
/// <param name="MaxBuckets">Option <c>dynamic-bucket.max-buckets</c>: buckets of a partition.</param>
/// <param name="Assigners">The buckets that a partition begins with, each filled by itself; at least 1.</param>
internal sealed record DynamicBucketOptions(long TargetRows, int MaxBuckets, int Assigners)
{
    /// <summary>No limit of the number of buckets but that of the format.</summary>
    public const int Unlimited = -1;

    /// <summary>Reads the options.</summary>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a number that is too small.</exception>
    public static DynamicBucketOptions From(TableOptions options)
    {
        var target = options.GetInt64("dynamic-bucket.target-row-num", 2_000_000);
        var max = options.GetInt32("dynamic-bucket.max-buckets", Unlimited);
        if (max is not (Unlimited or > 0))
        {
            throw TableOptions.Error("dynamic-bucket.max-buckets", $"{max}", "-1 or a number above 0");
        }

        // A job of several tasks has as many assigners as these say; here they say only what buckets there are from the start.
        var initial = AtLeastOne(options, "dynamic-bucket.initial-buckets");
        var parallelism = AtLeastOne(options, "dynamic-bucket.assigner-parallelism");
        var assigners = Math.Min(initial ?? parallelism ?? 1, parallelism ?? initial ?? 1);
        return new DynamicBucketOptions(target, max, max == Unlimited ? assigners : Math.Min(assigners, max));
    }

    private static int? AtLeastOne(TableOptions options, string key) =>
        options.GetInt32(key) is { } value
            ? value is > 0 and <= short.MaxValue ? value : throw TableOptions.Error(key, $"{value}", "a number from 1 to 32767")
            : null;
}
