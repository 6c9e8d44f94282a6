using PaimonSharp.Data.Bitmaps;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// The rows of a file that may meet a condition: all, none, or some by their positions. Never fewer than those that meet it.
/// </summary>
/// <param name="Rows">The rows; null for all.</param>
internal readonly record struct FileIndexResult(RoaringBitmap? Rows)
{
    /// <summary>Nothing is known: any row may meet the condition.</summary>
    public static FileIndexResult All => new(null);

    /// <summary>No row meets the condition.</summary>
    public static FileIndexResult None { get; } = new(new RoaringBitmap());

    /// <summary>True when no row meets the condition.</summary>
    public bool IsNone => Rows is { IsEmpty: true };

    /// <summary>The rows that may meet both conditions.</summary>
    public FileIndexResult And(FileIndexResult other) =>
        Rows is null ? other : other.Rows is null ? this : new FileIndexResult(RoaringBitmap.And(Rows, other.Rows));

    /// <summary>The rows that may meet one of two conditions.</summary>
    public FileIndexResult Or(FileIndexResult other) =>
        Rows is null || other.Rows is null ? All : new FileIndexResult(RoaringBitmap.Or(Rows, other.Rows));
}
