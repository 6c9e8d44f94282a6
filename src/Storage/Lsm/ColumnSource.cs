namespace PaimonSharp.Storage.Lsm;

/// <summary>Where a merge read takes a column of its result from.</summary>
internal enum ColumnSource
{
    /// <summary>The columns read with the keys.</summary>
    Key,

    /// <summary>The columns read after rows have been chosen.</summary>
    Value,

    /// <summary>The partition: the same value in all rows.</summary>
    Partition,
}
