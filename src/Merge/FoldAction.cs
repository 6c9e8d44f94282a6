namespace PaimonSharp.Merge;

/// <summary>What a version of a key does to the accumulator of a column (docs/format.md#merge-engines).</summary>
internal enum FoldAction : byte
{
    /// <summary>Nothing.</summary>
    Skip,

    /// <summary>Adds its value: <c>acc = agg(acc, value)</c>.</summary>
    Add,

    /// <summary>Adds its value, which is older than what the accumulator holds: <c>acc = agg(value, acc)</c>.</summary>
    AddOlder,

    /// <summary>Takes its value back: <c>acc = retract(acc, value)</c>.</summary>
    Retract,

    /// <summary>Takes back a value that is older than what the accumulator holds.</summary>
    RetractOlder,

    /// <summary>Begins anew with its value, even NULL: <c>acc = value</c>.</summary>
    Reset,

    /// <summary>Begins anew with its value, then takes it back: <c>acc = retract(value, value)</c>.</summary>
    ResetRetract,
}
