using System.Text.Json.Nodes;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Binlog.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Binlogs;

/// <summary>Every recorded binlog against an independent decoder, row by row; what is refused is refused by name.</summary>
public sealed class RecordedBinlogTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_recorded_row_change_agrees_with_the_expected_rows()
    {
        var root = GoldenData.Binlogs;
        Assert.SkipUnless(Directory.Exists(root), $"The recorded binlogs are not there: {root} (PAIMON_BINLOGS).");
        int agreed = 0, changes = 0, refused = 0, broken = 0, different = 0;
        foreach (var file in BinlogFixtures.Files(root))
        {
            var expected = BinlogFixtures.Expected(root, file);
            var (lines, error) = await PrintAsync(Path.Combine(root, file));
            var difference = FirstDifference(expected, lines, isWhole: error is null);
            changes += lines.Length;
            if (difference is not null)
            {
                different++;
                output.WriteLine($"DIFFERS {file}: {difference} {error?.Message}");
            }
            else if (error is null)
            {
                agreed++;
            }
            else
            {
                refused += error.Kind is ErrorKind.Unsupported or ErrorKind.Refused ? 1 : 0;
                broken += error.Kind == ErrorKind.Corrupt ? 1 : 0;
                output.WriteLine($"{error.Kind} {file} after {lines.Length} of {expected.Length} changes: {error.Message}");
            }
        }

        output.WriteLine($"{agreed} files agree, {changes} changes compared; {refused} refused by name, {broken} damaged, {different} differ.");
        Assert.Equal(0, different);
        Assert.True(agreed > 0, "no file was compared");
    }

    private static async Task<(string[] Lines, PaimonException? Error)> PrintAsync(string path)
    {
        using var printed = new MemoryStream();
        PaimonException? error = null;
        try
        {
            var file = new BinlogFile(Path.GetFileName(path), _ => ValueTask.FromResult<Stream>(File.OpenRead(path)));
            await BinlogPrinter.PrintAsync([file], raw: true, printed, TestContext.Current.CancellationToken);
        }
        catch (PaimonException caught)
        {
            error = caught;
        }

        var text = System.Text.Encoding.UTF8.GetString(printed.ToArray());
        return (text.Split('\n', StringSplitOptions.RemoveEmptyEntries), error);
    }

    private static string? FirstDifference(string[] expected, string[] lines, bool isWhole)
    {
        if (isWhole ? expected.Length != lines.Length : expected.Length < lines.Length)
        {
            return $"{lines.Length} changes instead of {expected.Length}";
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != expected[i] && !JsonNode.DeepEquals(JsonNode.Parse(lines[i]), JsonNode.Parse(expected[i])))
            {
                return $"change {i + 1} is {Cut(lines[i])} instead of {Cut(expected[i])}";
            }
        }

        return null;
    }

    private static string Cut(string text) => text.Length <= 900 ? text : text[..900] + "…";
}
