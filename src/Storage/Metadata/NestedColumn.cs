using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A column or something inside one, named by a path: field names of rows, <c>element</c> for what an array holds and
/// <c>value</c> for the values of a map, such as <c>orders, element, price</c>. All methods change copies.
/// </summary>
internal static class NestedColumn
{
    /// <summary>What a path names the elements of an array.</summary>
    public const string Element = "element";

    /// <summary>What a path names the values of a map.</summary>
    public const string Value = "value";

    /// <summary>Changes the fields among which the path's last name stands: to add, drop or rename one.</summary>
    /// <param name="fields">The table's columns; changed in place.</param>
    /// <param name="path">The path; its last name is handed over, whether or not there is such a field.</param>
    /// <param name="change">Changes the list of fields in place.</param>
    /// <exception cref="PaimonException">Invalid: the path leads nowhere.</exception>
    public static void ChangeFields(List<DataField> fields, IReadOnlyList<string> path, Action<List<DataField>, string> change) =>
        Descend(fields, path, 0, change, onType: null);

    /// <summary>Changes the field that the path names.</summary>
    /// <param name="fields">The table's columns; changed in place.</param>
    /// <param name="path">The path; it must not end at an array's elements or a map's values, which are no fields.</param>
    /// <param name="change">Gives the new field.</param>
    /// <exception cref="PaimonException">Invalid: the path leads nowhere.</exception>
    public static void ChangeField(List<DataField> fields, IReadOnlyList<string> path, Func<DataField, DataField> change) =>
        Descend(fields, path, 0, Last(path, change), onType: null);

    /// <summary>Changes the type of what the path names, which may be the elements of an array or the values of a map.</summary>
    /// <param name="fields">The table's columns; changed in place.</param>
    /// <param name="path">The path.</param>
    /// <param name="change">Gives the new type.</param>
    /// <exception cref="PaimonException">Invalid: the path leads nowhere.</exception>
    public static void ChangeType(List<DataField> fields, IReadOnlyList<string> path, Func<DataType, DataType> change) =>
        Descend(fields, path, 0, Last(path, field => field with { Type = change(field.Type) }), change);

    /// <summary>The path as a text.</summary>
    public static string Name(IReadOnlyList<string> path) => string.Join('.', path);

    private static Action<List<DataField>, string> Last(IReadOnlyList<string> path, Func<DataField, DataField> change) =>
        (fields, name) =>
        {
            var index = IndexOf(fields, path, path.Count - 1);
            fields[index] = change(fields[index]);
        };

    private static void Descend(
        List<DataField> fields,
        IReadOnlyList<string> path,
        int depth,
        Action<List<DataField>, string> onFields,
        Func<DataType, DataType>? onType)
    {
        if (path.Count == 0)
        {
            PaimonException.ThrowInvalid("A column is named by at least one name.");
        }

        if (depth == path.Count - 1)
        {
            onFields(fields, path[depth]);
            return;
        }

        var index = IndexOf(fields, path, depth);
        fields[index] = fields[index] with { Type = Descend(fields[index].Type, path, depth + 1, onFields, onType) };
    }

    private static DataType Descend(
        DataType type,
        IReadOnlyList<string> path,
        int depth,
        Action<List<DataField>, string> onFields,
        Func<DataType, DataType>? onType)
    {
        switch (type)
        {
            case RowType row:
                return Changed(row);
            case ArrayType array when path[depth] == Element:
                return array with { Element = Inside(array.Element) };
            case MapType map when path[depth] == Value:
                return map with { Value = Inside(map.Value) };
            default:
                throw new PaimonException(
                    ErrorKind.Invalid,
                    $"'{Name(path)}' names no column: {Name([.. path.Take(depth)])} is {type}, inside which there is no "
                    + $"'{path[depth]}'. Inside an array 'element' is named, inside a map 'value', inside a row its fields.");
        }

        DataType Changed(RowType row)
        {
            var fields = row.Fields.ToList();
            Descend(fields, path, depth, onFields, onType);
            return new RowType(fields) { IsNullable = row.IsNullable };
        }

        DataType Inside(DataType inner)
        {
            if (depth < path.Count - 1)
            {
                return Descend(inner, path, depth + 1, onFields, onType);
            }

            return onType is null
                ? throw new PaimonException(
                    ErrorKind.Invalid, $"'{Name(path)}' is no field: of what {type} holds only type and nullability can change.")
                : onType(inner);
        }
    }

    private static int IndexOf(List<DataField> fields, IReadOnlyList<string> path, int depth)
    {
        var index = fields.FindIndex(field => field.Name == path[depth]);
        return index >= 0
            ? index
            : throw new PaimonException(
                ErrorKind.Invalid,
                $"There is no column '{Name([.. path.Take(depth + 1)])}'; there are {string.Join(", ", fields.Select(field => field.Name))}.");
    }
}
