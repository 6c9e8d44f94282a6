using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>What a reader of splits is to give. Immutable.</summary>
/// <param name="Table">The table.</param>
/// <param name="Schema">The schema to read with.</param>
/// <param name="Options">The table's options under that schema.</param>
/// <param name="Columns">The positions of the columns wanted among the schema's, in the order wanted.</param>
internal sealed record SplitReadRequest(Table Table, TableSchema Schema, TableOptions Options, int[] Columns)
{
    /// <summary>A condition that may be used to skip rows; skipping none is right too.</summary>
    public Predicate? Predicate { get; init; }

    /// <summary>True to give every row's kind.</summary>
    public bool WithKinds { get; init; }

    /// <summary>True to give also keys whose newest row is a retraction, which a merge otherwise hides.</summary>
    public bool KeepRetracts { get; init; }

    /// <summary>Makes the reader for the kind of table.</summary>
    public ISplitReader CreateReader() =>
        Schema.PrimaryKeys.Count == 0 ? new AppendSplitReader(this) : new KeyValueSplitReader(this);
}
