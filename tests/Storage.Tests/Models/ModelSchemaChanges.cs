using PaimonSharp.Data.Types;
using SchemaChange = PaimonSharp.Storage.Tables.SchemaChange;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Random changes of a table's columns and options, of those after which its rows are still defined.</summary>
internal sealed class ModelSchemaChanges(ModelShape shape)
{
    private int _nextField = 100;

    /// <summary>A change, and the columns after it.</summary>
    public (SchemaChange Change, IReadOnlyList<ModelField> Fields) Next(Random random, IReadOnlyList<ModelField> fields)
    {
        var free = fields.Where(field => field.IsFree).ToList();
        var chosen = free.Count == 0 ? null : free[random.Next(free.Count)];
        if (random.Next(4) == 0 && fields.Where(IsGrowing).ToList() is { Count: > 0 } growing)
        {
            return Grow(growing[random.Next(growing.Count)], fields);
        }

        switch (random.Next(chosen is null ? 2 : 4))
        {
            case 0 when shape is not { Engine: "aggregation", Retracts: RetractRule.OfPresentKeys }
                && !(shape.Engine == "aggregation" && shape.HasSequence && !shape.IsMonotone):
                var added = new ModelField(_nextField, $"n{_nextField++}", random.Next(2) == 0 ? DataTypes.Int : DataTypes.String);
                return (new SchemaChange.AddColumn(added.Name, added.Type), [.. fields, added]);
            case 2:
                return (new SchemaChange.DropColumn(chosen!.Name), [.. fields.Where(field => field != chosen)]);
            case 3:
                var name = $"r{_nextField++}";
                return (
                    new SchemaChange.RenameColumn([chosen!.Name], name),
                    [.. fields.Select(field => field == chosen ? field with { Name = name } : field)]);
            default:
                // With the trigger the number of levels changes, and what was at the highest one, so that a full compaction had
                // told of it, is not any more.
                var option = shape.Producer == "full-compaction" ? "target-file-size" : "num-sorted-run.compaction-trigger";
                return (new SchemaChange.SetOption(option, $"{2 + random.Next(4)}"), fields);
        }
    }

    // Aggregated columns too; but products that were cut to 32 bits stay so.
    private static bool IsGrowing(ModelField field) =>
        field is { Type.Root: TypeRoot.Int, IsSequence: false } && field.Function != "product";

    private static (SchemaChange Change, IReadOnlyList<ModelField> Fields) Grow(ModelField chosen, IReadOnlyList<ModelField> fields)
    {
        var type = chosen.Type.IsNullable ? DataTypes.BigInt : DataTypes.BigInt.NotNull();
        return (
            new SchemaChange.UpdateColumnType([chosen.Name], type),
            [.. fields.Select(field => field == chosen ? field with { Type = type } : field)]);
    }
}
