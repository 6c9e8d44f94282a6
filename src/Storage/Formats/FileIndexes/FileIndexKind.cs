using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>The kinds of file indexes, by the names that options and files use.</summary>
internal static class FileIndexKind
{
    /// <summary>Whether a value may be in a file.</summary>
    public const string BloomFilter = "bloom-filter";

    /// <summary>The rows of each value.</summary>
    public const string Bitmap = "bitmap";

    /// <summary>A bitmap for each bit of a number.</summary>
    public const string Bsi = "bsi";

    /// <summary>A dictionary and a bitmap for each bit of a value's place in it.</summary>
    public const string RangeBitmap = "range-bitmap";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [BloomFilter, Bitmap, Bsi, RangeBitmap];

    /// <summary>True when a kind indexes columns of a type.</summary>
    public static bool Supports(string kind, DataType type) => kind switch
    {
        BloomFilter => type.Root is not (TypeRoot.Boolean or TypeRoot.Decimal)
            && (IndexKeyType.TryCreate(type) is not null || type.Root is TypeRoot.Binary or TypeRoot.VarBinary),
        Bitmap => type.Root is not TypeRoot.Decimal && IndexKeyType.TryCreate(type) is not null,
        Bsi => type.Root is not (TypeRoot.Boolean or TypeRoot.Float or TypeRoot.Double or TypeRoot.Char or TypeRoot.VarChar)
            && IndexKeyType.TryCreate(type) is not null,
        RangeBitmap => type is not DecimalType { IsCompact: false } && IndexKeyType.TryCreate(type) is { IsRounded: false },
        _ => false,
    };

    /// <summary>Refuses a kind that is not known, or that does not index columns of a type.</summary>
    /// <exception cref="PaimonException">Unsupported.</exception>
    public static void Check(string kind, string column, DataType type)
    {
        if (!All.Contains(kind))
        {
            PaimonException.ThrowUnsupported(
                $"Column '{column}': file indexes of kind '{kind}' are not written; {string.Join(", ", All)} are.");
        }

        if (!Supports(kind, type))
        {
            PaimonException.ThrowUnsupported($"Column '{column}': a file index of kind '{kind}' does not support {type}.");
        }
    }
}
