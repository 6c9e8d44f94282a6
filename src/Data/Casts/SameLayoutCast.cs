using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>Both types hold the same values in the same form.</summary>
internal sealed class SameLayoutCast : ColumnCast
{
    public static readonly SameLayoutCast Instance = new();

    public override void Append(ColumnVector source, ColumnVector target) => target.AppendRange(source, 0, source.Length);
}
