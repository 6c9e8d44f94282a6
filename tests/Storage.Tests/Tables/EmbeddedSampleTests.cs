using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

public class EmbeddedSampleTests
{
    [Fact]
    public async Task The_sample_prints_the_rows_and_the_changes()
    {
        using var folder = new TempDirectory("sample");
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Embedded.dll"), folder.Path])
        {
            RedirectStandardOutput = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(
            """
            1 PAID
            order 1: +I (1, PAID, 9.50)
            snapshot 1: +I (1, NEW, 9.50)
            snapshot 1: +I (2, NEW, 20.00)
            snapshot 2: +I (1, PAID, 9.50)
            snapshot 2: -D (2, NULL, NULL)
            +I (2026-01-31, login)
            +I (2026-01-31, login)
            """,
            output.Trim());
    }
}
