using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Names and ids of the fields of a schema.</summary>
internal static class SchemaEvolution
{
    private const string KeyPrefix = "_KEY_";

    private static readonly HashSet<string> SystemColumns = new(StringComparer.Ordinal)
    {
        "_SEQUENCE_NUMBER", "_VALUE_KIND", "_LEVEL", "rowkind", "_ROW_ID",
    };

    /// <summary>Refuses names that data files use for themselves.</summary>
    /// <exception cref="PaimonException">Invalid: the name is reserved or empty.</exception>
    public static void CheckColumnName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)
            || SystemColumns.Contains(name)
            || name.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            PaimonException.ThrowInvalid($"'{name}' cannot name a column: empty and system names are reserved.");
        }
    }

    /// <summary>Gives the fields of nested rows ids of their own, as Paimon does: what is inside a field comes before it.</summary>
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
                    var inner = AssignIds(field.Type, ref highestFieldId);
                    fields.Add(field with { Id = ++highestFieldId, Type = inner });
                }

                return new RowType(fields) { IsNullable = row.IsNullable };
            default:
                return type;
        }
    }
}
