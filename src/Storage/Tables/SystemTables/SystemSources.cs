using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>The system tables by name.</summary>
internal static class SystemSources
{
    private static readonly SortedDictionary<string, Func<Table, ISystemSource>> ByName = new(StringComparer.Ordinal)
    {
        ["aggregation_fields"] = table => new AggregationFieldsSource(table),
        ["audit_log"] = table => new ChangesSource(table, rowType => new AuditShape(rowType)),
        ["binlog"] = table => new ChangesSource(table, rowType => new BinlogShape(rowType)),
        ["branches"] = table => new BranchesSource(table),
        ["buckets"] = table => new BucketsSource(table),
        ["consumers"] = table => new ConsumersSource(table),
        ["files"] = table => new FilesSource(table),
        ["manifests"] = table => new ManifestsSource(table),
        ["options"] = table => new OptionsSource(table),
        ["partitions"] = table => new PartitionsSource(table),
        ["ro"] = table => new ReadOptimizedSource(table),
        ["row_tracking"] = table => new RowTrackingSource(table),
        ["schemas"] = table => new SchemasSource(table),
        ["snapshots"] = table => new SnapshotsSource(table),
        ["statistics"] = table => new StatisticsSource(table),
        ["table_indexes"] = table => new TableIndexesSource(table),
        ["tags"] = table => new TagsSource(table),
    };

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>Makes a source.</summary>
    /// <param name="table">The table that is told about.</param>
    /// <param name="name">The system table's name.</param>
    /// <exception cref="PaimonException">Invalid: there is no such system table.</exception>
    public static ISystemSource Create(Table table, string name) => ByName.TryGetValue(name, out var create)
        ? create(table)
        : throw new PaimonException(
            ErrorKind.Invalid, $"There is no system table '{name}'; there are {string.Join(", ", Names)}.");
}
