using PaimonSharp.CaseRunner;
using PaimonSharp.Golden.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Golden.Tests.Histories;

/// <summary>The tables that this engine leaves when it performs recorded histories, checked by a program that shares no code with it.</summary>
public class CheckedTableTests
{
    // All of them take minutes; every ninth is of each family.
    private const int Step = 9;

    [Fact]
    public async Task The_tables_that_histories_leave_break_no_rule_of_the_format()
    {
        using var directory = new TempDirectory("histories");
        var folders = GoldenCase.Folders().Where((_, i) => i % Step == 0).ToList();
        await CaseRun.RunAllAsync(folders, isReadOnly: false, tables: directory.Path);

        // Where a table's creation is what must fail there is none.
        var tables = folders.Select(folder => directory.File(Path.GetFileName(folder) + "/db.db/t"))
            .Where(Directory.Exists).ToList();
        Assert.True(tables.Count > folders.Count * 9 / 10, $"{tables.Count} tables of {folders.Count} histories");
        await Parallel.ForEachAsync(
            tables,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (table, _) => await PaimonCheck.AssertValidAsync(table));
    }
}
