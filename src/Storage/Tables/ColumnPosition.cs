using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>Where a column goes among the others of the table or row that it is part of.</summary>
public sealed record ColumnPosition
{
    private ColumnPosition(ColumnMove move) => Move = move;

    /// <summary>Before all others.</summary>
    public static ColumnPosition First { get; } = new(new ColumnMove(ColumnMoveKind.First));

    /// <summary>Behind all others.</summary>
    public static ColumnPosition Last { get; } = new(new ColumnMove(ColumnMoveKind.Last));

    internal ColumnMove Move { get; }

    /// <summary>Right behind another column.</summary>
    /// <param name="column">The other column's name.</param>
    public static ColumnPosition After(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return new ColumnPosition(new ColumnMove(ColumnMoveKind.After, column));
    }

    /// <summary>Right before another column.</summary>
    /// <param name="column">The other column's name.</param>
    public static ColumnPosition Before(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return new ColumnPosition(new ColumnMove(ColumnMoveKind.Before, column));
    }
}
