namespace PaimonSharp.Data.Hashing;

/// <summary>How a row's bucket follows from its bucket key: option <c>bucket-function.type</c>.</summary>
public enum BucketFunctionType
{
    /// <summary>The hash of the key's BinaryRow.</summary>
    Default,

    /// <summary>The value of a single INT or BIGINT column.</summary>
    Mod,

    /// <summary>Hive's hash, so that Hive finds the buckets as its own.</summary>
    Hive,
}
