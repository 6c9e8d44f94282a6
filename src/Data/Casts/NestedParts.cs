using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>What an ARRAY (its element), a MAP (key, value) or a ROW (its fields) is made of, in order.</summary>
internal static class NestedParts
{
    /// <summary>The types of the parts.</summary>
    /// <param name="type">ARRAY, MAP or ROW.</param>
    public static DataType[] TypesOf(DataType type) => type switch
    {
        ArrayType array => [array.Element],
        MapType map => [map.Key, map.Value],
        _ => [.. ((RowType)type).Fields.Select(field => field.Type)],
    };

    /// <summary>The column of one part.</summary>
    /// <param name="vector">A column of ARRAY, MAP or ROW.</param>
    /// <param name="part">The part's index in <see cref="TypesOf"/>.</param>
    public static ColumnVector Of(ColumnVector vector, int part) => vector switch
    {
        ListVector list => list.Elements,
        MapVector map => part == 0 ? map.Keys : map.MapValues,
        _ => ((StructVector)vector).Children[part],
    };
}
