using System.Text.Json.Nodes;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Binlog.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Binlogs;

/// <summary>Every recorded binlog against an independent decoder, row by row; what is refused is refused by name.</summary>
public sealed class RecordedBinlogTests(ITestOutputHelper output)
{
    private const int LongestExpected = 2500;

    [Fact]
    public async Task Every_recorded_row_change_agrees_with_the_expected_rows()
    {
        var root = GoldenData.Binlogs;
        Assert.SkipUnless(Directory.Exists(root), $"The recorded binlogs are not there: {root} (PAIMON_BINLOGS).");
        await CompareAsync(root);
    }

    [Fact]
    public async Task The_small_collection_of_the_repository_agrees_too() =>
        await CompareAsync(Path.Combine(GoldenData.Root, "tests", "data", "binlogs"));

    private async Task CompareAsync(string root)
    {
        int agreed = 0, changes = 0, refused = 0, broken = 0, different = 0;
        foreach (var file in BinlogFixtures.Files(root))
        {
            var expected = BinlogFixtures.Expected(root, file);
            var (lines, error) = await PrintAsync(Path.Combine(root, file));
            // The independent decoder stopped after 2,500 changes of the one long file.
            lines = expected.Length == LongestExpected ? lines[..Math.Min(lines.Length, LongestExpected)] : lines;
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
            if (lines[i] != expected[i] && Normal(lines[i]) != Normal(expected[i]))
            {
                return $"change {i + 1} is {Cut(lines[i])} instead of {Cut(expected[i])}";
            }
        }

        return null;
    }

    /// <summary>The older files show texts with line ends as text, the newer ones as hex: both are compared as hex.</summary>
    private static string Normal(string line)
    {
        var change = JsonNode.Parse(line)!;
        foreach (var image in change["images"]!.AsArray())
        {
            foreach (var value in image!.AsObject())
            {
                if (value.Value is JsonObject bytes && bytes.TryGetPropertyValue("utf8", out var text))
                {
                    bytes.Remove("utf8");
                    bytes["hex"] = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes((string)text!));
                }
            }
        }

        return change.ToJsonString();
    }

    private static string Cut(string text) => text.Length <= 900 ? text : text[..900] + "…";
}
