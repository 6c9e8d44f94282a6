using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// What the statistics of a file say of the columns of another schema (docs/format.md#evolution). A bound is only carried over
/// where the cast keeps both order and value; of all other columns whose type has changed nothing is known.
/// </summary>
internal static class EvolvedBounds
{
    /// <summary>Reads a file's value statistics.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fileSchema">The schema that it was written with.</param>
    /// <param name="schema">The schema whose columns are asked for.</param>
    /// <returns>The bounds of a column of that schema by its name; null where nothing is known.</returns>
    public static Func<string, ColumnBounds?> Of(DataFileMeta file, TableSchema fileSchema, TableSchema schema)
    {
        var type = file.ValueStatsColumns is { } names
            ? fileSchema.RowType.Project(fileSchema.IndexesOf(names))
            : fileSchema.RowType;
        var stats = file.ValueStats;
        if (stats.MinValues.Arity != type.Fields.Count || stats.NullCounts.Count != type.Fields.Count)
        {
            return _ => null;
        }

        var min = BinaryRows.Read(type, stats.MinValues);
        var max = BinaryRows.Read(type, stats.MaxValues);
        return name =>
        {
            var field = schema.Fields[schema.RowType.IndexOf(name)];
            if (RowTracking.IsTracked(field))
            {
                return null;
            }

            if (fileSchema.RowType.IndexOfId(field.Id) < 0)
            {
                // All rows of the file read as NULL.
                return new ColumnBounds(null, null, 0, file.RowCount, file.RowCount);
            }

            var i = type.IndexOfId(field.Id);
            return i >= 0 && KeepsOrderAndValues(type.Fields[i].Type, field.Type)
                ? new ColumnBounds(
                    Evolve(min[i], field.Type), Evolve(max[i], field.Type), 0, stats.NullCounts[i], file.RowCount)
                : null;
        };
    }

    /// <summary>
    /// True when conditions on the new type can be judged by values of the old one: equal types, texts and bytes that are not
    /// cut or filled up, and integers that became wider.
    /// </summary>
    public static bool KeepsOrderAndValues(DataType stored, DataType wanted) =>
        stored.EqualsIgnoringNullability(wanted)
        || (stored is LengthType && wanted is LengthType && ColumnCast.IsSameLayout(stored, wanted))
        || (IntegerWidth(stored) is > 0 and var width && IntegerWidth(wanted) > width);

    private static int IntegerWidth(DataType type) => type.Root switch
    {
        TypeRoot.TinyInt => 1,
        TypeRoot.SmallInt => 2,
        TypeRoot.Int => 4,
        TypeRoot.BigInt => 8,
        _ => 0,
    };

    private static ColumnVector Evolve(ColumnVector bound, DataType wanted)
    {
        if (ColumnCast.IsSameLayout(bound.Type, wanted))
        {
            return bound;
        }

        var evolved = ColumnVector.Create(wanted.Nullable());
        ColumnCast.BetweenSchemas(bound.Type, wanted).Append(bound, evolved);
        return evolved;
    }
}
