namespace PaimonSharp.Merge;

/// <summary>What retractions do in a partial-update table.</summary>
internal enum PartialUpdateDeletes
{
    /// <summary>They are an error.</summary>
    Refused,

    /// <summary>Nothing; option <c>ignore-delete</c>.</summary>
    Ignored,

    /// <summary>A <c>-D</c> removes the row, a <c>-U</c> does nothing.</summary>
    RemoveRow,

    /// <summary>They take back what the sequence groups say, or remove the row where a group's options say so.</summary>
    BySequenceGroup,
}
