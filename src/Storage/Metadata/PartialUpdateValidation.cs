using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The options of merge-engine <c>partial-update</c>: sequence groups, their columns, and what removes a row.</summary>
internal static class PartialUpdateValidation
{
    private const string RemoveOnDelete = "partial-update.remove-record-on-delete";
    private const string RemoveOnGroup = "partial-update.remove-record-on-sequence-group";
    private const string DefaultFunction = "fields.default-aggregate-function";
    private const string GroupSuffix = ".sequence-group";

    /// <summary>Checks the options.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema, TableOptions options)
    {
        var sequenceFields = new HashSet<string>(StringComparer.Ordinal);
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in options.WithPrefix("fields.").Where(IsGroup).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            sequenceFields.UnionWith(key["fields.".Length..^GroupSuffix.Length].Split(','));
            foreach (var column in value.Split(','))
            {
                SchemaValidation.CheckColumn(schema, key, column);
                if (!groups.TryAdd(column, key))
                {
                    PaimonException.ThrowInvalid(
                        $"The column '{column}' stands in '{groups[column]}' and in '{key}'; one sequence group is expected.");
                }
            }
        }

        CheckSequenceFields(sequenceFields, groups);
        CheckAggregates(schema, options, sequenceFields, groups);
        CheckRemoval(options, sequenceFields);
    }

    private static bool IsGroup(KeyValuePair<string, string> option) =>
        option.Key.EndsWith(GroupSuffix, StringComparison.Ordinal) && option.Key.Length > "fields.".Length + GroupSuffix.Length;

    // A group's own sequence fields may stand among its columns. Whether those of another group may depends in Paimon on the order
    // of a hash map, and so does what they are compared by then.
    private static void CheckSequenceFields(HashSet<string> sequenceFields, Dictionary<string, string> groups)
    {
        foreach (var (column, key) in groups)
        {
            var own = key["fields.".Length..^GroupSuffix.Length].Split(',');
            if (sequenceFields.Contains(column) && !own.Contains(column))
            {
                PaimonException.ThrowInvalid(
                    $"Option '{key}' names the column '{column}', which is the sequence field of another group.");
            }
        }
    }

    private static void CheckAggregates(
        TableSchema schema, TableOptions options, HashSet<string> sequenceFields, Dictionary<string, string> groups)
    {
        const string NeedsNoGroup = "last_non_null_value";
        foreach (var field in schema.Fields)
        {
            var function = options.GetString($"fields.{field.Name}.aggregate-function", options.GetString(DefaultFunction));
            if (function is not null && function != NeedsNoGroup && !groups.ContainsKey(field.Name)
                && !sequenceFields.Contains(field.Name) && !schema.PrimaryKeys.Contains(field.Name))
            {
                PaimonException.ThrowInvalid(
                    $"The column '{field.Name}' has the aggregate function '{function}', which with merge-engine 'partial-update' needs "
                    + $"a sequence group: set 'fields.<sequence column>.sequence-group' = '{field.Name}'. Only {NeedsNoGroup} does not.");
            }
        }
    }

    private static void CheckRemoval(TableOptions options, HashSet<string> sequenceFields)
    {
        var ignoresDelete = MergeEngine.IgnoresDelete(options);
        var removesOnDelete = options.GetBoolean(RemoveOnDelete, false);
        var removingFields = options.GetString(RemoveOnGroup);
        if (ignoresDelete && (removesOnDelete || removingFields is not null))
        {
            PaimonException.ThrowInvalid(
                $"Option 'ignore-delete' and option '{(removesOnDelete ? RemoveOnDelete : RemoveOnGroup)}' contradict each other: a "
                + "delete either does nothing or removes the row.");
        }

        if (removesOnDelete && sequenceFields.Count > 0)
        {
            PaimonException.ThrowInvalid(
                $"Option '{RemoveOnDelete}' cannot be used with sequence groups; '{RemoveOnGroup}' can.");
        }

        if (removingFields?.Split(',').FirstOrDefault(field => !sequenceFields.Contains(field)) is { } unknown)
        {
            PaimonException.ThrowInvalid(
                $"Option '{RemoveOnGroup}' names '{unknown}'; sequence fields of groups are expected"
                + (sequenceFields.Count == 0 ? ", and there are no groups." : $": {string.Join(", ", sequenceFields)}."));
        }
    }
}
