using PaimonSharp.Data.Casts;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>
/// Values as trees, and what they become under another schema: written down one by one, with no thought of columns. A scalar
/// is a vector of one row; fields of rows are known by their ids.
/// </summary>
internal static class EvolvedValue
{
    public static object? From(ColumnVector column, int row) => column.IsNull(row) ? null : column switch
    {
        ListVector list => Range(list.Offsets[row], list.Offsets[row + 1]).Select(i => From(list.Elements, i)).ToList(),
        MapVector map => Range(map.Offsets[row], map.Offsets[row + 1])
            .Select(i => (From(map.Keys, i), From(map.MapValues, i))).ToList(),
        StructVector structure => ((RowType)structure.Type).Fields
            .Select((field, i) => (field.Id, Value: From(structure.Children[i], row)))
            .ToDictionary(field => field.Id, field => field.Value),
        _ => One(column, row),
    };

    public static void Append(ColumnVector column, object? value)
    {
        switch (column, value)
        {
            case (_, null):
                column.AppendNull();
                break;
            case (ListVector list, List<object?> items):
                items.ForEach(item => Append(list.Elements, item));
                list.EndRow();
                break;
            case (MapVector map, List<(object? Key, object? Value)> entries):
                foreach (var (key, item) in entries)
                {
                    Append(map.Keys, key);
                    Append(map.MapValues, item);
                }

                map.EndRow();
                break;
            case (StructVector structure, Dictionary<int, object?> fields):
                var types = ((RowType)structure.Type).Fields;
                for (var i = 0; i < types.Count; i++)
                {
                    Append(structure.Children[i], fields[types[i].Id]);
                }

                structure.EndRow();
                break;
            default:
                column.AppendRange((ColumnVector)value, 0, 1);
                break;
        }
    }

    public static object? Cast(object? value, DataType from, DataType to)
    {
        if (value is null || !Shares(from, to))
        {
            return null;
        }

        switch (from, to)
        {
            case (RowType old, RowType next):
                var fields = (Dictionary<int, object?>)value;
                return next.Fields.ToDictionary(
                    field => field.Id,
                    field => old.IndexOfId(field.Id) is >= 0 and var i
                        ? Cast(fields[field.Id], old.Fields[i].Type, field.Type)
                        : null);
            case (ArrayType old, ArrayType next):
                return ((List<object?>)value).Select(item => Cast(item, old.Element, next.Element)).ToList();
            case (MapType old, MapType next):
                return ((List<(object? Key, object? Value)>)value)
                    .Select(entry => (entry.Key, Cast(entry.Value, old.Value, next.Value))).ToList();
            case (MultisetType, _):
                return value;
            default:
                if (from.EqualsIgnoringNullability(to))
                {
                    return value;
                }

                var target = ColumnVector.Create(to.Nullable());
                ColumnCast.Find(from, to)!.Append((ColumnVector)value, target);
                return target.IsNull(0) ? null : target;
        }
    }

    // A row of which no field is left reads as NULL, with everything that consists of such rows.
    private static bool Shares(DataType from, DataType to) => (from, to) switch
    {
        (RowType old, RowType next) => next.Fields.Any(field =>
            old.IndexOfId(field.Id) is >= 0 and var i && Shares(old.Fields[i].Type, field.Type)),
        (ArrayType old, ArrayType next) => Shares(old.Element, next.Element),
        (MapType old, MapType next) => Shares(old.Value, next.Value),
        _ => true,
    };

    private static ColumnVector One(ColumnVector column, int row)
    {
        var one = ColumnVector.Create(column.Type);
        one.AppendRange(column, row, 1);
        return one;
    }

    private static IEnumerable<int> Range(int start, int end) => Enumerable.Range(start, end - start);
}
