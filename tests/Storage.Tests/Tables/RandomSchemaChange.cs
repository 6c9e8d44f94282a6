using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Schema changes that a table takes, with casts that give a result for every value.</summary>
internal sealed class RandomSchemaChange(RandomValues random)
{
    private int _names;

    /// <summary>A type of values that may be NULL at every level, save keys: a cast may give NULL.</summary>
    public static DataType NewType(RandomValues random, int depth = 2) => Nullable(random.Any(depth));

    public SchemaChange? Next(TableSchema schema)
    {
        var columns = schema.Fields.Where(field => field.Name != "k").ToList();
        var column = columns[random.Next(columns.Count)];
        var path = new List<string> { column.Name };
        switch (random.Next(8))
        {
            case 0 or 1:
                return new SchemaChange.AddColumn(NewName(), NewType(random), position: Position(schema.Fields, null));
            case 2:
                var (rowPath, row) = Descend(path, column.Type, type => type is RowType);
                return row is null ? null : new SchemaChange.AddColumn([.. rowPath, NewName()], NewType(random, 1));
            case 3:
                var (fieldPath, isOnly) = Field(path, column.Type);
                return isOnly || columns.Count == 1 ? null : new SchemaChange.DropColumn(fieldPath);
            case 4:
                return new SchemaChange.RenameColumn(Field(path, column.Type).Path, NewName());
            case 5:
                return schema.Fields.Count == 1 || Position(schema.Fields, column.Name) is not { } position
                    ? null
                    : new SchemaChange.MoveColumn(column.Name, position);
            default:
                var (leaf, type) = Descend(path, column.Type, type => type is not (RowType or ArrayType or MapType));
                return type is null || OtherType(type) is not { } next ? null : new SchemaChange.UpdateColumnType(leaf, next, KeepNullability: true);
        }
    }

    private static DataType Nullable(DataType type) => type switch
    {
        ArrayType array => DataTypes.Array(Nullable(array.Element)),
        MapType map => DataTypes.Map(map.Key.NotNull(), Nullable(map.Value)),
        MultisetType multiset => DataTypes.Multiset(multiset.Element.NotNull()),
        RowType row => DataTypes.Row([.. row.Fields.Select(field => field with { Type = Nullable(field.Type) })]),
        _ => type.Nullable(),
    };

    private string NewName() => $"n{_names++}";

    private ColumnPosition? Position(IReadOnlyList<DataField> fields, string? moved)
    {
        var other = fields[random.Next(fields.Count)].Name;
        return other == moved ? null : random.Next(moved is null ? 4 : 2) switch
        {
            0 => ColumnPosition.After(other),
            1 => ColumnPosition.Before(other),
            2 => ColumnPosition.First,
            _ => null,
        };
    }

    /// <summary>A field of the column or of a row in it.</summary>
    private (List<string> Path, bool IsOnly) Field(List<string> path, DataType type)
    {
        var (rowPath, row) = Descend(path, type, inner => inner is RowType);
        return row is RowType { Fields: var fields } && random.Next(3) > 0
            ? ([.. rowPath, fields[random.Next(fields.Count)].Name], fields.Count == 1)
            : (path, false);
    }

    /// <summary>Goes down into a type, by chance, until something is met.</summary>
    private (List<string> Path, DataType? Type) Descend(List<string> path, DataType type, Func<DataType, bool> isWanted)
    {
        if (isWanted(type))
        {
            return (path, type);
        }

        switch (type)
        {
            case ArrayType array:
                return Descend([.. path, "element"], array.Element, isWanted);
            case MapType map:
                return Descend([.. path, "value"], map.Value, isWanted);
            case RowType row:
                var field = row.Fields[random.Next(row.Fields.Count)];
                return Descend([.. path, field.Name], field.Type, isWanted);
            default:
                return (path, null);
        }
    }

    // Of these types each leads to all that the next ones lead to: Paimon casts from the type that was written.
    private DataType? OtherType(DataType type)
    {
        DataType[] types = type.Root switch
        {
            TypeRoot.Boolean => [DataTypes.Int, DataTypes.String, DataTypes.Decimal(5, 2), DataTypes.Char(2)],
            TypeRoot.TinyInt or TypeRoot.SmallInt or TypeRoot.Int or TypeRoot.BigInt =>
            [
                DataTypes.TinyInt, DataTypes.Int, DataTypes.BigInt, DataTypes.Double, DataTypes.Float,
                DataTypes.Decimal(5, 2), DataTypes.Decimal(38, 10), DataTypes.String, DataTypes.VarChar(2),
            ],
            TypeRoot.Float or TypeRoot.Double => [DataTypes.Int, DataTypes.SmallInt, DataTypes.Double, DataTypes.Float, DataTypes.String],
            TypeRoot.Decimal => [DataTypes.Decimal(18, 3), DataTypes.Decimal(38, 20), DataTypes.Double, DataTypes.BigInt, DataTypes.String],
            TypeRoot.Timestamp => [DataTypes.Timestamp(0), DataTypes.Timestamp(1)],
            TypeRoot.Char or TypeRoot.VarChar => [DataTypes.String, DataTypes.VarChar(3), DataTypes.Char(5)],
            TypeRoot.Binary or TypeRoot.VarBinary => [DataTypes.Bytes, DataTypes.Binary(2), DataTypes.VarBinary(3)],
            _ => [],
        };
        return types.Length == 0 ? null : types[random.Next(types.Length)];
    }
}
