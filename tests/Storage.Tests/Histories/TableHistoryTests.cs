using System.Globalization;

namespace PaimonSharp.Storage.Tests.Histories;

/// <summary>
/// Tables under random writes of all kinds, commits, compactions, schema changes, tags, restarts, expiry, rollbacks and
/// overwrites against a model. A few histories by default; <c>PAIMON_HISTORIES</c> of them, each state looked at by the independent
/// checker, when that is set.
/// </summary>
public class TableHistoryTests
{
    private const int Steps = 60;
    private const int StepsBetweenChecks = 20;

    private static readonly int? Histories =
        int.TryParse(Environment.GetEnvironmentVariable("PAIMON_HISTORIES"), CultureInfo.InvariantCulture, out var n) ? n : null;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_table_shows_every_state_that_it_should_still_have(bool hasKey)
    {
        for (var seed = 1; seed <= (Histories ?? 2); seed++)
        {
            await RunAsync(seed, hasKey);
        }
    }

    private static async Task RunAsync(int seed, bool hasKey)
    {
        await using var history = new TableHistory(seed, hasKey);
        try
        {
            await history.StartAsync();
            for (var step = 1; step <= Steps; step++)
            {
                await history.StepAsync();
                await history.CheckAsync(isThorough: Histories is not null || step % StepsBetweenChecks == 0);
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, {(hasKey ? "with" : "without")} key: {history.Operations}: {e.Message}", e);
        }
    }
}
