using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>aggregation_fields</c>: the columns and the options <c>fields.COLUMN.*</c> that say how they are merged.</summary>
internal sealed class AggregationFieldsSource(Table table) : MetadataSource(
    table,
    ("field_name", Text),
    ("field_type", Text),
    ("function", DataTypes.String),
    ("function_options", DataTypes.String),
    ("comment", DataTypes.String))
{
    /// <inheritdoc/>
    protected override ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        var options = Table.Schema.Options
            .Select(option => (Parts: option.Key.Split('.'), option.Key, option.Value))
            .Where(option => option.Parts.Length > 2 && option.Parts[0] == "fields")
            .ToLookup(option => option.Parts[1]);
        foreach (var field in Table.Schema.Fields)
        {
            rows.Add(
                field.Name,
                field.Type.ToString(),
                $"[{string.Join(", ", options[field.Name].Select(option => option.Value))}]",
                $"[{string.Join(", ", options[field.Name].Select(option => option.Key))}]",
                field.Description);
        }

        return ValueTask.CompletedTask;
    }
}
