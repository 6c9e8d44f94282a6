using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Which type a column may change to (docs/format.md#casts). A type that is allowed may still lack a cast that does it:
/// <see cref="ColumnCast.Find"/> says that.
/// </summary>
public static class CastRules
{
    /// <summary>True when a column of one type may become one of another.</summary>
    /// <param name="source">The type it has.</param>
    /// <param name="target">The type wanted.</param>
    /// <param name="allowExplicit">False to allow only what loses nothing; NULL then needs a nullable target, too.</param>
    public static bool IsAllowed(DataType source, DataType target, bool allowExplicit)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.IsNullable && !target.IsNullable && !allowExplicit)
        {
            return false;
        }

        return source.EqualsIgnoringNullability(target)
            || source.Root == target.Root
            || IsImplicit(source.Root, target.Root)
            || (allowExplicit && IsExplicit(source.Root, target.Root));
    }

    private static bool IsImplicit(TypeRoot source, TypeRoot target) => target switch
    {
        TypeRoot.VarChar => source is TypeRoot.Char,
        TypeRoot.VarBinary => source is TypeRoot.Binary,
        TypeRoot.Decimal or TypeRoot.Double => IsNumber(source),
        TypeRoot.SmallInt => source is TypeRoot.TinyInt,
        TypeRoot.Int => source is TypeRoot.TinyInt or TypeRoot.SmallInt,
        TypeRoot.BigInt => source is TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int,
        TypeRoot.Float => IsInteger(source) || source is TypeRoot.Decimal,
        TypeRoot.Date or TypeRoot.Time or TypeRoot.TimestampLtz => source is TypeRoot.Timestamp,
        TypeRoot.Timestamp => source is TypeRoot.TimestampLtz,
        _ => false,
    };

    private static bool IsExplicit(TypeRoot source, TypeRoot target) => target switch
    {
        TypeRoot.Char or TypeRoot.VarChar => source is not (TypeRoot.Variant or TypeRoot.Blob),
        TypeRoot.Boolean => IsText(source) || IsInteger(source),
        TypeRoot.Binary or TypeRoot.VarBinary => IsText(source) || source is TypeRoot.Binary or TypeRoot.VarBinary,
        TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int or TypeRoot.BigInt or TypeRoot.Float or TypeRoot.Double
            or TypeRoot.Decimal => IsNumber(source) || IsText(source) || IsTimestamp(source) || source is TypeRoot.Boolean,
        TypeRoot.Date or TypeRoot.Time => IsTimestamp(source) || IsText(source),
        TypeRoot.Timestamp or TypeRoot.TimestampLtz =>
            IsTimestamp(source) || IsText(source) || IsNumber(source) || source is TypeRoot.Date or TypeRoot.Time,
        _ => false,
    };

    private static bool IsText(TypeRoot root) => root is TypeRoot.Char or TypeRoot.VarChar;

    private static bool IsInteger(TypeRoot root) =>
        root is TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int or TypeRoot.BigInt;

    private static bool IsNumber(TypeRoot root) =>
        IsInteger(root) || root is TypeRoot.Float or TypeRoot.Double or TypeRoot.Decimal;

    private static bool IsTimestamp(TypeRoot root) => root is TypeRoot.Timestamp or TypeRoot.TimestampLtz;
}
