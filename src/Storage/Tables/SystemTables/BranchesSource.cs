namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>branches</c>: the table's branches, without the main one, and when they were made.</summary>
internal sealed class BranchesSource(Table table)
    : MetadataSource(table, ("branch_name", Text), ("create_time", Time.NotNull()))
{
    private const string Prefix = "branch-";

    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        var branches = await Store.Environment.FileIO.ListAsync($"{Store.Paths.Root}/branch", cancellationToken)
            .ConfigureAwait(false);
        foreach (var branch in branches
            .Where(entry => entry.IsDirectory && entry.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            rows.Add(branch.Name[Prefix.Length..], rows.LocalTime(branch.ModifiedAt.ToUnixTimeMilliseconds()));
        }
    }
}
