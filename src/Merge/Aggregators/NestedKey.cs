using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The fields by which rows of an array are one (option <c>fields.f.nested-key</c>).</summary>
internal static class NestedKey
{
    /// <summary>The positions of the fields, none when the option is absent.</summary>
    /// <param name="field">The column.</param>
    /// <param name="row">The type of its elements.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: the rows have no such field.</exception>
    public static int[] Of(DataField field, RowType row, TableOptions options)
    {
        var key = $"fields.{field.Name}.nested-key";
        if (options.GetString(key) is not { } text)
        {
            return [];
        }

        var names = row.Fields.Select(candidate => candidate.Name).ToList();
        return Array.ConvertAll(text.Split(','), part =>
        {
            var position = names.IndexOf(part.Trim());
            return position >= 0
                ? position
                : throw TableOptions.Error(key, text, $"fields of the array's rows, of {string.Join(", ", names)}");
        });
    }

    /// <summary>The key columns.</summary>
    /// <param name="rows">The elements of the arrays in every source.</param>
    /// <param name="positions">The positions of the fields.</param>
    public static ColumnVector[][] ColumnsOf(ColumnVector[] rows, int[] positions) =>
        Array.ConvertAll(
            positions, position => Array.ConvertAll(rows, vector => ((StructVector)vector).Children[position]));
}
