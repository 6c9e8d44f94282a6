namespace PaimonSharp.Storage.Metadata;

/// <summary>Where a column goes among the others.</summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Reference">The column that it goes next to, for <see cref="ColumnMoveKind.After"/> and Before.</param>
internal readonly record struct ColumnMove(ColumnMoveKind Kind, string? Reference = null);

/// <summary>The kinds of places.</summary>
internal enum ColumnMoveKind
{
    /// <summary>Before all others.</summary>
    First,

    /// <summary>Behind all others.</summary>
    Last,

    /// <summary>Right behind another column.</summary>
    After,

    /// <summary>Right before another column.</summary>
    Before,
}
