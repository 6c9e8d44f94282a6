using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Servers.Tests.Kit;

/// <summary>The independent readers answer, and refuse what is wrong.</summary>
public sealed class IndependentReaderTests
{
    [Fact]
    public async Task DuckDb_gives_rows_as_objects()
    {
        var rows = await DuckDb.QueryAsync("select i, 'x' || i as name from range(2) r(i)");

        Assert.Equal("""{"i":0,"name":"x0"} {"i":1,"name":"x1"}""", string.Join(' ', rows.Select(r => r.GetRawText())));
        Assert.Empty(await DuckDb.QueryAsync("select 1 as one where false"));
    }

    [Fact]
    public async Task Paimon_check_refuses_a_folder_that_is_no_table()
    {
        using var folder = new TempDirectory();

        var result = await PaimonCheck.RunAsync("check", folder.Path);

        Assert.NotEqual(0, result.ExitCode);
    }
}
