namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>options</c>: the options of the newest schema.</summary>
internal sealed class OptionsSource(Table table) : MetadataSource(table, ("key", Text), ("value", Text))
{
    /// <inheritdoc/>
    protected override ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in Table.Schema.Options)
        {
            rows.Add(key, value);
        }

        return ValueTask.CompletedTask;
    }
}
