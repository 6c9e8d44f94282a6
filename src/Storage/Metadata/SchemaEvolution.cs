using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What a schema becomes by a change: pure, so that a lost race only means asking again with the newer schema.</summary>
internal static class SchemaEvolution
{
    /// <summary>Options that say how existing files are laid out: they cannot change on a table.</summary>
    private static readonly HashSet<string> ImmutableOptions = new(StringComparer.Ordinal)
    {
        "bucket-key",
        "merge-engine",
        "partition.legacy-name",
        "partition.default-name",
        "data-file.path-directory",
        "type",
    };

    private static readonly string[] SystemPrefixes = ["_KEY_"];

    private static readonly HashSet<string> SystemColumns = new(StringComparer.Ordinal)
    {
        "_SEQUENCE_NUMBER", "_VALUE_KIND", "_LEVEL", "rowkind", "_ROW_ID",
    };

    /// <summary>Applies changes in order.</summary>
    /// <param name="schema">The newest schema.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="timeMillis">When the new schema is made.</param>
    /// <returns>The next schema; the same object when nothing changes.</returns>
    /// <exception cref="PaimonException">Invalid: a change cannot be applied.</exception>
    public static TableSchema Apply(TableSchema schema, IReadOnlyList<SchemaChange> changes, long timeMillis)
    {
        var fields = schema.Fields.ToList();
        var highestFieldId = schema.HighestFieldId;
        var options = new Dictionary<string, string>(schema.Options, StringComparer.Ordinal);
        var comment = schema.Comment;
        foreach (var change in changes)
        {
            switch (change)
            {
                case AddColumn add:
                    CheckNewColumn(fields, add);
                    var id = ++highestFieldId;
                    fields.Add(new DataField(id, add.Name, AssignIds(add.Type, ref highestFieldId), add.Description));
                    break;
                case SetOption set:
                    CheckOption(set.Key);
                    options[set.Key] = set.Value;
                    break;
                case RemoveOption remove:
                    CheckOption(remove.Key);
                    options.Remove(remove.Key);
                    break;
                case SetComment set:
                    comment = set.Comment;
                    break;
                default:
                    PaimonException.ThrowUnsupported($"Schema change {change.GetType().Name} is not supported.");
                    break;
            }
        }

        var changed = new TableSchema(
            schema.Id + 1, fields, highestFieldId, schema.PartitionKeys, schema.PrimaryKeys, options, comment, timeMillis);
        return changed with { Id = schema.Id, TimeMillis = schema.TimeMillis, Version = schema.Version } == schema
            ? schema
            : changed;
    }

    /// <summary>Refuses names that data files use for themselves.</summary>
    /// <exception cref="PaimonException">Invalid: the name is reserved or empty.</exception>
    public static void CheckColumnName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)
            || SystemColumns.Contains(name)
            || SystemPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            PaimonException.ThrowInvalid($"'{name}' cannot name a column: empty and system names are reserved.");
        }
    }

    /// <summary>Gives the fields of nested rows ids of their own, parents before children.</summary>
    /// <param name="type">A type whose nested ids do not count.</param>
    /// <param name="highestFieldId">The highest id in use; raised.</param>
    public static DataType AssignIds(DataType type, ref int highestFieldId)
    {
        switch (type)
        {
            case ArrayType array:
                return array with { Element = AssignIds(array.Element, ref highestFieldId) };
            case MultisetType multiset:
                return multiset with { Element = AssignIds(multiset.Element, ref highestFieldId) };
            case MapType map:
                var key = AssignIds(map.Key, ref highestFieldId);
                return map with { Key = key, Value = AssignIds(map.Value, ref highestFieldId) };
            case RowType row:
                var fields = new List<DataField>(row.Fields.Count);
                foreach (var field in row.Fields)
                {
                    var id = ++highestFieldId;
                    fields.Add(field with { Id = id, Type = AssignIds(field.Type, ref highestFieldId) });
                }

                return new RowType(fields) { IsNullable = row.IsNullable };
            default:
                return type;
        }
    }

    private static void CheckNewColumn(List<DataField> fields, AddColumn add)
    {
        CheckColumnName(add.Name);
        if (fields.Any(field => field.Name == add.Name))
        {
            PaimonException.ThrowInvalid($"The column '{add.Name}' cannot be added: the table has one of that name.");
        }

        if (!add.Type.IsNullable)
        {
            PaimonException.ThrowInvalid(
                $"The column '{add.Name}' cannot be added as {add.Type}: existing rows read it as NULL; make it nullable.");
        }
    }

    private static void CheckOption(string key)
    {
        if (ImmutableOptions.Contains(key))
        {
            PaimonException.ThrowInvalid($"Option '{key}' cannot change on a table that exists.");
        }
    }
}
