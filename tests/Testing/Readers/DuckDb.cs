using System.Text.Json;
using PaimonSharp.Testing.Processes;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Testing.Readers;

/// <summary>DuckDB's command line: an independent reader of the Parquet files that we write.</summary>
public static class DuckDb
{
    /// <summary>Runs a query and gives its rows as JSON objects; skips the test, aloud, when DuckDB is absent.</summary>
    /// <param name="sql">One query, for example <c>select * from read_parquet('file.parquet')</c>.</param>
    public static async Task<IReadOnlyList<JsonElement>> QueryAsync(string sql)
    {
        ServerInstallation.SkipUnlessPresent("duckdb", "duckdb");
        var program = ServerInstallation.Program("duckdb", "duckdb");
        var result = (await Command.RunAsync(program, "-json", "-init", "/dev/null", "-c", sql)).EnsureSuccess();
        if (string.IsNullOrWhiteSpace(result.Output) || result.Output.TrimEnd() == "[{]")
        {
            return []; // what DuckDB prints for no rows
        }

        using var document = JsonDocument.Parse(result.Output);
        return [.. document.RootElement.EnumerateArray().Select(row => row.Clone())];
    }

    /// <summary>All rows of one Parquet file.</summary>
    /// <param name="path">The file.</param>
    public static Task<IReadOnlyList<JsonElement>> ReadParquetAsync(string path) =>
        QueryAsync($"select * from read_parquet('{path.Replace("'", "''", StringComparison.Ordinal)}')");
}
