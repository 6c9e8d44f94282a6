using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Merge;

/// <summary>
/// Columns of a partial-update table that are as new as some sequence fields say: option
/// <c>fields.s1,s2.sequence-group</c> = <c>f1,f2</c>. Immutable.
/// </summary>
internal sealed class SequenceGroup
{
    private const string Prefix = "fields.";
    private const string Suffix = ".sequence-group";

    private SequenceGroup(string[] sequences, string[] columns, bool removesOnDelete)
    {
        Sequences = sequences;
        Columns = columns;
        RemovesOnDelete = removesOnDelete;
    }

    /// <summary>The sequence fields, in the order in which they are compared.</summary>
    public IReadOnlyList<string> Sequences { get; }

    /// <summary>The columns that follow them.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>True when a <c>-D</c> that is new by this group removes the whole row.</summary>
    public bool RemovesOnDelete { get; }

    /// <summary>Reads the options.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">
    /// Invalid: a column that is not there, or in two groups. Unsupported: a sequence field that is part of two groups.
    /// </exception>
    public static IReadOnlyList<SequenceGroup> ReadAll(TableSchema schema, TableOptions options)
    {
        var removing = options.GetList(PartialUpdateEngine.RemoveOnGroupKey);
        var groups = new List<SequenceGroup>();
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        var sequences = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in options.WithPrefix(Prefix).Where(option => option.Key.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            var group = new SequenceGroup(
                Split(schema, key, key[Prefix.Length..^Suffix.Length]),
                Split(schema, key, value),
                Split(schema, key, key[Prefix.Length..^Suffix.Length]).Any(removing.Contains));
            foreach (var column in group.Columns)
            {
                if (!columns.TryAdd(column, key))
                {
                    PaimonException.ThrowInvalid(
                        $"Column '{column}' is in the sequence groups of '{columns[column]}' and '{key}'; it may be in one.");
                }
            }

            foreach (var sequence in group.Sequences)
            {
                if (!sequences.TryAdd(sequence, key))
                {
                    PaimonException.ThrowUnsupported(
                        $"Column '{sequence}' orders the groups of '{sequences[sequence]}' and '{key}'; it may order one.");
                }
            }

            groups.Add(group);
        }

        // A group's own sequence fields may stand among its columns.
        if (sequences.Keys.FirstOrDefault(field => columns.GetValueOrDefault(field, sequences[field]) != sequences[field]) is { } both)
        {
            PaimonException.ThrowUnsupported(
                $"Column '{both}' orders the group of '{sequences[both]}' and follows that of '{columns[both]}'; it may do one.");
        }

        if (removing.FirstOrDefault(field => !sequences.ContainsKey(field)) is { } unknown)
        {
            PaimonException.ThrowInvalid(
                $"'{PartialUpdateEngine.RemoveOnGroupKey}' names '{unknown}', which is the sequence field of no group.");
        }

        return groups;
    }

    private static string[] Split(TableSchema schema, string key, string text)
    {
        var names = text.Split(',');
        if (names.FirstOrDefault(name => schema.RowType.IndexOf(name) < 0) is { } unknown)
        {
            PaimonException.ThrowInvalid($"Option '{key}' names column '{unknown}', which the table does not have.");
        }

        return names;
    }
}
